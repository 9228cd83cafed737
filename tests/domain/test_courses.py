"""Courses made elsewhere: their order, their front matter, their links and boxes; nothing is dropped unsaid."""

from pathlib import Path

import pytest

from academy.domain import contract, courses
from academy.domain.content import load as content_load, plan as content_plan
from academy.domain.content.bases import Exchange
from academy.domain.content.states import State
from academy.domain.courses import Converted, Course, Maker
from academy.extensions import transaction
from academy.rendering.markdown import render
from tests.domain.courses_made import COURSES, MKDOCS, WIKI, lay
from tests.domain.texts import TOPICS, put
from tests.factories import a_cycle, at

NOW = at(2026, 11, 22)
AMARRER = "cycles/port/modules/02-amarrer.fr.md"


@pytest.fixture
def port(db, tmp_path: Path) -> Path:
    """An academy with a cycle and topics; a folder for what is converted."""
    a_cycle("port")
    put(tmp_path / "lists", "topics.yml", TOPICS)
    bring(tmp_path / "lists")
    return tmp_path


def bring(root: Path, **values) -> content_plan.Plan:
    plan = content_plan.plan_load(root, **values)
    with transaction():
        content_load.load(plan, by=None, now=NOW)
    return plan


def converted(where: Path, maker: str, files=None, *, out: str = "out") -> tuple[Converted, dict[str, str]]:
    """The report, and the texts that were written by path."""
    top, target = lay(where / maker, files or COURSES[maker]), where / out
    done = courses.convert(top, target, Course(Maker(maker), "port", "fr", "Ana"))
    texts = {path.relative_to(target).as_posix(): path.read_text("utf-8") for path in sorted(target.rglob("*.md"))}
    return done, texts


def told(done: Converted, path: str) -> list[tuple[int, str]]:
    """The remarks about a file: line and code."""
    return [(it.line, it.code) for it in done.remarks if it.path == path]


def values_of(source: str):
    return contract.parse("", source).values


@pytest.mark.parametrize("maker", COURSES)
def test_the_maker_is_known_by_its_files(maker: str):
    assert courses.detect(list(COURSES[maker])) == maker
    assert courses.detect([f"depot-main/{path}" for path in COURSES[maker]]) == maker


def test_a_folder_of_texts_alone_has_no_maker():
    assert courses.detect(["a.md", "b.md"]) is None


ORDERS = {
    "mkdocs": ["docs/index.md", "docs/manoeuvres/amarrer.md", "docs/manoeuvres/partir.md", "docs/annexe.md"],
    "gitbook": ["README.md", "meteo/vent.md", "meteo/houle.md"],
    "docusaurus": ["docs/intro.md", "docs/outils/cavaliers.md", "docs/outils/grues.mdx", "docs/zone.md"],
    "quarto": ["index.qmd", "mesurer.qmd"],
    "wiki": ["Home.md", "Partir-en-mer.md", "Les-Amarres.md"],
}


@pytest.mark.parametrize("maker", COURSES)
def test_pages_come_in_the_order_of_their_menu(port: Path, maker: str):
    done, texts = converted(port, maker)
    assert [it.path for it in done.outcomes if it.word == "page"] == ORDERS[maker]
    assert [path.partition("modules/")[2][:2] for path in texts] == [f"{n + 1:02d}" for n in range(len(texts))]


@pytest.mark.parametrize("maker", COURSES)
def test_a_course_loads_as_drafts_and_comes_back_unchanged(port: Path, maker: str):
    converted(port, maker)
    plan = bring(port / "out", exchange=Exchange({}))
    assert plan.problems == []
    assert set(plan.paths(State.CREATED)) >= {it.file.path for it in plan.items}
    assert {it.prepared.facts.status for it in plan.items if it.prepared} == {"draft"}
    converted(port, maker, out="again")
    again = content_plan.plan_load(port / "again", exchange=Exchange({}))
    assert again.paths(State.UNCHANGED) == plan.paths(State.CREATED)


@pytest.mark.parametrize("maker", COURSES)
def test_every_file_has_an_outcome(port: Path, maker: str):
    done, _ = converted(port, maker)
    assert sorted({it.path for it in done.outcomes}) == sorted(COURSES[maker])


def test_the_front_matter_is_mapped(port: Path):
    done, texts = converted(port, "mkdocs")
    values = values_of(texts[AMARRER])
    assert {key: values[key] for key in ("id", "title", "summary", "topics", "authors", "licence", "status")} == {
        "id": "port-amarrer",
        "title": "Amarrer un navire",
        "summary": "Trois amarres, dans l’ordre.",
        "topics": ["port"],
        "authors": ["Ana Martin"],
        "licence": "cc-by-4.0",
        "status": "draft",
    }
    assert (values["tags"], values["team"]) == (["cordages"], "Quai 3")  # kept, though nothing reads them
    assert (8, "course_key") in told(done, "docs/manoeuvres/amarrer.md")
    index = values_of(texts["cycles/port/modules/01-le-quai-en-une-heure.fr.md"])
    assert (index["title"], index["summary"]) == ("Le quai en une heure", "Ce cours montre un quai.")
    assert (index["authors"], index["licence"]) == (["Ana"], "tous-droits-reserves")


def test_links_pictures_and_code(port: Path):
    done, texts = converted(port, "mkdocs")
    body = contract.parse("", texts[AMARRER]).body
    assert "[[port-le-quai-en-une-heure|l’accueil]] et rien (`absent.md`)" in body
    assert "![Une bitte](fichiers/bitte.png)" in body
    assert "```md\n[pas un lien](../index.md)\n```" in body
    assert "`[ni celui-ci](../index.md)`" in body
    assert '!!! tip "Avant"' in body
    assert (port / "out/cycles/port/modules/02-amarrer/bitte.png").read_bytes() == MKDOCS["docs/img/bitte.png"]
    page = "docs/manoeuvres/amarrer.md"
    lines = {word: str(MKDOCS[page]).split("\n").index(word) + 1 for word in ('=== "Avant"', '--8<-- "abbr.md"')}
    assert (lines['=== "Avant"'], "course_tabs") in told(done, page)
    assert (lines['--8<-- "abbr.md"'], "course_include") in told(done, page)
    codes = [code for _, code in told(done, page)]
    assert [codes.count(code) for code in ("course_anchor", "course_dead_link", "course_html", "course_file_left")] == [
        1,
        1,
        1,
        1,
    ]
    left = {it.path: it.word for it in done.outcomes if it.is_left}
    assert left == {
        "README.md": "course_outside",
        "docs/img/seule.png": "course_unused",
        "docs/manoeuvres/plan.svg": "file_svg",
    }


def test_boxes_of_each_tool_are_ours(port: Path):
    _, texts = converted(port, "gitbook")
    assert "::: warning\nRafales.\n:::" in texts["cycles/port/modules/02-vent.fr.md"]
    done, texts = converted(port, "quarto", out="quarto-out")
    body = texts["cycles/port/modules/02-mesurer.fr.md"]
    assert "::: tip À savoir\nUn nœud" in body
    assert "::: note Le titre dedans\n\n\nTexte." in body
    assert "```python\nprint(1)" in body
    codes = [code for _, code in told(done, "mesurer.qmd")]
    assert codes == ["course_run", "course_shortcode", "course_attributes", "course_tabs"]
    done, texts = converted(port, "docusaurus", out="docusaurus-out")
    body = texts["cycles/port/modules/03-grues.fr.md"]
    assert "::: warning Attention\n" in body or "::: caution Attention\n" in body
    assert "fichiers/grue.png" in body
    assert [code for _, code in told(done, "docs/outils/grues.mdx")] == ["course_jsx", "course_tabs", "course_jsx"]


def test_the_links_of_a_wiki_are_followed(port: Path):
    done, texts = converted(port, "wiki")
    body = contract.parse("", next(iter(texts.values()))).body
    assert "[[port-les-amarres|Les Amarres]] et [[port-partir-en-mer|le départ]], pas [[Nulle part]]" in body
    assert told(done, "Home.md") == [(1, "course_dead_link")]
    assert {it.path: it.word for it in done.outcomes if it.word != "page"} == {
        "_Sidebar.md": "read",
        "_Footer.md": "course_menu",
    }


def test_lines_are_those_of_the_course(port: Path):
    files = WIKI | {"Les-Amarres.md": "Une amarre.\n\n[[" + "x" * 90 + "]] {{< x >}}\n"}
    done, _ = converted(port, "wiki", files)
    assert (3, "course_shortcode") in told(done, "Les-Amarres.md")


def test_a_cycle_that_does_not_exist_is_told(port: Path):
    top = lay(port / "wiki", WIKI)
    done = courses.convert(top, port / "out", Course(Maker.WIKI, "nulle-part", "fr", "Ana"))
    assert [it.code for it in done.blocking] == ["course_cycle"]
    assert not (port / "out").exists()


def test_hostile_courses_stay_in_their_folder(port: Path, tmp_path: Path):
    (tmp_path / "secret.png").write_bytes(MKDOCS["docs/img/bitte.png"])  # pyright: ignore[reportArgumentType]
    bomb = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nnav: [*b,*b]\n"
    files = {
        "mkdocs.yml": bomb,
        "docs/a.md": "---\nx: !!python/object/apply:os.system [ls]\n---\n# A\n\n![x](../../secret.png) ![y](/etc/passwd)\n",
        "docs/b.md": b"\xff\xfe",
        "docs/c.md": "# " + "[" * 5_000 + "\n",
        "docs/d.md": "x" * (129 * 1024),
    }
    done, texts = converted(port, "mkdocs", files)
    assert [code for _, code in told(done, "docs/a.md")] == ["course_key", "course_dead_link", "course_dead_link"]
    left = {it.path: it.word for it in done.outcomes if it.is_left}
    assert left == {"docs/b.md": "course_not_utf8", "docs/d.md": "course_too_long"}
    assert len(texts) == 2


def test_a_module_goes_after_those_that_the_cycle_has(port: Path):
    converted(port, "wiki")
    bring(port / "out", exchange=Exchange({}))
    _, texts = converted(port, "gitbook", out="second")
    assert [path.partition("modules/")[2][:2] for path in texts] == ["04", "05", "06"]


QUAI = (
    "# Le quai\n\n[en haut](#le-quai) [plus bas](#larrivee) [rien ici](#absent)\n\n## L’arrivée\n\nA.\n\n## `Notes` *utiles*\n\nB.\n\n"
    "## Notes utiles\n\nC.\n\nUn départ\n---------\n\n```\n## Pas un titre\n```\n\n## Long titre {#court}\n\nD.\n"
)
SUITE = (
    "# Suite\n\n[a](quai.md#larrivee) [b](quai.md#notes-utiles_1) [c](quai.md#un-depart) [d](quai.md#court) [e](quai.md#le-quai)\n\n"
    "[f](quai.md#pas-un-titre)\n\n[g `x`](quai.md#l%27arriv%C3%A9e)\n\n[h][h]\n\n[h]: quai.md#court\n"
)


def test_links_to_sections_lead_to_ours_and_dead_ones_are_told(port: Path):
    done, texts = converted(port, "mkdocs", {"mkdocs.yml": "", "docs/quai.md": QUAI, "docs/suite.md": SUITE})
    quai, suite = texts.values()
    assert "[en haut](#le-quai) [plus bas](#l-arrivee) [rien ici](#absent)" in quai
    for link in ("#l-arrivee|a]]", "#notes-utiles-2|b]]", "#un-depart|c]]", "#court|d]]"):
        assert f"[[port-quai{link}" in suite
    assert "[[port-quai|e]]" in suite
    assert "[[port-quai|f]]" in suite
    assert "[g `x`](/d/port-quai#s-l-arrivee)" in suite
    assert "[h]: /d/port-quai#s-court" in suite
    assert told(done, "docs/suite.md") == [(5, "course_anchor")]
    assert (3, "course_anchor_here") in told(done, "docs/quai.md")


def test_the_sections_that_links_lead_to_are_there_once_rendered(port: Path):
    _, texts = converted(port, "mkdocs", {"mkdocs.yml": "", "docs/quai.md": QUAI, "docs/suite.md": SUITE})
    html = render(next(iter(texts.values())).partition("\n---\n")[2]).html
    for anchor in ("l-arrivee", "notes-utiles", "notes-utiles-2", "un-depart", "court"):
        assert f'id="s-{anchor}"' in html
