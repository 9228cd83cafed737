"""The texts that the studio starts for an author: a new module or resource, the twin in the other language."""

from collections.abc import Mapping

from academy.domain import contract, to_write
from academy.domain.content import names as content_names
from academy.domain.problems import ContentRefused
from academy.models import Edition, Kind
from academy.rendering import frontmatter
from academy.rendering.slugs import slugify

# The words that a new text begins with. They are the author's to replace, in the language of the text: no gettext.
_BODY = {
    "fr": (
        "Une phrase d’ouverture : elle dit pourquoi le lecteur est là.\n\n"
        "## Premier titre\n\n"
        "Un paragraphe court. Une idée par paragraphe.\n\n"
        "- un point\n- un autre point\n\n"
        '!!! note "À retenir"\n    Le texte de l’encadré est décalé de quatre espaces.\n'
    ),
    "en": (
        "An opening sentence: it says why the reader is here.\n\n"
        "## First heading\n\n"
        "A short paragraph. One idea in each.\n\n"
        "- a point\n- another point\n\n"
        '!!! note "To remember"\n    The text of the box is indented by four spaces.\n'
    ),
}

# What the buttons of the editor write where there was nothing.
SNIPPETS = {
    "fr": {
        "placeholder": "texte",
        "table": "| Colonne | Colonne |\n|---|---|\n| mot | mot |\n",
        "callout": '!!! note "À retenir"\n    Le texte de l’encadré est décalé de quatre espaces.\n',
    },
    "en": {
        "placeholder": "text",
        "table": "| Column | Column |\n|---|---|\n| word | word |\n",
        "callout": '!!! note "To remember"\n    The text of the box is indented by four spaces.\n',
    },
}


def skeleton(kind: Kind, title: str, *, language: str, topic: str, author: str, cycle: str = "") -> str:
    """A whole Markdown source with the front matter that its kind needs; its id is free."""
    values: dict[str, str | list[str] | None] = {
        "id": content_names.free_key(slugify(title)),
        "title": title,
        "summary": to_write.SUMMARY[language],
        "type": contract.TYPES[0] if kind == Kind.RESOURCE else None,
        "cycle": cycle if kind == Kind.RESOURCE and cycle else None,
        "topics": [topic],
        "authors": [author],
        "objectives": [to_write.OBJECTIVE[language]] if kind == Kind.MODULE else None,
        "duration": "30 min" if kind == Kind.MODULE else None,
        "level": contract.LEVELS[0] if kind == Kind.MODULE else None,
        "prerequisites": [] if kind == Kind.MODULE else None,
        "licence": "cc-by-4.0",
        "status": contract.DRAFT,
    }
    stated = {key: value for key, value in values.items() if value is not None}
    return frontmatter.replace("---\n---\n\n" + _BODY[language], stated)


def twin_of(edition: Edition) -> str:
    """What the other language starts from: the same text, a draft. The last one that keeps the contract, if any."""
    drafts = [revision.source for revision in (edition.head, edition.published) if revision is not None]
    sound = (source for source in drafts if contract.read(source, kind=edition.document.kind) is not None)
    source = next(sound, drafts[0] if drafts else "")
    try:
        return frontmatter.replace(source, {"status": contract.DRAFT})
    except frontmatter.FrontMatterError:
        return source


def unwritten(source: str) -> Mapping[str, int]:
    """The keys whose words are still those of the skeleton, with their lines."""
    try:
        front = contract.parse("", source)
    except ContentRefused:
        return {}
    return {key: front.lines[key] for key, value in front.values.items() if _is_unwritten(value)}


def _is_unwritten(value: str | list[str]) -> bool:
    return any(text.startswith(to_write.MARKS) for text in ([value] if isinstance(value, str) else value))
