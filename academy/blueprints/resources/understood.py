"""What the search understood of the words in the box: filters typed among them, synonyms, and what to try after nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from academy.blueprints.resources.asked import Asked
from academy.search import Results
from academy.search.fields import Labels, Read
from academy.search.query import Field, parse
from academy.web.finding import FACETS
from academy.web.labels import STAKEHOLDERS, TYPES, stakeholder_label, type_label
from academy.web.locale import gettext as _
from academy.web.places import place_names
from academy.web.text_cards import cycle_titles, topic_labels

Labelling = Callable[[str], str | None]
AUTHOR = "author"
_FACETS = {facet: name for name, facet in FACETS.items()}
_WORDS = {**_FACETS, AUTHOR: "auteur"}  # of the box


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A filter that was typed and means nothing: known ones near it, as (words, address)."""

    typed: str
    near: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """What was looked for in vain, and where to go on."""

    words: str
    filters: str
    near: Sequence[tuple[str, str]]
    cycles: Sequence[tuple[str, str]]


def labels() -> Labels:
    """The words by which values may be typed, beside their codes."""
    return {
        "cycle": {str(title): slug for slug, title in cycle_titles().items()},
        "topic": {label: slug for slug, label in topic_labels().items()},
        "type": {type_label(code, code): code for code in TYPES},
        "territory": {name: slug for slug, name in place_names().items()},
        "stakeholder": {stakeholder_label(code): code for code in STAKEHOLDERS},
        "language": {"français": "fr", "French": "fr", "anglais": "en", "English": "en"},
    }


def typed_chips(asked: Asked, results: Results, labels: Mapping[str, Labelling]) -> list[dict[str, str]]:
    """A chip for each filter that was typed; to take it away is to take its words out of the box."""
    return [
        {
            "label": _label(read, labels),
            "slug": read.values[0] if read.field.name == "cycle" else "",
            "remove_url": _without(asked, read.field).url(),
        }
        for read in results.typed
        if read.values
    ]


def unknown(asked: Asked, results: Results, labels: Mapping[str, Labelling]) -> list[Unknown]:
    """The filters that were typed and left out, because nothing has that value."""
    return [
        Unknown(
            typed=asked_text(asked, read.field),
            near=[
                (_value(read.field.name, value, labels), _instead(asked, read.field, value).url())
                for value in read.near
            ],
        )
        for read in results.typed
        if not read.values
    ]


def settled(asked: Asked, results: Results) -> Asked:
    """The same question with the filters that were typed among those that are ticked; authors stay in the box."""
    chosen, text = dict(asked.chosen), parse(asked.q).text
    for read in sorted(results.typed, key=lambda read: read.field.at, reverse=True):
        if name := _FACETS.get(read.field.name):
            start, end = read.field.at
            text = f"{text[:start]} {text[end:]}"
            chosen[name] = tuple(dict.fromkeys((*chosen.get(name, ()), *read.values)))
    kept = {name: values for name, values in chosen.items() if values}
    return replace(asked, q=" ".join(text.split()), chosen=kept)


def plain_question(asked: Asked) -> Asked:
    """The same without any filter, ticked or typed."""
    query = parse(asked.q)
    text = query.text
    for field in reversed(query.fields):
        text = f"{text[: field.at[0]]} {text[field.at[1] :]}"
    return replace(asked.without_filters(), q=" ".join(text.split()) if query.fields else asked.q)


def nothing(asked: Asked, results: Results, filters: Sequence[str]) -> Nothing | None:
    """What to say when nothing answers a question; None when something does, or nothing was asked."""
    if results.total or not asked.is_narrowed:
        return None
    return Nothing(
        words=", ".join(_("« %(title)s »", title=word) for word in results.searched),
        filters=", ".join(filters),
        near=[(word, replace(asked, q=word, is_exact=False, page=1).url()) for word in results.near],
        cycles=[(title, url_for("cycles.show", slug=slug)) for slug, title in cycle_titles().items()],
    )


def asked_text(asked: Asked, field: Field) -> str:
    """A filter as it stands in the box."""
    return parse(asked.q).text[slice(*field.at)]


def _label(read: Read, labels: Mapping[str, Labelling]) -> str:
    if read.field.name == AUTHOR:
        return _("Auteur : %(name)s", name=read.field.value)
    return _value(read.field.name, read.values[0], labels)


def _value(facet: str, value: str, labels: Mapping[str, Labelling]) -> str:
    label = labels.get(_FACETS.get(facet, ""))
    return (label and label(value)) or value


def _without(asked: Asked, field: Field) -> Asked:
    return replace(asked, q=parse(asked.q).without_field(field), page=1)


def _instead(asked: Asked, field: Field, value: str) -> Asked:
    """The same with a known value in the place of the unknown one."""
    text, (start, end) = parse(asked.q).text, field.at
    written = f'{_WORDS[field.name]}:"{value}"' if " " in value else f"{_WORDS[field.name]}:{value}"
    return replace(asked, q=f"{text[:start]}{written}{text[end:]}", page=1)
