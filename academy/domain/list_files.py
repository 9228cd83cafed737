"""Which list files content/ may hold, and what each key of their entries means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from academy.domain import typed_values as typed
from academy.models import Speaker, Synonym, Topic, Venue

SEPARATOR = ";"
_WORDS = typed.prose(4000)


def _several(at_most: int) -> Callable[[Any], list[str]]:
    """Texts between semicolons."""
    read_one = typed.text(at_most)

    def read(value: str) -> list[str]:
        if not (parts := [part for part in value.split(SEPARATOR) if part.strip()]):
            raise typed.BadValueError("empty_value")
        return list(dict.fromkeys(map(read_one, parts)))

    return read


@dataclass(frozen=True)
class Field:
    """One key of an entry: the column that holds it, how it is read, what an absent one means."""

    column: str
    read: Callable[[Any], Any]
    absent: Any = ...  # ...: the key is required


@dataclass(frozen=True)
class ListFile:
    """One list file and the rows that it describes."""

    path: str
    model: type[Topic] | type[Venue] | type[Speaker] | type[Synonym]
    fields: dict[str, Field]
    names: str = ""  # the set of `contract.Names` that its slugs fill
    key: tuple[str, ...] = ("slug",)  # columns that tell its entries apart

    def key_of(self, entry: dict[str, Any]) -> tuple[Any, ...]:
        """What no other entry has."""
        return tuple(entry.get(column) for column in self.key)


LIST_FILES = {
    file.path: file
    for file in (
        ListFile(
            "topics.yml",
            Topic,
            {
                "slug": Field("slug", typed.slug),
                "fr": Field("label_fr", typed.text(120)),
                "en": Field("label_en", typed.text(120)),
                "parent": Field("parent", typed.slug, None),
            },
            "topics",
        ),
        ListFile(
            "venues.yml",
            Venue,
            {
                "slug": Field("slug", typed.slug),
                "name": Field("name", typed.text(160)),
                "address": Field("address", typed.text(200), ""),
                "postcode": Field("postcode", typed.text(10), ""),
                "city": Field("city", typed.text(80), ""),
                "latitude": Field("latitude", typed.degrees(90), None),
                "longitude": Field("longitude", typed.degrees(180), None),
                "is_totem": Field("is_totem", typed.yes_no, False),
                "capacity": Field("capacity", typed.seats, None),
                "access_fr": Field("access_fr", _WORDS, ""),
                "access_en": Field("access_en", _WORDS, ""),
            },
            "venues",
        ),
        ListFile(
            "people.yml",
            Speaker,
            {
                "slug": Field("slug", typed.slug),
                "name": Field("name", typed.text(120)),
                "title_fr": Field("title_fr", typed.text(200), ""),
                "title_en": Field("title_en", typed.text(200), ""),
                "bio_fr": Field("bio_fr", _WORDS, ""),
                "bio_en": Field("bio_en", _WORDS, ""),
                "example": Field("is_example", typed.yes_no, False),
            },
            "speakers",
        ),
        ListFile(
            "synonyms.yml",
            Synonym,
            {
                "term": Field("term", typed.text(100)),
                "language": Field("language", typed.one_of("fr", "en")),
                "meanings": Field("meanings", _several(100)),
                "mutual": Field("is_mutual", typed.yes_no, True),
            },
            key=("language", "term"),
        ),
    )
}
