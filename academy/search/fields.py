"""Filters typed in the box, as `type:guide`: from what was typed to the values that exist for the asker."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from academy.search import analysis
from academy.search.query import Field

Labels = Mapping[str, Mapping[str, str]]  # facet -> words -> value
NO_LABELS: Labels = MappingProxyType({})
AUTHOR = "author"
NEAR = 4  # values proposed instead of one that is unknown


@dataclass(frozen=True, slots=True)
class Read:
    """A filter that was typed: the values that it means, or, when there is none, known ones near it."""

    field: Field
    values: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def read(fields: Sequence[Field], known: Mapping[str, Iterable[str]], labels: Labels) -> tuple[Read, ...]:
    """Return what each typed filter means. *known* are the values that the asker may see, most frequent first."""
    return tuple(_read(field, list(known.get(field.name, ())), labels.get(field.name, {})) for field in fields)


def chosen_by(read: Iterable[Read]) -> dict[str, tuple[str, ...]]:
    """Return the values by facet; what means nothing narrows nothing."""
    chosen: dict[str, tuple[str, ...]] = {}
    for one in read:
        if one.values:
            chosen[one.field.name] = tuple(dict.fromkeys((*chosen.get(one.field.name, ()), *one.values)))
    return chosen


def _read(field: Field, known: list[str], labels: Mapping[str, str]) -> Read:
    asked = compared(field.value)
    if field.name == AUTHOR:
        names = tuple(name for name in known if set(asked.split()) <= set(analysis.words(name))) if asked else ()
        return Read(field, names, () if names else _near(asked, {compared(name): name for name in known}))
    values = {compared(value): value for value in known}
    words = {compared(label): value for label, value in labels.items()}
    if value := values.get(asked) or words.get(asked):
        return Read(field, (value,))
    # Only what the asker may see is proposed.
    return Read(field, (), _near(asked, values | {word: value for word, value in words.items() if value in known}))


def compared(text: str) -> str:
    """A value as it is looked up, however it was typed."""
    return " ".join(analysis.words(text))


def _near(asked: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values whose words look like these, else the most frequent ones."""
    close = get_close_matches(asked, values, n=NEAR, cutoff=0.6) or [word for word in values if asked and asked in word]
    return tuple(dict.fromkeys(values[word] for word in close or values))[:NEAR]
