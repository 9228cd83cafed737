"""What the team has to do today, computed from rows: nothing here is typed by anybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from academy.blueprints.desk.queries import SOON, Line
from academy.models import Edition, OutboxMessage, Review
from academy.web.filters import long_date
from academy.web.locale import gettext as _, ngettext, number
from academy.web.spoken import Spoken, mark, sentence

READY = timedelta(days=14)  # before a session: time to find a room and to write a programme


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One thing to do: when, what, why, and the link that does it."""

    due: str
    title: str
    why: str
    url: str
    verb: str
    mark: str  # a state, whose sign stands beside it
    is_late: bool = False
    is_example: bool = False


def todos(
    lines: Sequence[Line],
    messages: int,
    drafts: Sequence[Edition],
    wishes: int,
    behind: int,
    *,
    reviews: Sequence[Review] = (),
    now: datetime,
) -> list[Todo]:
    """Everything to do: what failed, then session by session as they come, then what waits to be read or answered."""
    of_sessions = [
        todo
        for line in lines
        if not line.card.state.is_over
        for todo in (*_next_days(line, now), *_requests(line), *_lacking(line, now), *_queue(line))
    ]
    asked = {review.edition_id for review in reviews}
    others = [_draft(edition) for edition in drafts if edition.id not in asked]
    return [
        *_messages(messages),
        *of_sessions,
        *map(_review, reviews),
        *others,
        *_behind(behind),
        *_wishes(wishes),
    ]


def failed_topic(message: OutboxMessage) -> str:
    """What a message that could not leave was about."""
    words = {
        "account.link_asked": _("Lien de connexion"),
        "account.password_set": _("Mot de passe choisi"),
        "enrolment.link_asked": _("Lien d’inscription"),
        "enrolment.confirmed": _("Place confirmée"),
        "enrolment.waiting": _("Liste d’attente"),
        "enrolment.cancelled": _("Inscription annulée"),
        "enrolment.offered": _("Place proposée"),
        "enrolment.offer_lapsed": _("Place proposée, sans réponse"),
        "enrolment.refused": _("Demande refusée"),
        "enrolment.requested": _("Demande reçue"),
        "content.changed": _("Dépôt Git des textes"),
        "session.invited": _("Invitation"),
        "session.postponed": _("Session reportée"),
        "session.changed": _("Session modifiée"),
        "session.cancelled": _("Session annulée"),
        "review.asked": _("Relecture demandée"),
        "review.answered": _("Réponse à un commentaire"),
        "review.closed": _("Réponse à une relecture"),
        "wish.answered": _("Réponse à une demande"),
    }
    return words.get(message.topic, message.topic)


def in_words(count: int) -> str:
    """A small number as a sentence says it."""
    small = (_("deux"), _("trois"), _("quatre"), _("cinq"), _("six"), _("sept"), _("huit"), _("neuf"), _("dix"))
    return small[count - 2] if 2 <= count <= len(small) + 1 else str(count)


def lacking_words(lacks: Sequence[str]) -> str:
    """What a session lacks, as a list of words."""
    words = {"venue": _("le lieu"), "programme": _("le programme"), "trainers": _("qui l’anime")}
    return ", ".join(words[name] for name in lacks)


def _messages(count: int) -> Iterator[Todo]:
    if count:
        yield Todo(
            due=_("Maintenant"),
            title=ngettext("%(num)s message n’est pas parti", "%(num)s messages ne sont pas partis", count),
            why=_("L’académie réessaie toute seule ; si cela dure, prévenez l’hébergeur."),
            url="#messages",
            verb=_("Voir"),
            mark="full",
            is_late=True,
        )


def _wishes(count: int) -> Iterator[Todo]:
    if count:
        yield Todo(
            due=_("Demande"),
            title=ngettext("%(num)s demande de ressource attend", "%(num)s demandes de ressources attendent", count),
            why=_("Ce que des visiteurs ont cherché sans le trouver."),
            url=url_for(".wishes"),
            verb=_("Répondre"),
            mark="waiting_list",
        )


def _behind(count: int) -> Iterator[Todo]:
    if count:
        yield Todo(
            due=_("Traduction"),
            title=ngettext("%(num)s traduction à reprendre", "%(num)s traductions à reprendre", count),
            why=_("L’autre langue a changé depuis : les lecteurs en sont prévenus."),
            url=url_for("studio.links"),
            verb=_("Voir"),
            mark="waiting_list",
        )


def _lacking(line: Line, now: datetime) -> Iterator[Todo]:
    starts_at = line.card.starts_at
    if not line.lacks or (starts_at and starts_at - now > 4 * READY):
        return
    yield Todo(
        due=_due(starts_at),
        title=sentence(_("Compléter « %(title)s »"), title=line.card.title),
        why=sentence(
            _("%(cycle)s · il manque : %(lacking)s"),
            cycle=line.card.cycle_title or line.card.cycle_slug,
            lacking=lacking_words(line.lacks),
        ),
        url=url_for(".edit", id=line.card.id),
        verb=_("Compléter"),
        mark="to_schedule",
        is_late=bool(starts_at and starts_at - now <= READY),
        is_example=line.card.is_example,
    )


def _requests(line: Line) -> Iterator[Todo]:
    if not line.requested:
        return
    yield Todo(
        due=_due(line.card.starts_at),
        title=sentence(_("Répondre aux demandes : « %(title)s »"), title=line.card.title),
        why=ngettext("%(num)s personne demande une place.", "%(num)s personnes demandent une place.", line.requested),
        url=url_for(".session", id=line.card.id, statut="requested", _anchor="inscrits"),
        verb=_("Répondre"),
        mark="not_yet_open",
        is_example=line.card.is_example,
    )


def _queue(line: Line) -> Iterator[Todo]:
    if not line.card.queue_length:
        return
    count = line.card.queue_length
    yield Todo(
        due=_due(line.card.starts_at),
        title=sentence(_("« %(title)s » est complète"), title=line.card.title),
        why=ngettext(
            "%(num)s personne attend : ouvrez des places, ou une autre date.",
            "%(num)s personnes attendent : ouvrez des places, ou une autre date.",
            count,
        ),
        url=url_for(".session", id=line.card.id),
        verb=_("Voir"),
        mark="waiting_list",
        is_example=line.card.is_example,
    )


def _next_days(line: Line, now: datetime) -> Iterator[Todo]:
    starts_at = line.card.starts_at
    if starts_at is None or starts_at - now > SOON:
        return
    yield Todo(
        due=_due(starts_at),
        title=sentence(_("Préparer « %(title)s »"), title=line.card.title),
        why=mark(line.card.cycle_title or line.card.cycle_slug) + f" · {fill(line)}",
        url=url_for(".session", id=line.card.id),
        verb=_("Ouvrir"),
        mark="open",
        is_example=line.card.is_example,
    )


def fill(line: Line) -> str:
    """How full a session is, in words."""
    if line.card.capacity is None:
        return ngettext(
            "%(num)s personne inscrite, sans limite", "%(num)s personnes inscrites, sans limite", line.taken
        )
    return ngettext(
        "%(num)s place prise sur %(capacity)s",
        "%(num)s places prises sur %(capacity)s",
        line.taken,
        capacity=number(line.card.capacity),
    )


def _review(review: Review) -> Todo:
    edition = review.edition
    title = Spoken(edition.head.title, edition.language) if edition.head else edition.document.key
    asker = review.asked_by.name if review.asked_by else ""
    return Todo(
        due=_("Relecture"),
        title=sentence(_("Relire « %(title)s »"), title=title),
        why=_("Demandée par %(name)s, le %(day)s", name=asker, day=long_date(review.asked_at)),
        url=url_for("studio.review", id=edition.document_id, language=edition.language),
        verb=_("Relire"),
        mark="closing_soon",
    )


def _draft(edition: Edition) -> Todo:
    is_new = edition.published_id is None
    head = edition.head
    title = Spoken(head.title, edition.language) if head and head.title else edition.document.key
    return Todo(
        due=_("Brouillon"),
        title=sentence(_("Relire « %(title)s »"), title=title),
        why=(_("Jamais publié") if is_new else _("Publié, avec des changements que personne ne voit encore"))
        + (f" · {long_date(head.created_at)}" if head else ""),
        url=url_for("studio.edit", id=edition.document_id, language=edition.language),
        verb=_("Relire"),
        mark="closing_soon",
    )


def _due(starts_at: datetime | None) -> str:
    return long_date(starts_at) if starts_at else _("Date à fixer")
