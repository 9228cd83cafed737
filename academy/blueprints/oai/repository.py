"""What harvesters find: every public text, and what once was one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from academy.blueprints.oai import rows
from academy.web.links import absolute, in_language
from academy.web.locale import gettext as _

if TYPE_CHECKING:
    from academy.formats import oai

PAGE = 50  # records


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page of a list begins: after this document, when so many records were told."""

    after: int = 0
    told: int = 0


class Catalogue:
    """The academy as `formats.oai` asks for it."""

    earliest = rows.FIRST_DAY

    def __init__(self) -> None:
        settings = current_app.config["SETTINGS"]
        self.name = _("Académie One Provence")
        self.url = absolute(in_language(url_for("oai.harvest"), "fr"))
        self.email = settings.operator_email or parseaddr(settings.mail_from)[1]
        self._prefix = f"oai:{settings.host}:"
        self.sample = f"{self._prefix}note"

    def sets(self) -> Sequence[tuple[str, str]]:
        return rows.sets()

    def resumed(self, token: str) -> "oai.Asked":
        """What a token asks: all of it is in the token, and it holds whatever is published meanwhile."""
        from academy.formats.oai import Asked

        try:
            since, until, set_, after, told = _signer().loads(token)
        except (BadSignature, ValueError, TypeError):
            raise LookupError(token) from None
        return Asked(since=_instant(since), until=_instant(until), set=set_, position=_Position(after, told))

    def page(self, asked: "oai.Asked", *, with_words: bool) -> "oai.Page":
        """The records after a position, in the order of their creation, which no change moves."""
        from academy.formats.oai import Page

        position: _Position = asked.position or _Position()
        ahead = [it for it in rows.stamps() if it.id > position.after and _answers(it, asked)]
        shown = ahead[:PAGE]
        words = rows.words([it for it in shown if not it.is_deleted]) if with_words else {}
        following = ""
        if len(ahead) > PAGE:
            told = [_said(asked.since), _said(asked.until), asked.set, shown[-1].id, position.told + PAGE]
            following = str(_signer().dumps(told))
        return Page(
            records=[self._told(it, words) for it in shown],
            before=position.told,
            size=position.told + len(ahead),
            following=following,
        )

    def record(self, identifier: str) -> "oai.Record":
        key = identifier.removeprefix(self._prefix)
        found = next((it for it in rows.stamps() if it.key == key), None)
        if found is None or not identifier.startswith(self._prefix):
            raise LookupError(identifier)
        return self._told(found, {} if found.is_deleted else rows.words([found]))

    def _told(self, stamp: rows.Stamp, words: Mapping[int, Any]) -> "oai.Record":
        from academy.formats.oai import Header, Record

        header = Header(
            identifier=f"{self._prefix}{stamp.key}",
            changed_at=stamp.changed_at,
            sets=stamp.sets,
            is_deleted=stamp.is_deleted,
        )
        return Record(header=header, elements=words.get(stamp.id, ()))


def _answers(stamp: rows.Stamp, asked: "oai.Asked") -> bool:
    return (
        (asked.since is None or stamp.changed_at >= asked.since)
        and (asked.until is None or stamp.changed_at <= asked.until)
        and (not asked.set or asked.set in stamp.sets)
    )


def _said(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


def _instant(said: str) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="oai-resumption")
