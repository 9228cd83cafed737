"""Sources of texts for tests: right by default, changed by keyword."""

from pathlib import Path

from academy.domain.contract import Names
from academy.models import Kind
from academy.rendering import frontmatter

COMMON = """---
id: {id}
title: "Un titre"
summary: "Un résumé."
topics: [port]
authors: [Formatrice A]
licence: cc-by-4.0
status: published
published_on: 2026-11-16
"""
MODULE = (
    COMMON
    + """objectives:
  - Nommer trois navires
duration: 25 min
level: initiation
prerequisites: []
---

## Une partie

Un texte.
"""
)
RESOURCE = COMMON + "type: note\n---\n\nUne note.\n"
CYCLE = COMMON + "---\n\nUn cycle.\n"
PAGE = """---
id: {id}
title: "À propos"
summary: "Une page."
status: published
published_on: 2026-11-16
---

Une page.
"""
SESSION = """---
id: {id}
title: "Une session"
summary: "Deux heures au port."
topics: [port]
licence: cc-by-4.0
status: published
published_on: 2026-11-16
starts_at: 2027-02-04 18:00
ends_at: 2027-02-04 20:00
venue: cisam
mode: onsite
capacity: 2
trainers: [formatrice-a]
modules: []
---

Un programme.
"""
SOURCES = {
    Kind.MODULE: MODULE,
    Kind.RESOURCE: RESOURCE,
    Kind.CYCLE: CYCLE,
    Kind.PAGE: PAGE,
    Kind.SESSION: SESSION,
}
TOPICS = "- slug: port\n  fr: Port\n  en: Port\n- slug: mer\n  fr: Mer\n  en: Sea\n"
VENUES = '# Nos lieux\n- slug: cisam\n  name: Cisam\n  latitude: "43.30"\n  is_totem: no\n'
PEOPLE = "- slug: formatrice-a\n  name: Formatrice A\n  example: yes\n"
NAMES = Names(
    topics=frozenset({"port", "mer"}),
    venues=frozenset({"cisam"}),
    speakers=frozenset({"formatrice-a"}),
    cycles=frozenset({"port"}),
    modules=frozenset({"escale"}),
    documents=frozenset({"escale", "note"}),
)


def text(kind: Kind, key: str = "un-texte", *, body: str = "", **values: str | list[str] | None) -> str:
    """A right text of a kind; *values* change or (None) remove keys, *body* is added at the end."""
    source = SOURCES[kind].format(id=key)
    return frontmatter.replace(source, values) + body


def a_folder(root: Path) -> Path:
    """A small content folder with a text of every kind, a pair and the three lists."""
    files = {
        "topics.yml": TOPICS,
        "venues.yml": VENUES,
        "people.yml": PEOPLE,
        "cycles/port/cycle.fr.md": text(Kind.CYCLE, "port"),
        "cycles/port/cycle.en.md": text(Kind.CYCLE, "port", title="The port"),
        "cycles/port/modules/01-escale.fr.md": text(Kind.MODULE, "escale"),
        "cycles/port/modules/02-quai.fr.md": text(Kind.MODULE, "quai", prerequisites=["escale"], body="[[escale]]\n"),
        "cycles/port/sessions/2027-02-04-soir.fr.md": text(Kind.SESSION, "soir"),
        "resources/note.fr.md": text(Kind.RESOURCE, "note", cycle="port", body="\nVoir [[quai|le quai]].\n"),
        "pages/a-propos.fr.md": text(Kind.PAGE, "a-propos"),
    }
    for path, source in files.items():
        put(root, path, source)
    return root


def put(root: Path, path: str, source: str | bytes) -> None:
    """Write a file of a folder, byte for byte."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(source if isinstance(source, bytes) else source.encode())


def tree(root: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
