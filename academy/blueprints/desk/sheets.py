"""The form of a session: filled from rows and files, read back as facts and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from academy.blueprints.desk.forms import SessionForm
from academy.domain import bookings, cloning, layout, session_texts
from academy.domain.problems import ContentRefused
from academy.domain.session_texts import Schedule, Words
from academy.extensions import db
from academy.models import Cycle, CycleSession, Document, Edition, Kind, Mode, Speaker, Venue
from academy.web.hours import HourField
from academy.web.locale import gettext as _, language, ngettext
from academy.web.problems import what
from academy.web.session_cards import LOADED, cycle_titles
from academy.web.spoken import Spoken

_NOT_COPIED = frozenset({"base_fr", "base_en", "csrf_token", "copied_from", "video_url"})
_WORDS = {"fr": ("title", "summary", "programme"), "en": ("title_en", "summary_en", "programme_en")}


@dataclass(frozen=True)
class Preview:
    """The words of a session as readers would see them; `html` is the programme, safe, "" when none is written."""

    language: str
    title: str
    summary: str
    html: str


@dataclass(frozen=True)
class Difference:
    """A field whose stored value is not what was typed."""

    label: str
    stored: str
    is_long: bool


def new_form(*, now: datetime, cycle: str = "", **formdata: Any) -> SessionForm:
    """The form of a new session; what the browser sent, if it sent something."""
    data = {"cycle": cycle, "waiting_list": True, "has_reminders": True}
    return SessionForm(**_choices(), **formdata, not_before=now, data=data)


def copy_form(model: CycleSession, *, days: int | None, now: datetime) -> SessionForm:
    """The form of a new session filled like its *model*, its hours *days* later (None: without any).

    An hour that does not exist on its new day is shown as it would be, and why it cannot.
    """
    filled = MultiDict({"copied_from": str(model.id)})
    for field in form_of(model, formdata=None):
        if isinstance(field, HourField):
            filled[field.name] = cloning.moved(field.data, days=days) if field.data and days is not None else ""
        elif isinstance(field.data, list | tuple):
            filled.setlist(field.name, field.data)
        elif field.data not in (None, False, "") and field.name not in _NOT_COPIED:
            filled[field.name] = "y" if field.data is True else str(field.data)
    form = new_form(now=now, formdata=filled)
    for field in form:
        if isinstance(field, HourField):
            field.errors = list(field.process_errors)
    return form


def form_of(session: CycleSession, **formdata: Any) -> SessionForm:
    """The form of a session that exists; `formdata=None` shows what is stored, whatever was sent."""
    schedule = session_texts.schedule_of(session)
    data = vars(schedule) | {"cycle": session.cycle.slug, "venue": schedule.venue or ""}
    data |= {
        "video_url": session.video_url,
        "has_reminders": session.has_reminders,
        "is_cofinanced": session.is_cofinanced,
    }
    for edition in session.document.editions:
        revision = edition.published or edition.head
        words = session_texts.words_of(revision.source) if revision else Words(title="", summary="")
        data |= zip(_WORDS[edition.language], (words.title, words.summary, words.programme), strict=True)
        data[f"base_{edition.language}"] = str(edition.head_id or "")
    return SessionForm(**_choices(session), **formdata, data=data)


def schedule_in(form: SessionForm) -> Schedule:
    """The facts that were typed; a new session without a number of seats has those that its venue states."""
    seats = form.capacity.data
    if seats is None and form.not_before and form.mode.data != Mode.ONLINE and not form.capacity.errors:
        seats = bookings.seats_of(form.venue.data)
    return Schedule(
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        opens_at=form.opens_at.data,
        closes_at=form.closes_at.data,
        venue=form.venue.data or None,
        mode=form.mode.data,
        capacity=seats,
        waiting_list=form.waiting_list.data,
        trainers=tuple(form.trainers.data or ()),
        modules=tuple(form.modules.data or ()),
    )


def words_in(form: SessionForm) -> dict[str, Words]:
    """The words that were typed, by language."""
    said = {"fr": _words(form, "fr")}
    return said | {"en": _words(form, "en")} if form.has_english else said


def model_in(form: SessionForm) -> CycleSession | None:
    """The session that a new one is copied from."""
    typed = form.copied_from.data or ""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return None
    return db.session.scalar(select(CycleSession).where(CycleSession.id == int(typed)).options(*LOADED))


def bases_in(form: SessionForm, session: CycleSession) -> dict[str, int | None]:
    """The revision of each language that the author saw; what is no number is none."""
    typed = {"fr": form.base_fr.data or "", "en": form.base_en.data or ""}
    known = {edition.language for edition in session.document.editions} | {key for key, text in typed.items() if text}
    return {
        key: int(text) if (text := typed[key]).isascii() and text.isdigit() and len(text) < 11 else None
        for key in known
    }


def previews(form: SessionForm) -> list[Preview]:
    """The words in each language that has any, the programme by the renderer that makes the public pages."""
    seen = []
    for spoken, names in _WORDS.items():
        title, summary, body = ((getattr(form, name).data or "").strip() for name in names)
        try:
            html = layout.render_body(body, first_line=1, language=spoken).html if body else ""
        except ContentRefused as refusal:
            blame(form, refusal)
        else:
            if title or summary or body:
                seen.append(Preview(spoken, title, summary, html))
    return seen


def blame(form: SessionForm, refusal: ContentRefused) -> None:
    """Put each problem of the texts beside the field that it is about."""
    for problem in refusal.problems:
        if problem.is_warning:
            continue
        is_english = problem.path.endswith(".en.md")
        name = f"{problem.key}_en" if is_english and f"{problem.key}_en" in form else problem.key
        if name not in form:
            name = "programme_en" if is_english else "programme"
        field = form[name]
        field.errors = [*field.errors, what(problem, language())]


def differences(mine: SessionForm, stored: SessionForm) -> list[Difference]:
    """What is stored where it is not what was typed, in the order of the form."""
    told = []
    for field in stored:
        typed = mine[field.name]
        if field.name.startswith(("base_", "csrf", "copied_")) or _plain(field.data) == _plain(typed.data):
            continue
        told.append(Difference(str(field.label.text), _shown(field), field.name.startswith("programme")))
    return told


def _words(form: SessionForm, spoken: str) -> Words:
    title, summary, programme = (getattr(form, name).data or "" for name in _WORDS[spoken])
    return Words(title=title, summary=summary, programme=programme)


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return sorted(value)
    return "\n".join(value.splitlines()).strip() if isinstance(value, str) else value


def _shown(field: Any) -> str:
    """A stored value as words."""
    if isinstance(field, HourField):
        return session_texts.written(field.data) or _("rien")  # pyright: ignore[reportReturnType]
    if isinstance(field.data, bool):
        return _("oui") if field.data else _("non")
    if choices := getattr(field, "choices", None):
        wanted = field.data if isinstance(field.data, list | tuple) else [field.data]
        return ", ".join(str(label) for value, label, *_more in choices if value in wanted) or _("rien")
    return _("rien") if field.data in (None, "") else str(field.data)


def _choices(session: CycleSession | None = None) -> dict[str, Any]:
    """What may be chosen. A session that exists stays in its cycle."""
    slugs = dict(db.session.execute(select(Cycle.id, Cycle.slug).order_by(Cycle.position)).all())
    if session is not None:
        slugs = {session.cycle_id: session.cycle.slug}
    titles = cycle_titles(set(slugs))
    venues = db.session.scalars(select(Venue).order_by(Venue.name))
    speakers = db.session.execute(select(Speaker.slug, Speaker.name).order_by(Speaker.name))
    return {
        "cycles": {slug: titles.get(number, slug) for number, slug in slugs.items()},
        "venues": [
            (it.slug, ", ".join(filter(None, (it.name_in(language()), it.city, _places(it.capacity))))) for it in venues
        ],
        "speakers": [(slug, name) for slug, name in speakers],
        "modules": _modules(session),
    }


def _places(seats: int | None) -> str:
    return ngettext("%(num)s place", "%(num)s places", seats) if seats is not None else ""


def _modules(session: CycleSession | None) -> Mapping[str, tuple[str, str]]:
    """(cycle, title) of the modules that may be chosen, in order: those of the cycle and those already chosen."""
    wanted = (
        select(Document.key, Cycle.slug, Edition.language, Edition.title)
        .join(Cycle, Cycle.id == Document.cycle_id)
        .join(Edition, Edition.document_id == Document.id)
        .where(Document.kind == Kind.MODULE)
        .order_by(Cycle.position, Document.position, Document.id)
    )
    if session is not None:
        wanted = wanted.where((Document.cycle_id == session.cycle_id) | Document.key.in_(session.module_keys))
    found: dict[str, tuple[str, str]] = {}
    for key, cycle, spoken, title in db.session.execute(wanted):
        if key not in found or spoken == language():
            found[key] = (cycle, Spoken(title, spoken) if title else key)
    return found
