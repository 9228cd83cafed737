"""Sessions, topics and people who teach, by the first letters of one of their words: read once a content version."""

from collections.abc import Iterable
from typing import NamedTuple

from flask import url_for
from sqlalchemy import select

from academy.extensions import db
from academy.models import (
    CycleSession,
    Document,
    Edition,
    Kind,
    SessionStatus,
    Speaker,
    Topic,
    edition_topic,
    session_speaker as teaching,
)
from academy.search.analysis import words
from academy.web.links import document_url
from academy.web.locale import gettext as _, language
from academy.web.remembered import remembered
from academy.web.session_links import all_sessions
from academy.web.texts import shown

SHORTEST = 2  # letters


class Named(NamedTuple):
    """A name as it is written, folded word by word, and the page that it leads to."""

    text: str
    language: str  # "" when it is in none, or in the page's
    folded: str  # with a space before each word
    url: str
    label: str


def sessions_named(typed: str) -> list[dict[str, str]]:
    """The sessions that the asker may see, whichever word of their title is typed."""
    return _among(_sessions(), typed)


def topics_named(typed: str) -> list[dict[str, str]]:
    """The topics of texts that the asker may read."""
    return _among(_topics(), typed)


def people_named(typed: str) -> list[dict[str, str]]:
    """Those who teach in a session that the asker may see: they lead to the last one on the calendar."""
    return _among(_people(), typed)


def _among(known: Iterable[Named], typed: str) -> list[dict[str, str]]:
    wanted = " ".join(words(typed))
    if len(wanted) < SHORTEST:
        return []
    return [_suggestion(it) for it in known if f" {wanted}" in it.folded]


def _suggestion(it: Named) -> dict[str, str]:
    said = {"text": it.text, "url": it.url, "label": it.label}
    return said | {"lang": it.language} if it.language else said


def _folded(text: str) -> str:
    return " " + " ".join(words(text))


@remembered
def _sessions() -> tuple[Named, ...]:
    """The latest first: what comes is asked for more than what was."""
    return tuple(
        Named(it.title, it.title.language, _folded(it.title), it.url, _("Session")) for it in reversed(all_sessions())
    )


@remembered
def _topics() -> tuple[Named, ...]:
    label = Topic.label_en if language() == "en" else Topic.label_fr
    used = select(edition_topic.c.topic_id).join(Edition, Edition.id == edition_topic.c.edition_id)
    used = used.join(Document, Document.id == Edition.document_id).where(*shown())
    rows = db.session.execute(select(Topic.slug, label.label("label")).where(Topic.id.in_(used)).order_by(label))
    return tuple(
        Named(row.label, "", _folded(row.label), url_for("resources.index", theme=row.slug), _("Thème")) for row in rows
    )


@remembered
def _people() -> tuple[Named, ...]:
    rows = db.session.execute(
        select(Speaker.id, Speaker.name, Document.slug, CycleSession.id.label("session"))
        .join(teaching, teaching.c.speaker_id == Speaker.id)
        .join(CycleSession, CycleSession.id == teaching.c.session_id)
        .join(Document, Document.id == CycleSession.document_id)
        .join(Edition, Edition.document_id == Document.id)
        .where(Document.kind == Kind.SESSION, CycleSession.status != SessionStatus.CANCELLED, *shown())
        .order_by(Speaker.name, CycleSession.starts_at.desc().nulls_last(), CycleSession.id)
    )
    latest = {}
    for row in rows:
        latest.setdefault(row.id, row)
    return tuple(
        Named(
            row.name,
            "",
            _folded(row.name),
            document_url(Kind.SESSION, id=row.session, slug=row.slug),
            _("Intervient dans une session"),
        )
        for row in latest.values()
    )
