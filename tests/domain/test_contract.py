"""The front matter's contract: what is read, and each mistake with its line, its key and a remedy."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from academy.domain import contract, typed_values as typed
from academy.domain.problems import ContentRefused, Problem
from academy.files import kinds
from academy.files.pictures import picture_of
from academy.files.words import FAULTS
from academy.models import Kind
from academy.rendering import frontmatter, markdown, results
from academy.web.problems import WORDS, describe
from tests.domain.texts import NAMES, SOURCES, text

ROOT = Path(__file__).resolve().parents[2]


def found(source: str, kind: Kind = Kind.MODULE) -> list[tuple[int, str, str]]:
    """The problems of a source as (line, key, code)."""
    try:
        checked = contract.check("a.fr.md", source, kind=kind, names=NAMES)
    except ContentRefused as refused:
        return [(p.line, p.key, p.code) for p in refused.problems]
    return [(p.line, p.key, p.code) for p in checked.warnings]


@pytest.mark.parametrize("kind", list(Kind))
def test_a_right_text_of_each_kind_has_no_problem(kind: Kind):
    assert found(text(kind), kind) == []


def test_facts_are_typed():
    source = text(Kind.SESSION, opens_at="2027-01-04 09:00", waiting_list="no", example="oui", modules=["escale"])
    facts = contract.check("", source, kind=Kind.SESSION, names=NAMES).facts
    assert facts.starts_at == datetime(2027, 2, 4, 17, 0, tzinfo=UTC)
    assert facts.ends_at == datetime(2027, 2, 4, 19, 0, tzinfo=UTC)
    assert facts.opens_at == datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
    assert (facts.capacity, facts.waiting_list, facts.example) == (2, False, True)
    assert (facts.trainers, facts.modules, facts.venue) == (("formatrice-a",), ("escale",), "cisam")
    assert facts.published_on == date(2026, 11, 16)
    assert "closes_at" not in facts.stated


# (what is wrong, source, kind, problems)
M, S, R = Kind.MODULE, Kind.SESSION, Kind.RESOURCE
MALFORMED = [
    ("empty", "", M, [(1, "", "front_missing_fence")]),
    ("no front matter", "## Un texte\n", M, [(1, "", "front_missing_fence")]),
    ("open front matter", "---\nid: a\n", M, [(1, "", "front_unclosed_fence")]),
    ("braces", "---\n{id: a}\n---\n", M, [(2, "", "front_flow_mapping")]),
    ("a list", "---\n- id\n---\n", M, [(2, "", "front_not_mapping")]),
    ("a colon", text(M).replace('title: "Un titre"', "title: Un: titre"), M, [(3, "", "front_bad_yaml")]),
    ("an alias", text(M).replace("25 min", "*autre"), M, [(12, "duration", "front_alias")]),
    ("an anchor", text(M).replace("25 min", "&a 25 min"), M, [(12, "duration", "front_anchor")]),
    ("a tag", text(M).replace("25 min", "!!python/object 25"), M, [(12, "duration", "front_tag")]),
    ("a merge key", text(M).replace("duration:", "<<:"), M, [(12, "", "front_merge_key")]),
    ("a key twice", text(M).replace("level:", "title:"), M, [(13, "title", "front_duplicate_key")]),
    ("keys in a key", text(M).replace("duration: 25 min", "duration:\n  a: b"), M, [(13, "duration", "front_nested_mapping")]),
    ("a list in a list", text(M).replace("topics: [port]", "topics: [[port]]"), M, [(5, "topics", "front_nested_list")]),
    ("no title", text(M, title=None), M, [(1, "title", "missing_key")]),
    ("an empty title", text(M, title=""), M, [(3, "title", "empty_value")]),
    ("a title that is a list", text(M).replace('"Un titre"', "[a, b]"), M, [(3, "title", "not_a_text")]),
    ("a long summary", text(M, summary="é" * 241), M, [(4, "summary", "text_too_long")]),
    ("a disguised title", text(M, title="Titre \u202egro.exe"), M, [(3, "title", "hidden_characters")]),
    ("a spaced id", text(M, id="Un id"), M, [(2, "id", "bad_slug")]),
    ("an accented id", text(M, id="écluse"), M, [(2, "id", "bad_slug")]),
    ("a topic as text", text(M).replace("[port]", "port"), M, [(5, "topics", "not_a_list")]),
    ("an unknown topic", text(M, topics=["ports"]), M, [(5, "topics", "unknown_topics")]),
    ("no authors", text(M, authors=[]), M, [(6, "authors", "empty_list")]),
    ("no objectives", text(M, objectives=None), M, [(1, "objectives", "missing_key")]),
    ("an unknown licence", text(M, licence="cc-by"), M, [(7, "licence", "bad_choice")]),
    ("an unknown status", text(M, status="Published"), M, [(8, "status", "bad_choice")]),
    ("published, but when", text(M, published_on=None), M, [(1, "published_on", "missing_key")]),
    ("a French date", text(M, published_on="16/11/2026"), M, [(9, "published_on", "bad_date")]),
    ("a day that is none", text(M, published_on="2026-02-30"), M, [(9, "published_on", "bad_date")]),
    ("a duration in words", text(M, duration="une heure"), M, [(12, "duration", "bad_duration")]),
    ("no duration at all", text(M, duration="0 min"), M, [(12, "duration", "bad_duration")]),
    ("61 minutes", text(M, duration="1 h 61"), M, [(12, "duration", "bad_duration")]),
    ("an unknown level", text(M, level="facile"), M, [(13, "level", "bad_choice")]),
    ("an unknown prerequisite", text(M, prerequisites=["note"]), M, [(14, "prerequisites", "unknown_modules")]),
    ("its own prerequisite", text(M, "escale", prerequisites=["escale"]), M, [(14, "prerequisites", "own_prerequisite")]),
    ("an unknown place", text(M, territory="Marseile"), M, [(15, "territory", "unknown_territories")]),
    ("a place elsewhere", text(M, territory=["cisam", "Paris"]), M, [(15, "territory", "unknown_territories")]),
    ("no place at all", text(M, territory=[]), M, [(15, "territory", "empty_list")]),
    ("a disguised place", text(M, territory="Fos\u202e"), M, [(15, "territory", "hidden_characters")]),
    ("unknown readers", text(M, stakeholders=["everybody"]), M, [(15, "stakeholders", "bad_choice")]),
    ("a place in a session", text(S, territory="cisam"), S, [(16, "territory", "misplaced_key")]),
    ("an unknown type", text(R, type="video"), R, [(10, "type", "bad_choice")]),
    ("an unknown cycle", text(R, cycle="ports"), R, [(11, "cycle", "unknown_cycles")]),
    ("an unknown audience", text(R, audience="all"), R, [(11, "audience", "bad_choice")]),
    ("an hour without a day", text(S, starts_at="18:00"), S, [(9, "starts_at", "bad_hour")]),
    ("a skipped hour", text(S, starts_at="2027-03-28 02:30", ends_at=None), S, [(9, "starts_at", "hour_skipped")]),
    ("25 o'clock", text(S, starts_at="2027-02-04 25:00"), S, [(9, "starts_at", "bad_hour")]),
    ("the end first", text(S, ends_at="2027-02-04 17:00"), S, [(10, "ends_at", "end_before_start")]),
    ("an end alone", text(S, starts_at=None), S, [(9, "ends_at", "end_without_start")]),
    ("closing first", text(S, opens_at="2027-01-02 09:00", closes_at="2027-01-01 09:00"), S, [(17, "closes_at", "closing_before_opening")]),
    ("an unknown venue", text(S, venue="ciam"), S, [(11, "venue", "unknown_venues")]),
    ("an unknown mode", text(S, mode="hybride"), S, [(12, "mode", "bad_choice")]),
    ("half a seat", text(S, capacity="1.5"), S, [(13, "capacity", "bad_capacity")]),
    ("fewer than no seats", text(S, capacity="-1"), S, [(13, "capacity", "bad_capacity")]),
    ("an unknown trainer", text(S, trainers=["x"]), S, [(14, "trainers", "unknown_speakers")]),
    ("perhaps an example", text(S, example="peut-être"), S, [(16, "example", "bad_yes_no")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "kind", "problems"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED]
)
def test_a_mistake_is_told_with_its_line_and_key(source: str, kind: Kind, problems: list[tuple[int, str, str]]):
    assert found(source, kind) == problems


def test_a_place_is_written_as_one_likes_alone_or_in_a_list():
    for written in ("Berre-l’Étang", "Berre-l'Étang", "berre-l-etang", ["Berre-l’Étang"]):
        checked = contract.check("", text(R, territory=written), kind=R, names=NAMES)
        assert checked.facts.territory == ("berre-l-etang",), written
    checked = contract.check("", text(R, territory=["cisam", "Fos-sur-Mer", "fos-sur-mer"]), kind=R, names=NAMES)
    assert checked.facts.territory == ("cisam", "fos-sur-mer")
    assert contract.check("", text(R, stakeholders="companies"), kind=R, names=NAMES).facts.stakeholders == (
        "companies",
    )


def test_the_refusal_of_a_place_names_the_one_that_was_probably_meant():
    with pytest.raises(ContentRefused) as refused:
        contract.check("", text(M, territory="Marseile"), kind=M, names=NAMES)
    assert refused.value.problems[0].details == {"value": "marseile", "close": "marseille"}


def test_every_mistake_is_told_at_once():
    source = text(M, title="", duration="bientôt", topics=["nulle-part"])
    assert found(source) == [
        (3, "title", "empty_value"),
        (5, "topics", "unknown_topics"),
        (12, "duration", "bad_duration"),
    ]


def test_unknown_keys_are_kept_and_told():
    source = text(M).replace("level:", "sumary: x\nvenue: cisam\nlevel:")
    assert found(source) == [(13, "sumary", "unknown_key"), (14, "venue", "misplaced_key")]
    with pytest.raises(ContentRefused) as refused:
        contract.check("", text(M, sumary="x", title=""), kind=M, names=NAMES)
    assert [p.is_warning for p in refused.value.problems] == [False, True]


def test_lines_count_from_the_top_of_a_file_with_windows_ends_and_a_byte_order_mark():
    assert found("\ufeff" + text(M, duration="x").replace("\n", "\r\n")) == [(12, "duration", "bad_duration")]


def test_the_first_of_an_hour_that_comes_twice_is_meant():
    assert typed.hour("2027-10-31 02:30") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_six_in_the_evening_stays_six_in_the_evening_across_a_clock_change():
    assert typed.hour("2027-03-25 18:00") == datetime(2027, 3, 25, 17, 0, tzinfo=UTC)
    assert typed.hour("2027-04-01 18:00") == datetime(2027, 4, 1, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "minutes"), [("25 min", 25), ("1 h", 60), ("1 h 30", 90), ("1h30", 90), ("2\u00a0h\u202f05", 125)]
)
def test_durations_are_minutes(written: str, minutes: int):
    assert typed.minutes(written) == minutes


@given(st.integers(0, 50), st.integers(0, 59))
def test_every_duration_that_a_page_shows_is_read_back(hours: int, minutes: int):
    if total := hours * 60 + minutes:
        written = f"{minutes} min" if not hours else f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
        assert typed.minutes(written) == total


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001
def test_every_hour_of_the_clock_is_an_instant_or_skipped(wall: datetime):
    written = f"{wall:%Y-%m-%d %H:%M}"
    code = ""
    try:
        read_back = f"{typed.hour(written).astimezone(typed.PARIS):%Y-%m-%d %H:%M}"
    except typed.BadValueError as bad:
        read_back, code = written, bad.code
    assert read_back == written
    assert code == "" or (code, wall.hour, wall.month) == ("hour_skipped", 2, 3)


@given(st.sampled_from(list(Kind)), st.text(max_size=200), st.integers(0, 400))
def test_whatever_is_typed_into_a_file_is_refused_or_read(kind: Kind, typing: str, place: int):
    source = SOURCES[kind].format(id="a")
    spoilt = source[:place] + typing + source[place:]
    try:
        contract.check("a.fr.md", spoilt, kind=kind, names=NAMES)
    except ContentRefused as refused:
        lines = spoilt.count("\n") + 1
        for problem in refused.problems:
            assert 0 <= problem.line <= lines
            for language in ("fr", "en"):
                assert describe(problem, language).startswith("a.fr.md")


def test_a_title_is_read_from_an_unfinished_text():
    assert contract.title_of("---\ntitle: Brouillon\n---\n") == "Brouillon"
    assert contract.title_of("rien") == ""


# --- wording -------------------------------------------------------------------------------------------------------


def test_a_problem_is_said_in_both_languages():
    problem = Problem("resources/a.fr.md", 12, "duration", "bad_duration", {"value": "une heure"})
    assert describe(problem, "fr") == (
        "resources/a.fr.md, ligne 12, «\u202fduration\u202f»\u00a0: «\u202fune heure\u202f» n’est pas une durée."
        " Écrivez 25\u00a0min, 1\u00a0h ou 1\u00a0h\u00a030."
    )
    assert describe(problem, "en") == (
        "resources/a.fr.md, line 12, “duration”: “une heure” is not a duration. Write 25 min, 1 h or 1 h 30."
    )


def test_a_near_name_is_offered():
    problem = Problem("a.fr.md", 5, "topics", "unknown_topics", {"value": "prot", "close": "port"})
    assert describe(problem, "en").endswith("Did you mean “port”?")


def test_values_cannot_forge_lines_or_fill_the_screen():
    problem = Problem("a.fr.md", 2, "id", "bad_slug", {"value": "a\nb.fr.md: tout va bien \x1b[2J" + "x" * 500})
    said = describe(problem, "fr")
    assert "\n" not in said
    assert "\x1b" not in said
    assert len(said) < 400


def _codes_raised() -> set[str]:
    """Codes found in the source of the domain, and those that the renderer documents."""
    codes = set()
    for path in sorted(
        [*(ROOT / "academy" / "domain").rglob("*.py"), *(ROOT / "academy/blueprints/studio").glob("*.py")]
    ):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                codes |= _codes_of(node)
    for prefix, words in (
        ("front_", frontmatter.Problem.__doc__),
        ("body_", results.RenderingRefused.__doc__),
    ):
        listed = re.search(r"Codes: ([\w, \n]+)\.", words or "")
        assert listed is not None
        codes |= {prefix + word.strip() for word in listed[1].split(",")}
    return codes


def _codes_of(call: ast.Call) -> set[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    place = {"Problem": 3, "BadValueError": 0, "problem": 0, "blame": 1}.get(name)
    if place is None or len(call.args) <= place:
        return set()
    return {n.value for n in ast.walk(call.args[place]) if isinstance(n, ast.Constant) and isinstance(n.value, str)} - {
        "front_", "body_", "lint_", "lint_file_", "unknown_",
    }  # fmt: skip


def test_every_code_has_its_words_in_both_languages():
    lints = set(re.findall(r"\w+_\w+", (markdown.lint.__doc__ or "").partition(":")[2]))
    lints = {f"lint_{code}" for code in lints}
    names = {f"unknown_{key.names}" for key in contract.KEYS.values() if key.names}
    returned = {"link_outside", "unreadable", "body_too_long"}  # by content_files._unreadable
    returned |= {"file_lost", "file_nested"}  # of a folder of files
    files = {f"lint_{code}" for code in (f"file_{fault}" for fault in FAULTS)}
    files |= set(re.findall(r"file_\w+", kinds.WrongFile.__doc__ or ""))
    files |= set(re.findall(r"picture_\w+", picture_of.__doc__ or ""))
    archives = set(re.findall(r"\"(archive_\w+)\"", (ROOT / "academy/files/archives.py").read_text("utf-8")))
    courses = {"course_unknown"} | {
        code
        for path in (ROOT / "academy/domain/courses").glob("*.py")
        for code in re.findall(r"\"(course_\w+)\"", path.read_text("utf-8"))
    }
    raised = _codes_raised() - {"unwritten"}  # said by the studio, in the language of the page
    assert raised | lints | names | returned | files | archives | courses == set(WORDS)


@pytest.mark.parametrize("code", sorted(WORDS))
def test_words_name_what_to_do_and_use_known_details(code: str):
    french, english = WORDS[code]
    places = [set(re.findall(r"{(\w+)}", words)) for words in (french, english)]
    assert places[0] == places[1]
    assert places[0] <= {"detail", "kind", "value", "length", "most", "choices", "limit", "other", "name", "names"} | {
        "section",
        "hosts",
    }
    for words in (french, english):
        assert words.endswith((".", "…"))
        assert "'" not in words or "page's" in words


@pytest.mark.parametrize("guide", ["authoring.md", "authoring.en.md"])
def test_every_key_is_documented(guide: str):
    words = (ROOT / "docs" / guide).read_text("utf-8")
    assert [key for key in contract.KEYS if f"| `{key}` |" not in words] == []
