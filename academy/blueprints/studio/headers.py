"""The front matter as a form: a field for each key that a kind of text may have; what is not touched stays as it is."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]

from academy.blueprints.studio.area import described
from academy.blueprints.studio.header_choices import TICKED, to_complete, to_tick
from academy.blueprints.studio.header_words import LABELS, hint_of, label_of_choice
from academy.blueprints.studio.sheets import Sheet
from academy.domain import contract, typed_values
from academy.domain.content import names as content_names
from academy.domain.problems import ContentRefused, Problem
from academy.models import Audience, Kind, Mode
from academy.rendering import frontmatter
from academy.rendering.frontmatter import FrontMatter, Value
from academy.web.forms import Form, TextField, TrimmedField
from academy.web.locale import gettext as _

PREFIX = "head-"
_YES_NO = ("yes", "no")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "audience": tuple(map(str, Audience)),
    "licence": contract.LICENCES,
    "level": contract.LEVELS,
    "type": contract.TYPES,
    "mode": tuple(map(str, Mode)),
    "waiting_list": _YES_NO,
    "example": _YES_NO,
}
_LISTS = frozenset({"topics", "territory", "stakeholders", "authors", "objectives", "prerequisites"})
_LISTS_OF_SESSIONS = frozenset({"trainers", "modules"})
_DAYS = frozenset({"published_on"})
HOURS = frozenset({"publish_at", "expires_at", "starts_at", "ends_at", "opens_at", "closes_at"})


def keys_of(kind: Kind) -> list[str]:
    """The keys that the form of a kind has: not the id, which never changes, nor the status, which publishing writes."""
    return [name for name, key in contract.KEYS.items() if kind in key.kinds and name in LABELS]


def shown(values: Mapping[str, Value], keys: list[str]) -> dict[str, str]:
    """What the fields hold: a list has a line for each item. A key whose value no field can hold is left out."""
    said = {}
    for key in keys:
        value = values.get(key, "")
        items = value if isinstance(value, list) else [value]
        if any("\n" in item or item != item.strip() for item in items) or (
            isinstance(value, list) and not _is_list(key)
        ):
            continue
        said[key] = "\n".join(items)
    return said


def changes(said: Mapping[str, str], typed: Mapping[str, str], values: Mapping[str, Value]) -> dict[str, Value | None]:
    """What `frontmatter.replace` has to write so that it states what was typed; nothing for what is as it was."""
    made: dict[str, Value | None] = {}
    for key, before in said.items():
        lines = [line.strip() for line in typed.get(key, before).splitlines() if line.strip()]
        if key in HOURS:  # a browser writes T between the day and the hour
            lines = [line.replace("T", " ") for line in lines]
        if lines == (before.replace("T", " ") if key in HOURS else before).splitlines():
            continue
        if not lines:
            made[key] = [] if isinstance(values.get(key), list) and key in {"topics", "prerequisites"} else None
        elif _is_list(key) and not (isinstance(values.get(key), str) and len(lines) == 1):
            made[key] = lines
        else:
            made[key] = " ".join(lines)
    return made


def page(sheet: Sheet) -> tuple[str, int] | None:
    """Show the header of a text as a form; None when it cannot be read."""
    try:
        front = contract.parse("", sheet.source)
    except ContentRefused:
        return None
    return _page(sheet, _form(sheet.document.kind, front)), 200


def filled_in(sheet: Sheet) -> tuple[str, int] | None:
    """Write what the form says into the text of the sheet (None: done), or give the page that says what to repair."""
    kind = sheet.document.kind
    try:
        front = contract.parse("", sheet.source)
    except ContentRefused:
        return None
    form = _form(kind, front, is_typed=True)
    said = shown(front.values, keys_of(kind))
    typed: dict[str, str] = {field.short_name: field.data or "" for field in form if field.short_name in LABELS}
    typed |= {key: _ticked(form[key].data, said[key].splitlines()) for key in TICKED & typed.keys()}
    wanted = changes(said, typed, front.values)
    try:
        source = frontmatter.replace(sheet.source, wanted)
    except frontmatter.FrontMatterError:
        problem = _("L’en-tête ne peut pas contenir cela : retirez les caractères invisibles, ou raccourcissez-le.")
        return _page(sheet, form, problem), 422
    wrong = [it for it in _wrong(source, kind) if it.key in wanted]
    if not wrong:
        sheet.is_saved = sheet.is_saved and source == sheet.source
        sheet.source = source
        return None
    for it in wrong:
        form[it.key].errors = [*form[it.key].errors, described(Problem("", 0, "", it.code, it.details))]
    return _page(sheet, form), 422


def _wrong(source: str, kind: Kind) -> list[Problem]:
    try:
        contract.check("", source, kind=kind, names=content_names.of_academy())
    except ContentRefused as refused:
        return [problem for problem in refused.problems if not problem.is_warning]
    return []


def _is_list(key: str) -> bool:
    return key in _LISTS | _LISTS_OF_SESSIONS


def _form(kind: Kind, front: FrontMatter, *, is_typed: bool = False) -> Any:
    said = shown(front.values, keys_of(kind))
    made = type("HeaderForm", (Form,), {key: _field(key, said[key]) for key in said})
    data = {key: value.splitlines() if key in TICKED else _as_typed(key, value) for key, value in said.items()}
    form = made(request.form if is_typed else None, prefix=PREFIX, data=data)
    for key in said:
        form[key].flags.required = kind in contract.KEYS[key].required
    return form


def _ticked(chosen: list[str], before: list[str]) -> str:
    """The boxes that are ticked, those of before in the order of before."""
    return "\n".join([*(it for it in before if it in chosen), *(it for it in chosen if it not in before)])


def _as_typed(key: str, value: str) -> str:
    """An instant as the field of a browser holds it; what is none stays, to be repaired."""
    return value.replace(" ", "T") if key in HOURS and _is_read(key, value) else value


def _is_read(key: str, value: str) -> bool:
    try:
        contract.KEYS[key].read(value)
    except typed_values.BadValueError:
        return False
    return True


def _field(key: str, value: str) -> Any:
    if key in TICKED:
        return SelectMultipleField(LABELS[key], choices=[], validate_choice=False)  # its boxes: `to_tick`
    if key in _DAYS | HOURS and (not value or _is_read(key, value)):
        return TrimmedField(LABELS[key], render_kw={"type": "date" if key in _DAYS else "datetime-local"})
    if key not in _CHOICES:
        if _is_list(key) or key == "summary":
            return TextField(LABELS[key], render_kw={"rows": max(3, value.count("\n") + 2)})
        return TrimmedField(LABELS[key])
    options = dict.fromkeys(["", *_CHOICES[key], value])  # what is there is kept, though it is none of ours
    choices = [SelectChoice(it, label_of_choice(key, it) if it else _("Non précisé")) for it in options]
    return SelectField(LABELS[key], choices=choices, validate_choice=False)


def _page(sheet: Sheet, form: Any, problem: str = "") -> str:
    fields = [field for field in form if field.short_name in LABELS]
    hints = {field.short_name: hint_of(field.short_name, is_list=_is_list(field.short_name)) for field in fields}
    return render_template(
        "studio/header.html",
        sheet=sheet,
        form=form,
        fields=fields,
        hints=hints,
        known=to_complete(hints),
        boxes={key: to_tick(key, form[key].data) for key in TICKED & hints.keys()},
        problem=problem,
    )
