"""What is said of the pictures beside a text, in one file beside them: `credits.yml`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from academy.domain import typed_values as typed
from academy.domain.contract import LICENCES, front_problems
from academy.domain.problems import ContentRefused, Problem
from academy.files.kinds import CREDITS
from academy.rendering import frontmatter

PICTURE_LICENCES = (*LICENCES, "cc0-1.0", "domaine-public")
ALT_LENGTH, CREDIT_LENGTH = 300, 200  # characters
_KEYS = {
    "file": typed.text(100),
    "alt": typed.text(ALT_LENGTH),
    "credit": typed.text(CREDIT_LENGTH),
    "licence": typed.one_of(*PICTURE_LICENCES),
    "decorative": typed.yes_no,
}


@dataclass(frozen=True, slots=True)
class Credit:
    """What a picture shows, whose it is, how it may be reused; a decorative one shows nothing that a text must say."""

    alt: str = ""
    credit: str = ""
    licence: str = ""
    is_decorative: bool = False


def read(source: str) -> dict[str, Credit]:
    """The credits by the names of the files; raise ContentRefused with every problem at once."""
    try:
        rows = frontmatter.load_list(source)
    except frontmatter.FrontMatterError as error:
        raise ContentRefused(front_problems(CREDITS, error)) from None
    found: dict[str, Credit] = {}
    problems: list[Problem] = []
    for row in rows:
        values = {}
        for key, value in row.items():
            try:
                if key not in _KEYS:
                    problems.append(Problem(CREDITS, 0, key, "credits_key"))
                elif value.strip():
                    values[key] = _KEYS[key](value)
            except typed.BadValueError as bad:
                problems.append(Problem(CREDITS, 0, key, bad.code, bad.details))
        name = values.get("file", "")
        if not row.get("file", "").strip():
            problems.append(Problem(CREDITS, 0, "file", "missing_key", {"kind": CREDITS}))
        elif name in found:
            problems.append(Problem(CREDITS, 0, "file", "entry_twice", {"value": name}))
        found[name] = Credit(
            values.get("alt", ""), values.get("credit", ""), values.get("licence", ""), values.get("decorative", False)
        )
    if problems:
        raise ContentRefused(problems)
    return found


def written(credits: Mapping[str, Credit]) -> str:
    """A file that says this, pictures by name; "" when there is nothing to say."""
    return "".join(_entry(name, credits[name]) for name in sorted(credits) if credits[name] != Credit())


def problems_of(credit: Credit) -> list[str]:
    """Which values of a credit cannot be kept: names of its fields."""
    return [name for name, value in _typed(credit) if not _is_kept(name, value)]


def _typed(credit: Credit) -> Iterable[tuple[str, str]]:
    yield from (("alt", credit.alt), ("credit", credit.credit), ("licence", credit.licence))


def _is_kept(name: str, value: str) -> bool:
    try:
        return not value or _KEYS[name](value) == value
    except typed.BadValueError:
        return False


def _entry(name: str, credit: Credit) -> str:
    said = [f"- file: {name}"]
    said += [f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in _typed(credit) if value]
    if credit.is_decorative:
        said.append("  decorative: yes")
    return "\n".join(said) + "\n"
