"""The front matter as a form: it says what the text says, and changes nothing that nobody touched."""

import re
from html import unescape

import pytest

from academy.blueprints.studio import headers
from academy.domain import contract
from academy.extensions import db
from academy.models import Document, Kind, Role
from academy.rendering import frontmatter
from tests.factories import a_person, a_text

SOURCE = (
    "---\nid: quai\n# the title, as the mayor wants it\ntitle: 'Le quai'   # short\nsummary: Un quai.\n"
    "topics: [port]\nauthors:\n  - Tess  # first\n  - Théo\nodd: kept\nlicence: cc-by-4.0\nstatus: draft\ntype: note\n---\n\nTexte.\n"
)


@pytest.fixture
def team(app, as_):
    with app.app_context():
        organiser = a_person(role=Role.ORGANISER)
    return as_(organiser)


@pytest.fixture
def url(app) -> str:
    with app.app_context():
        a_text("quai", title="Le quai", kind=Kind.RESOURCE)
        number = db.session.scalars(db.select(Document.id).where(Document.key == "quai")).one()
    return f"/atelier/documents/{number}/fr"


def fields_of(page: str) -> dict[str, str | list[str]]:
    """What a browser would send back of the form."""
    form = page[page.index('<form class="new-text"') :]
    form = form[: form.index("</form>")]
    said: dict[str, str | list[str]] = {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input(?![^>]*checkbox)[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form)
    }
    for name, value in re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]*)" checked', form):
        said[name] = [*said.get(name, []), unescape(value)]
    said |= {
        name: unescape(value)
        for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\r?\n(.*?)</textarea>', form, re.DOTALL)
    }
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option[^>]*selected[^>]* value="([^"]*)"', options)
        said[name] = unescape(chosen[1]) if chosen else ""
    return said


def source_in(page: str) -> str:
    return unescape(re.search(r'<textarea[^>]* name="source"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)[1])


def opened(team, url: str, source: str = SOURCE) -> dict[str, str]:
    page = team.get(url).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    base = re.search(r'name="base" value="(\d*)"', page)[1]
    answer = team.post(url, data={"csrf_token": token, "base": base, "source": source, "note": "n", "action": "header"})
    assert answer.status_code == 200
    return fields_of(answer.text)


def done(team, url: str, fields: dict[str, str], **changes: str):
    named = {f"head-{key}": value for key, value in changes.items()}
    return team.post(url, data={**fields, **named, "action": "header-done"})


def test_a_form_that_nobody_touches_changes_no_byte(team, url):
    fields = opened(team, url)
    assert (fields["head-title"], fields["head-authors"], fields["head-licence"]) == (
        "Le quai",
        "Tess\nThéo",
        "cc-by-4.0",
    )
    assert fields["note"] == "n"
    answer = done(team, url, fields)
    assert answer.status_code == 200
    assert source_in(answer.text) == SOURCE


def test_topics_are_ticked_and_one_that_nobody_knows_stays(app, team, url):
    with app.app_context():
        a_text("autre", topics=["mer"])
    source = SOURCE.replace("topics: [port]", "topics: [port, d-ailleurs]")
    fields = opened(team, url, source)
    assert fields["head-topics"] == ["port", "d-ailleurs"]
    kept = source_in(done(team, url, fields, topics=["d-ailleurs", "port"]).text)
    assert kept == source  # in whatever order a browser sends them
    text = source_in(done(team, url, opened(team, url), topics=["mer", "port"]).text)
    assert frontmatter.parse(text).values["topics"] == ["port", "mer"]
    bare = source_in(done(team, url, opened(team, url), topics=[]).text)
    assert frontmatter.parse(bare).values["topics"] == []


def test_instants_are_fields_of_a_browser_and_untouched_ones_keep_their_form(team, url):
    source = SOURCE.replace("status: draft", "status: draft\npublish_at: 2027-03-28T08:00\nexpires_at: demain")
    fields = opened(team, url, source)
    assert fields["head-publish_at"] == "2027-03-28T08:00"
    assert fields["head-expires_at"] == "demain"  # a text that no date field would show
    assert source_in(done(team, url, fields).text) == source
    answer = done(
        team, url, fields, publish_at="2027-03-29T09:30", expires_at="2028-01-01T08:00", published_on="2026-11-16"
    )
    front = frontmatter.parse(source_in(answer.text)).values
    assert (front["publish_at"], front["expires_at"]) == ("2027-03-29 09:30", "2028-01-01 08:00")
    assert front["published_on"] == "2026-11-16"


def test_ids_that_exist_are_offered(app, team, url):
    with app.app_context():
        a_text("port-texte", kind=Kind.CYCLE, slug="port", title="Le port <b>")
    page = team.get(url).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = team.post(url, data={"csrf_token": token, "source": SOURCE, "action": "header"}).text
    assert re.search(r'<input[^>]* list="known-cycle"', form)
    assert '<option value="port" label="Le port &lt;b&gt;"></option>' in form
    assert 'type="date"' in form
    assert 'type="datetime-local"' in form


def test_what_is_filled_in_is_written_and_all_else_stays(team, url):
    answer = done(team, url, opened(team, url), title="Le quai : <b>", authors="Tess\r\nThéo\r\nAna", level="expertise")
    text = source_in(answer.text)
    front = frontmatter.parse(text)
    assert front.values["title"] == "Le quai : <b>"
    assert front.values["authors"] == ["Tess", "Théo", "Ana"]
    assert front.values["level"] == "expertise"
    for kept in ("# the title, as the mayor wants it\n", "odd: kept\n", "topics: [port]\n", "\n\nTexte.\n"):
        assert kept in text
    assert "Pas encore enregistré" in answer.text  # nothing is saved before the author says so


def test_a_wrong_value_is_said_beside_its_field_and_stays_there(team, url):
    answer = done(team, url, opened(team, url), duration="longtemps", title="Autre <script>")
    assert answer.status_code == 422
    fields = fields_of(answer.text)
    assert (fields["head-duration"], fields["head-title"]) == ("longtemps", "Autre <script>")
    assert fields["source"].replace("\r\n", "\n") == SOURCE
    assert 'id="head-duration-error"' in answer.text
    assert 'id="head-topics-error"' not in answer.text  # nobody touched it


def test_an_unknown_name_and_an_emptied_title_are_refused(team, url):
    answer = done(team, url, opened(team, url), cycle="nulle-part", title="")
    assert answer.status_code == 422
    assert {'id="head-cycle-error"', 'id="head-title-error"'} <= set(re.findall(r'id="head-\w+-error"', answer.text))


def test_a_header_that_cannot_be_read_is_repaired_in_the_text(team, url):
    page = team.get(url).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    broken = "---\ntitle: [\n---\n\nTexte.\n"
    answer = team.post(url, data={"csrf_token": token, "source": broken, "action": "header"})
    assert answer.status_code == 422
    assert source_in(answer.text) == broken
    assert "Votre texte est intact" in answer.text


def test_a_value_that_no_field_can_hold_has_none():
    values = {"title": "un\ndeux", "authors": ["a\nb"], "level": ["x"], "summary": "s"}
    assert headers.shown(values, ["title", "authors", "level", "summary", "cycle"]) == {"summary": "s", "cycle": ""}


@pytest.mark.parametrize("kind", list(Kind))
def test_each_key_of_a_kind_has_a_field(kind: Kind):
    unsaid = {name for name, key in contract.KEYS.items() if kind in key.kinds} - set(headers.keys_of(kind))
    assert unsaid == {"id", "status"}
