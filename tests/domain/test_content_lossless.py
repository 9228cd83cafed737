"""Load and dump change no byte, by a folder or by a ZIP, whatever the texts and the files beside them hold."""

import io
import os
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, settings, strategies as st

from academy.domain.content import (
    archives as content_archives,
    dump as content_dump,
    export as content_export,
    load as content_load,
    plan as content_plan,
)
from academy.domain.content.archives import VERSIONS
from academy.domain.content.bases import Exchange
from academy.domain.content.export import Part
from academy.domain.content.states import State
from academy.domain.problems import ContentRefused
from academy.extensions import transaction
from academy.formats import zips
from tests.domain.courses_made import lay
from tests.domain.texts import RESOURCE, TOPICS, tree
from tests.factories import an_archive, at

NOW = at(2026, 11, 22)
_QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TOGETHER = 5  # texts at once: every one that was loaded before goes out and comes in again each time
_numbers = count(1)
_WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0<>[]{}`|~*_#$!:=+\\&@^\x7f"), max_size=40
).map(lambda words: words.replace("\x85", ""))
_ENDS = st.sampled_from(["\n", "\r\n", "  \n", "\t\r\n", "\n\n", "\n   \n"])
_KEYS = st.sampled_from(["", "colour: red\n", "# a comment\n", "notes: [a, b]  # why\n", "\n"])
_FILES = st.dictionaries(
    st.sampled_from(["a.csv", "liste.fr.csv", "film.vtt", "b.png"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=50),
    max_size=3,
)


@st.composite
def _texts(draw: st.DrawFn) -> bytes:
    """A resource as editors of all kinds leave it: line ends, byte order mark, blanks, keys that nobody knows."""
    front, _, body = RESOURCE.format(id=f"note-{next(_numbers)}").rpartition("---\n")
    source = front + draw(_KEYS) + "---\n" + body
    for _ in range(draw(st.integers(0, 4))):
        source += draw(_WORDS) + draw(_ENDS)
    source = source.removesuffix("\n") if draw(st.booleans()) else source
    source = source.replace("\r\n", "\n").replace("\n", "\r\n") if draw(st.booleans()) else source
    return (("\ufeff" if draw(st.booleans()) else "") + source).encode()


def _bytes(name: str, words: str) -> bytes:
    heads = {"vtt": b"WEBVTT\n\n", "png": b"\x89PNG\r\n\x1a\n"}
    return heads.get(name.rpartition(".")[2], b"") + words.encode()


def _load(root: Path, **values) -> content_plan.Plan:
    plan = content_plan.plan_load(root, **values)
    with transaction():
        content_load.load(plan, by=None, now=NOW, skip_conflicts=True)
    return plan


@settings(_QUICK, max_examples=60 if os.environ.get("ACADEMY_DEEP") else 60 // TOGETHER)
@given(texts=st.lists(st.tuples(_texts(), _FILES), min_size=TOGETHER, max_size=TOGETHER))
def test_no_byte_changes_on_the_way_in_and_out(db, tmp_path_factory, texts: list[tuple[bytes, dict[str, str]]]):
    here, copy = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("copy")
    written: dict[str, str | bytes] = {"topics.yml": TOPICS}
    for source, files in texts:
        stem = f"resources/note-{next(_numbers)}"
        beside = {f"{stem}/{name}": _bytes(name, words) for name, words in files.items() if not name.endswith("png")}
        written |= {f"{stem}.fr.md": source, **beside}
    lay(here, written)
    plan = _load(here)
    if plan.problems:
        raise AssertionError(plan.problems)
    with transaction():
        content_dump.dump(copy, by=None, now=NOW)
    out = tree(copy)
    assert {path: out[path] for path in tree(here)} == tree(here)
    packed = b"".join(zips.stream(content_export.entries(Part(), now=NOW)))
    with content_archives.opened(io.BytesIO(packed)) as archive:
        assert {path: data for path, data in tree(archive.root).items() if path != VERSIONS} == out
        again = content_plan.plan_load(archive.root, exchange=Exchange(archive.versions))
        assert again.problems == []
        assert {item.state for item in again.items} == {State.UNCHANGED}
        assert content_plan.differing(again) == []


@_QUICK
@given(data=st.binary(max_size=300), names=st.lists(st.text(max_size=30), max_size=3))
def test_no_archive_is_worse_than_refused(tmp_path_factory, data: bytes, names: list[str]):
    made = an_archive({name or "x": "x" for name in names if "\ud800" not in name}) if names else b""
    for archive in (data, made, made[:-5] + data, data + made):
        codes = _codes(archive)
        assert all(code.startswith("archive_") for code in codes)


def _codes(data: bytes) -> list[str]:
    """Why an archive is refused; what is opened stays in its folder."""
    try:
        with content_archives.opened(io.BytesIO(data)) as opened:
            top = opened.top.resolve()
            return [] if all((top / path).resolve().is_relative_to(top) for path in opened.paths) else ["outside"]
    except ContentRefused as refused:
        return [problem.code for problem in refused.problems]
