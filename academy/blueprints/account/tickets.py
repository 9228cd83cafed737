"""Links sent by mail: a GET shows what will happen, a POST does it, once."""

from collections.abc import Sequence
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for

from academy.blueprints.account.area import bp, per_sender
from academy.domain import accounts, answers, enrolment, enrolment_questions
from academy.domain.answers import Answers
from academy.domain.errors import Refused
from academy.extensions import db, limiter, transaction
from academy.models import (
    CycleSession,
    Enrolment,
    EnrolmentQuestion,
    EnrolmentStatus,
    OrganisationKind,
    Person,
    Purpose,
    Ticket,
)
from academy.policies import Action
from academy.web import asked, clock, identity
from academy.web.asked import Asked
from academy.web.enrolment_words import enrolled_words
from academy.web.guard import allow
from academy.web.locale import gettext as _, language
from academy.web.navigation import safe_next
from academy.web.page_cache import no_store
from academy.web.refusals import words_of
from academy.web.session_cards import LOADED, cards

_per_link = limiter.limit("3 per 15 minutes", key_func=lambda: accounts.digest(request.path))


@bp.get("/i/<token>")
@allow(Action.ACCOUNT_SIGN_IN)
def ticket(token: str):
    return _page(accounts.ticket_for(token))


@bp.post("/i/<token>")
@per_sender
@allow(Action.ACCOUNT_SIGN_IN)
def use_ticket(token: str):
    link = accounts.ticket_for(token) or abort(404)
    sent = asked.filled(_questions(link), request.form)
    if sent.has_errors and _why_not(link) is None:
        return _page(link, sent=sent.asked)
    try:
        with transaction():
            cookie, target = _use(link, sent.said)
    except Refused as refusal:
        return _page(link, refusal)
    return identity.remember(redirect(target, 303), cookie)  # pyright: ignore[reportArgumentType]


@bp.post("/i/<token>/encore")
@per_sender
@_per_link
@allow(Action.ACCOUNT_SIGN_IN)
def renew_ticket(token: str):
    link = accounts.ticket_for(token) or abort(404)
    try:
        with transaction():
            _ask_again(link)
    except Refused as refusal:
        return _page(link, refusal)
    return redirect(url_for(".link_sent"), 303)


def _use(link: Ticket, said: Answers) -> tuple[str, str]:
    """Spend the ticket, sign its person in, do what it was for; return the cookie and where to go."""
    now = clock.now()
    accounts.use_ticket(link, now=now)
    if _asks_name(link):
        link.payload = {**link.payload, "name": accounts.clean_name(request.form.get("name", ""))[:120]}
    person = accounts.person_of(link, now=now)
    if link.purpose == Purpose.SIGN_IN:
        return accounts.sign_in(person, now=now), safe_next(link.payload.get("then"))
    held = _answer(link, person, now=now) if link.purpose == Purpose.OFFER else _enrol(link, person, said, now=now)
    session = held.session
    target = url_for("sessions.show", id=session.id, slug=session.document.slug, _anchor="inscription")
    return accounts.sign_in(person, now=now), target


def _enrol(link: Ticket, person: Person, said: Answers, *, now: datetime) -> Enrolment:
    session, pending = db.session.get(CycleSession, link.payload["session"]) or abort(404), link.payload.get("answers")
    held = enrolment.enrol(person, session, now=now, said={**answers.waiting(pending), **said})
    answers.drop(pending)
    if held.status == EnrolmentStatus.CONFIRMED:
        flash(_("Votre inscription est confirmée. Un message vous attend avec le lien pour l’annuler."), "success")
    elif held.status == EnrolmentStatus.WAITING:
        flash(_("Vous êtes sur la liste d’attente. Un message vous attend avec votre position."), "success")
    else:
        flash(enrolled_words(held.status), "success")
    return held


def _answer(link: Ticket, person: Person, *, now: datetime) -> Enrolment:
    """Accept the seat that was offered, or decline it, as the button says."""
    held = _offer_of(link) or abort(404)
    if request.form.get("answer") == "decline":
        enrolment.cancel(held, by=person, now=now)
        flash(_("C’est noté : la place va à la personne suivante. Merci d’avoir répondu."), "success")
    else:
        enrolment.accept(held, by=person, now=now)
        flash(enrolled_words(held.status), "success")
    return held


def _offer_of(link: Ticket) -> Enrolment | None:
    return db.session.get(Enrolment, link.payload["enrolment"]) if link.purpose == Purpose.OFFER else None


def _asks_name(link: Ticket) -> bool:
    """Whether an invited person has still to say what they are called."""
    is_invitation = bool(link.payload.get("is_invitation"))
    return is_invitation and not link.payload.get("name") and accounts.by_email(link.email) is None


def _ask_again(link: Ticket) -> None:
    """Promise the same link anew; who already used theirs has an account, and gets one to sign in."""
    now = clock.now()
    if link.purpose == Purpose.ENROL and link.used_at is None:
        session = db.session.get(CycleSession, link.payload["session"]) or abort(404)
        kind, name = link.payload.get("kind"), str(link.payload.get("name", ""))
        stated = {"organisation": str(link.payload.get("organisation", "")), "pending": link.payload.get("answers")}
        kind = OrganisationKind(kind) if kind else None
        enrolment.ask(session, link.email, name=name, kind=kind, language=language(), now=now, **stated)
    else:
        accounts.ask_sign_in(link.email, language=language(), now=now, then=str(link.payload.get("then", "")))


def _questions(link: Ticket | None) -> list[EnrolmentQuestion]:
    """What is still to be answered before this link enrols: all of who is invited, else what nobody answered and must be."""
    if link is None or link.purpose != Purpose.ENROL:
        return []
    session = db.session.get(CycleSession, link.payload["session"])
    questions, said = (
        enrolment_questions.asked(session) if session else [],
        answers.waiting(link.payload.get("answers")),
    )
    if link.payload.get("is_invitation"):
        return questions
    return [one for one in questions if one.is_required and answers.key(one) not in said]


def _page(link: Ticket | None, refusal: Refused | None = None, sent: Sequence[Asked] = ()):
    """What the link will do, or why it does nothing and what to do instead."""
    no_store()
    if refusal is None:
        refusal = _why_not(link)
    session = _session_of(link) if link is not None else None
    fields = sent or (asked.shown(_questions(link)) if refusal is None else [])
    code = (
        (422 if sent else 200)
        if refusal is None
        else 404
        if link is None
        else 410
        if refusal.code.startswith("link_")
        else 409
    )
    words = words_of(refusal) if refusal else ""
    facts = {"ticket": link, "session": session, "refusal": refusal, "words": words}
    offer, asks_name = (_offer_of(link), _asks_name(link)) if link is not None else (None, False)
    return render_template("account/ticket.html", offer=offer, asks_name=asks_name, asked=fields, **facts), code


def _why_not(link: Ticket | None) -> Refused | None:
    if link is None:
        return Refused("link_unknown")
    if link.used_at is not None:
        return Refused("link_used")
    is_late = link.expires_at <= clock.now()
    if (held := _offer_of(link)) is not None:
        is_open = held.status == EnrolmentStatus.OFFERED and enrolment.is_offer_open(held, now=clock.now())
        return None if is_open and not is_late else Refused("offer_over")
    if is_late:
        return Refused("invitation_over" if link.payload.get("is_invitation") else "link_expired")
    return None


def _session_of(link: Ticket):
    if link.purpose == Purpose.SIGN_IN:
        return None
    held = _offer_of(link)
    session_id = held.session_id if held is not None else link.payload.get("session")
    wanted = db.select(CycleSession).where(CycleSession.id == session_id).options(*LOADED)
    return next(iter(cards(list(db.session.scalars(wanted)), now=clock.now())), None)
