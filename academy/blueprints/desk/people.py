"""People: who has an account, and with which role."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from academy.blueprints.desk import people_queries
from academy.blueprints.desk.area import PERSON, bp, me, per_person, person_of
from academy.blueprints.desk.forms import PersonForm
from academy.blueprints.desk.letters import letters
from academy.blueprints.desk.wording import role_word
from academy.domain import accounts, roles, speakers
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Person, Role
from academy.policies import Action
from academy.web import clock, identity
from academy.web.guard import allow
from academy.web.locale import gettext as _
from academy.web.refusals import words_of


@bp.get("/personnes/")
@allow(Action.DESK_USE)
def people():
    """List the accounts, those that are looked for first of all."""
    return _page(_form(formdata=None))


@bp.post("/personnes/")
@per_person
@allow(Action.PEOPLE_EDIT)
def add_person():
    """Make an account; its owner signs in with a link sent by mail."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    if not _added(form):
        form.email.errors = [_("Cette adresse a déjà un compte : cherchez-la dans la liste.")]
        return _page(form), 409
    flash(_("Le compte existe : la personne se connecte avec un lien envoyé à son adresse."), "success")
    return redirect(url_for(".people", q=form.email.data), 303)


@bp.get(f"{PERSON}/")
@allow(Action.PEOPLE_EDIT, on=person_of)
def person(person: Person):
    """Show an account and what was sent to it."""
    return _person_page(person)


@bp.post(f"{PERSON}/role")
@per_person
@allow(Action.PEOPLE_EDIT, on=person_of)
def change_role(person: Person):
    """Give another role; the person signs in again."""
    role = request.form.get("role", "")
    if role not in set(Role):
        return _page(_form(formdata=None), message=_("Choisissez un rôle de la liste.")), 422
    try:
        with transaction():
            roles.change_role(person, Role(role), by=me(), now=clock.now())
    except Refused as refusal:
        return _page(_form(formdata=None), message=words_of(refusal)), 409
    flash(
        _("%(name)s : %(role)s. Ses connexions ouvertes sont fermées.", name=person.name, role=role_word(role)),
        "success",
    )
    return redirect(url_for(".people", q=person.email), 303)


@bp.post(f"{PERSON}/anime")
@per_person
@allow(Action.PEOPLE_EDIT, on=person_of)
def change_speaker(person: Person):
    """Say whose name among those who teach is that of this account: it signs the sheets of their sessions."""
    slug = request.form.get("speaker", "").replace("\0", "?")  # which no slug has
    try:
        with transaction():
            speakers.link(person, slug, by=me(), now=clock.now())
    except Refused as refusal:
        return _person_page(person, message=words_of(refusal), slug=slug), 409
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".person", id=person.id), 303)


@bp.post(f"{PERSON}/membre")
@per_person
@allow(Action.PEOPLE_EDIT, on=person_of)
def change_membership(person: Person):
    """Make somebody a member, or end that: members enrol in the sessions that are for them."""
    is_member = request.form.get("is_member") == "yes"
    with transaction():
        accounts.set_member(person, is_member, by=me(), now=clock.now())
    words = (
        _("%(name)s est membre.", name=person.name) if is_member else _("%(name)s n’est plus membre.", name=person.name)
    )
    flash(words, "success")
    return redirect(url_for(".people", q=person.email), 303)


def _person_page(person: Person, *, message: str = "", slug: str | None = None) -> str:
    mine = speakers.of_person(person)
    return render_template(
        "desk/person.html",
        person=person,
        letters=letters(person),
        role_word=role_word,
        speakers=speakers.every(),
        slug=(mine.slug if mine else "") if slug is None else slug,
        message=message,
    )


def _form(**formdata) -> PersonForm:
    form = PersonForm(**formdata)
    form.role.choices = [(str(role), role_word(role)) for role in roles.given_by(me())]
    return form


def _added(form: PersonForm) -> bool:
    """Make the account, unless the address has one, perhaps since this very instant."""
    email, name, role = form.email.data or "", form.name.data or "", Role(form.role.data)
    try:
        with transaction():
            if accounts.by_email(email) is not None:
                return False
            accounts.add_person(email, name, role=role, by=identity.me(), now=clock.now())
    except IntegrityError:
        return False
    return True


def _page(form: PersonForm, *, message: str = "") -> str:
    query, role = request.args.get("q", "").strip()[:200], request.args.get("role", "")
    page = people_queries.people(query, role=role, number=request.args.get("page", 1, type=int))
    given = roles.given_by(me())
    return render_template(
        "desk/people.html",
        form=form,
        page=page,
        query=query,
        role=role,
        given=given,
        message=message,
        role_word=role_word,
    )
