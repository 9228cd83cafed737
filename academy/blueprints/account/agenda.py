"""My sessions as a calendar of mine: a secret address, without signing in."""

from flask import Response, abort, flash, redirect, request, url_for

from academy.blueprints.account import queries
from academy.blueprints.account.area import bp
from academy.domain import personal_agenda
from academy.extensions import transaction
from academy.models import Person
from academy.policies import Action
from academy.web import agendas, clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _


def _owner(token: str) -> Person | None:
    """Whose address this is. Whoever is signed in besides does not matter: the answer is the same, and sets no cookie."""
    identity.be_visitor()
    return personal_agenda.person_of(token)


@bp.get("/moi/agenda/<token>.ics")
@allow(Action.AGENDA_READ, on=_owner)
def agenda(owner: Person) -> Response:
    """What this person holds, awaits and gave back; who shares the address shares that."""
    answer = agendas.answer(
        queries.my_events(owner, now=clock.now()),
        name=_("Mes sessions à l’Académie One Provence"),
        url=url_for(".my_space"),
        source=request.script_root + request.path,
        file="mes-sessions",
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.add_etag()
    return answer.make_conditional(request)  # pyright: ignore[reportReturnType]


@bp.post("/moi/agenda")
@allow(Action.ACCOUNT_OWN)
def renew_agenda():
    """Give the calendar an address, or another one."""
    me = identity.me() or abort(401)
    with transaction():
        personal_agenda.renew(me, now=clock.now())
    flash(_("Votre agenda a une nouvelle adresse. L’ancienne, s’il y en avait une, ne répond plus."), "success")
    return redirect(url_for(".my_space", _anchor="agenda"), 303)
