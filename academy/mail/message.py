"""One mail: rendered twice (text and HTML) in the person's language, sent once."""

import hashlib
import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from typing import Any, Literal

from flask import current_app
from flask_babel import force_locale
from flask_mailman import EmailMultiAlternatives
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.domain import bounces, mail_texts
from academy.extensions import db, transaction
from academy.mail import worded
from academy.models import SentMail

_NEVER = (".invalid", ".example", ".test")  # no mailbox can exist there (RFC 6761): the sample people
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")  # ends of lines end headers; no-break spaces stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A calendar message that goes with a mail (RFC 6047)."""

    method: Literal["REQUEST", "CANCEL"]
    content: bytes


def is_sent(message_id: int, to: str) -> bool:
    """Whether this mail was handed over already, or could not be delivered anywhere."""
    if to.endswith(_NEVER):
        return True
    found = db.session.scalar(select(SentMail.id).where(SentMail.key == _key(message_id, to)))
    db.session.rollback()  # no read is held open while a mail server takes its time
    return found is not None


def send(
    message_id: int,
    topic: str,
    *,
    to: str,
    language: str,
    headers: Mapping[str, str] | None = None,
    is_address_kept: bool = True,
    invitation: Invitation | None = None,
    **facts: object,
) -> None:
    """Render `templates/mail/<topic>.txt|html` and hand the mail over; twice is harmless."""
    subject, text, html = rendered(topic, language, facts)
    mail = EmailMultiAlternatives(
        subject, text, to=[to], headers={**_headers(message_id, to, language), **(headers or {})}
    )
    mail.attach_alternative(html, "text/html")
    if invitation is not None:
        _invite(mail, invitation)
    if is_sent(message_id, to):
        return
    refused = _sent(mail)
    try:
        with transaction() as session:
            now, key, whom = datetime.now(UTC), _key(message_id, to), to if is_address_kept else ""
            session.add(SentMail(key=key, to=whom, subject=subject, sent_at=now, refused=refused))
            bounces.note(to, refused, now=now)
    except IntegrityError:  # another worker sent the same mail, with the same Message-ID, at the same moment
        db.session.rollback()


def _sent(mail: EmailMultiAlternatives) -> str:
    """Hand the mail over; "" or what the server said when it will never take it for this address (5xx, RFC 5321, 4.2.1).

    Everything else is raised, and tried again: a server that is away, busy, or does not let *us* send.
    """
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as problem:
        code, said = next(iter(problem.recipients.values()))
    except smtplib.SMTPDataError as problem:
        code, said = problem.smtp_code, problem.smtp_error
    else:
        return ""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if code < 500:
        raise ConnectionError(f"{code} {words}")
    return _CONTROL.sub(" ", f"{code} {words}").strip()[:300]


def _invite(mail: EmailMultiAlternatives, invitation: Invitation) -> None:
    """An alternative for mail readers that answer invitations (Gmail, Outlook), a file for those that open files."""
    mail.attach_alternative(invitation.content.decode(), f"text/calendar; method={invitation.method}")
    file = MIMEBase("application", "ics", name="invitation.ics")
    file.set_payload(invitation.content)
    encode_base64(file)
    file.add_header("Content-Disposition", "attachment", filename="invitation.ics")
    mail.attach(file)


def rendered(topic: str, language: str, facts: Mapping[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML: in the words of organisers where they wrote some, else those that ship."""
    own = mail_texts.of(topic, language)
    told = {**facts, "topic": topic}
    if own is not None:
        said = worded.values(topic, facts, language)
        told["subject"] = worded.subject(own.subject, said, language)
        told |= {"text": worded.text(own.body, said, language), "html": worded.html(own.body, said, language)}
    with force_locale(language):
        return _filled("_worded" if own is not None else topic, {"language": language, **told})


def _filled(name: str, facts: dict[str, Any]) -> tuple[str, str, str]:
    """What templates make of the facts; the text template sets the subject."""
    settings = current_app.config["SETTINGS"]
    words = current_app.jinja_env.get_template(f"mail/{name}.txt").make_module({"settings": settings, **facts})
    subject = _CONTROL.sub(" ", str(words.subject)).strip()[:300]  # pyright: ignore[reportAttributeAccessIssue]
    text = re.sub(r"\n{3,}", "\n\n", str(words)).strip() + "\n"
    template = current_app.jinja_env.get_template(f"mail/{name}.html")
    return subject, text, template.render({**facts, "settings": settings, "subject": subject})


def _headers(message_id: int, to: str, language: str) -> dict[str, str]:
    settings = current_app.config["SETTINGS"]
    name = hashlib.sha256(f"{settings.secret_key}|{_key(message_id, to)}".encode()).hexdigest()[:32]
    return {
        "Message-ID": f"<{name}@{settings.host}>",  # the same if sent again: mailboxes fold doubles
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }


def _key(message_id: int, to: str) -> str:
    return f"{message_id}:{hashlib.sha256(to.encode()).hexdigest()[:32]}"
