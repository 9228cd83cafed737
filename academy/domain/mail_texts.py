"""The words of mails: which placeholders each may hold, what organisers wrote instead of the template that ships.

A text is plain: paragraphs, lines that begin with `- `, `**bold**`, `[words]({link})` and placeholders such as `{name}`.
Nothing in it is ever executed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from academy.domain import audit
from academy.domain.problems import ContentRefused, Problem
from academy.domain.rows import insert_once
from academy.domain.typed_values import BadValueError, text
from academy.extensions import db
from academy.models import MailText, Person

SUBJECT_LENGTH, BODY_LENGTH = 200, 5000
LANGUAGES = ("fr", "en")
PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
# What stands for an address, or for several lines: in a body only.
ADDRESSES = frozenset({"link", "answer", "page", "pass", "video", "sessions"})
_BODY_ONLY = ADDRESSES | {"access", "readings", "reason", "standing"}


@dataclass(frozen=True, slots=True)
class Mail:
    """What the text of a mail may hold, and what it must."""

    placeholders: tuple[str, ...]
    required: tuple[str, ...] = ("link",)


_SESSION = ("session", "when", "where", "page")
_PLACE = ("name", *_SESSION, "link")
MAILS: dict[str, Mail] = {
    "enrolment_link": Mail((*_SESSION, "link")),
    "enrolment_confirmed": Mail((*_PLACE, "standing", "access", "pass")),
    "enrolment_waiting": Mail((*_PLACE, "position")),
    "enrolment_cancelled": Mail(_PLACE),
    "enrolment_requested": Mail(_PLACE),
    "enrolment_refused": Mail((*_PLACE, "reason", "sessions"), ("link", "reason")),
    "enrolment_offered": Mail((*_PLACE, "deadline", "answer"), ("link", "answer")),
    "enrolment_offer_lapsed": Mail(_PLACE),
    "session_invited": Mail((*_SESSION, "link")),
    "session_changed": Mail((*_PLACE, "standing", "access")),
    "session_postponed": Mail(("name", "session", "where", "page", "link", "standing")),
    "session_cancelled": Mail((*_PLACE, "sessions")),
    "reminder_week": Mail((*_PLACE, "access")),
    "reminder_day": Mail((*_PLACE, "access")),
    "reminder_hour": Mail((*_PLACE, "access", "video"), ("link", "video")),
    "session_after": Mail((*_PLACE, "readings")),
    "certificate_issued": Mail(_PLACE),
    "review_asked": Mail(("name", "asker", "text", "reason", "link")),
    "review_answered": Mail(("name", "asker", "text", "link")),
    "review_accepted": Mail(("name", "asker", "text", "link")),
    "review_returned": Mail(("name", "asker", "text", "reason", "link"), ("link", "reason")),
    "sign_in_link": Mail(("name", "link")),
    "password_set": Mail(("name", "link")),
    "no_account": Mail(("link",)),
    "account_closed": Mail((), ()),
    "wish_answered": Mail(("question", "text", "link")),
}

# Mails that are lists or have a double face: their words are those of the template.
AS_SHIPPED = frozenset({"alert_asked", "alert_digest"})


def of(topic: str, language: str) -> MailText | None:
    """What organisers wrote; None where the template that ships speaks."""
    return db.session.scalar(select(MailText).where(MailText.topic == topic, MailText.language == language))


def changed() -> dict[tuple[str, str], datetime]:
    """When each mail that has words of its own was last changed, by topic and language."""
    rows = db.session.execute(select(MailText.topic, MailText.language, MailText.changed_at))
    return {(topic, language): at for topic, language, at in rows}


def in_subject(topic: str) -> list[str]:
    """The placeholders that the subject of a mail may hold."""
    return [name for name in MAILS[topic].placeholders if name not in _BODY_ONLY]


def check(topic: str, subject: str, body: str) -> None:
    """Raise ContentRefused with everything that is wrong, line by line; `key` says subject or body."""
    problems = [*_problems("subject", subject, in_subject(topic), SUBJECT_LENGTH)]
    problems += _problems("body", body, list(MAILS[topic].placeholders), BODY_LENGTH)
    held = set(PLACEHOLDER.findall(body))
    missing = (name for name in MAILS[topic].required if name not in held)
    problems += [Problem("", 0, "body", "placeholder_missing", {"name": f"{{{name}}}"}) for name in missing]
    if problems:
        raise ContentRefused(problems)


def write(topic: str, language: str, *, subject: str, body: str, by: Person | None, now: datetime) -> None:
    """Keep other words for a mail; the journal keeps those before. Raise ContentRefused."""
    subject, body = clean(subject), clean(body)
    check(topic, subject, body)
    row = of(topic, language)
    before = {"subject": row.subject, "body": row.body} if row else None
    if row is None:
        row = MailText(topic=topic, language=language, subject=subject, body=body, changed_at=now)
        if not insert_once(row) and (row := of(topic, language)) is None:
            raise RuntimeError(f"{topic} {language}: neither inserted nor found")
    row.subject, row.body, row.changed_at = subject, body, now
    audit.record("mail_text.write", row, by=by, now=now, topic=topic, language=language, was=before)


def restore(topic: str, language: str, *, by: Person | None, now: datetime) -> bool:
    """Let the template that ships speak again; False when it does already."""
    row = of(topic, language)
    if row is None:
        return False
    was = {"subject": row.subject, "body": row.body}
    audit.record("mail_text.restore", row, by=by, now=now, topic=topic, language=language, was=was)
    db.session.execute(delete(MailText).where(MailText.id == row.id))
    return True


def clean(typed: str) -> str:
    """What was typed, composed, with plain ends of lines and none at the ends."""
    return unicodedata.normalize("NFC", "\n".join(typed.splitlines())).strip()


def _problems(key: str, words: str, allowed: list[str], most: int) -> Iterator[Problem]:
    if not words.strip():
        yield Problem("", 0, key, "mail_empty")
    if len(words) > most:
        yield Problem("", 0, key, "text_too_long", {"length": len(words), "most": most})
    for number, line in enumerate(words.splitlines(), 1):
        yield from _of_line(key, line, number, allowed)


def _of_line(key: str, line: str, number: int, allowed: list[str]) -> Iterator[Problem]:
    try:
        if line.strip():
            text(BODY_LENGTH)(line)
    except BadValueError as bad:
        if bad.code != "text_too_long":
            yield Problem("", number, key, bad.code)
    names = ", ".join(f"{{{name}}}" for name in allowed)
    for name in PLACEHOLDER.findall(line):
        if name not in allowed:
            yield Problem("", number, key, "placeholder_unknown", {"name": f"{{{name}}}", "names": names or "∅"})
    rest = PLACEHOLDER.sub("", line)
    if "{" in rest or "}" in rest:
        yield Problem("", number, key, "placeholder_broken", {"names": names or "∅"})
