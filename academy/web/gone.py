"""What was public and no longer is: its address answers 410, with what to read instead."""

from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased
from werkzeug.exceptions import Gone

from academy.extensions import db
from academy.models import Audience, Document, Edition
from academy.policies import audiences_of
from academy.web.filters import long_date
from academy.web.identity import asker
from academy.web.links import path_to
from academy.web.locale import gettext as _, language


class Departed(NamedTuple):
    """A text that is gone; `key` and `title` are those of its successor, "" without one."""

    gone_at: datetime
    key: str = ""
    title: str = ""
    title_language: str = ""


class TextGone(Gone):
    """410, in words that name the text to read instead."""

    def __init__(self, said: str):
        super().__init__()
        self.said = said


def departed(*where: ColumnElement[bool], audiences: frozenset[Audience]) -> Departed | None:
    """The text of these conditions, if *audiences* once saw it and no edition of it is published."""
    other, next_text, next_edition = aliased(Edition), aliased(Document), aliased(Edition)
    is_there = select(other.id).where(other.document_id == Document.id, other.published_id.is_not(None)).exists()
    here = language()
    successor = (
        (next_edition.document_id == next_text.id)
        & next_edition.published_id.is_not(None)
        & next_text.audience.in_(sorted(audiences))
    )
    row = db.session.execute(
        select(Edition.gone_at, next_text.key, next_edition.title, next_edition.language)
        .select_from(Edition)
        .join(Document, Document.id == Edition.document_id)
        .outerjoin(next_text, (next_text.key == Edition.successor_key) & (Edition.successor_key != ""))
        .outerjoin(next_edition, successor)
        .where(Edition.gone_at.is_not(None), ~is_there, Document.audience.in_(sorted(audiences)), *where)
        .order_by(
            next_edition.id.is_(None),
            case((Edition.language == here, 0), else_=1),
            case((next_edition.language == here, 0), else_=1),
        )
        .limit(1)
    ).first()
    if row is None:
        return None
    return Departed(row.gone_at, row.key, row.title, row.language) if row.title else Departed(row.gone_at)


def refuse_departed(*where: ColumnElement[bool]) -> None:
    """Raise 410 for a text that the asker could once read; nothing for all others, which answer 404."""
    text = departed(*where, audiences=audiences_of(asker()))
    if text is None:
        return
    said = _("Ce texte n’est plus publié depuis le %(day)s.", day=long_date(text.gone_at))
    if not text.key:
        raise TextGone(said + " " + _("Le centre de ressources en garde peut-être la suite."))
    spoken = Markup(' lang="{}"').format(text.title_language) if text.title_language != language() else ""
    link = Markup('<a href="{}"{}>{}</a>').format(path_to("home.stable", key=text.key), spoken, text.title)
    raise TextGone(Markup("{} {} {}").format(said, _("À lire à la place :"), link))
