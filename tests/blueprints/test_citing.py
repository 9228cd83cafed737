"""Citing a text, taking it away on paper, reading its earlier versions: what anybody may do with what is public."""

import io
import json
import re

import pytest
import rispy
from flask import Flask
from flask.testing import FlaskClient
from pybtex.database import parse_string
from pypdf import PdfReader
from sqlalchemy import delete

from academy.domain import publishing
from academy.extensions import db as database, transaction
from academy.formats import pdf
from academy.models import Edition, Kind, Rendering
from academy.web import clock
from tests.factories import a_person, a_text, republished, withdrawn
from tests.kept import once

HOSTILE = 'Accolade { et \\antislash} 100 % « <script>alert(1)</script> » "droit" 🌊'
BODY = """Une phrase d’ouverture, avec un [lien](https://www.service-public.fr), du `code` et une note[^1].

## La rade

- un quai
- deux quais

| Navire | Longueur |
|---|--:|
| Paquebot | 300 |

!!! note "À retenir"
    Un encadré.

### Le détail

```python
print("#let x = [evil]")
```

[^1]: Une note de bas de page.
"""


def _url(app: Flask, edition_id: int) -> str:
    with app.app_context():
        document = database.session.get_one(Edition, edition_id).document
        if document.kind == Kind.MODULE:
            assert document.cycle is not None
            return f"/cycles/{document.cycle.slug}/{document.slug}/"
        return f"/ressources/{document.id}-{document.slug}/"


@pytest.fixture
@once
def note(app: Flask) -> str:
    """The address of a resource with a difficult title."""
    with app.app_context():
        edition_id = a_text("note", title=HOSTILE, body=BODY, slug="note")
    return _url(app, edition_id)


@pytest.fixture
@once
def module(app: Flask) -> str:
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        edition_id = a_text("escale", kind=Kind.MODULE, cycle="port", slug="escale", title="Une escale", body=BODY)
    return _url(app, edition_id)


def test_a_resource_and_a_module_lead_to_their_citations(note: str, module: str, client: FlaskClient):
    for path in (note, module):
        page = client.get(path).text
        assert f'href="{path}citer"' in page
        assert f'href="{path}telecharger.pdf"' in page
        cited = client.get(f"{path}citer")
        assert (cited.status_code, cited.headers.get("Set-Cookie")) == (200, None)
        assert '<meta name="robots" content="noindex">' in cited.text
        assert [f"{path}citer.{form}" in cited.text for form in ("bib", "ris", "json")] == [True] * 3
        assert "<script>alert" not in cited.text


def test_citations_speak_the_language_of_the_page(module: str, client: FlaskClient):
    assert "(APA)" in client.get(f"{module}citer").text
    french, english = client.get(f"{module}citer").text, client.get(f"/en{module}citer").text
    day = clock.now()
    assert re.search(rf"Ada\. \({day.year}, \d+ [a-zéû]+\)\. Une escale\. Académie One Provence\.", french)
    assert re.search(rf"Ada\. \({day.year}, [A-Z][a-z]+ \d+\)\. Une escale\. One Provence Academy\.", english)
    for page in (french, english):  # the address is that of the side of the text
        assert f"http://localhost{module}</pre>" in page


def test_files_of_citations_are_read_by_others(note: str, client: FlaskClient):
    bib, ris, csl = (client.get(f"{note}citer.{form}") for form in ("bib", "ris", "json"))
    assert [answer.headers["Content-Type"] for answer in (bib, ris, csl)] == [
        "application/x-bibtex; charset=utf-8",
        "application/x-research-info-systems; charset=utf-8",
        "application/vnd.citationstyles.csl+json; charset=utf-8",
    ]
    assert ris.headers["Content-Disposition"] == 'attachment; filename="note.ris"'
    assert list(parse_string(bib.text, "bibtex").entries) == ["note"]
    [record], [item] = rispy.loads(ris.text), json.loads(csl.text)
    shown = item["title"]
    assert record["title"] == shown
    assert all(part in shown for part in ("Accolade {", "\\antislash}", "<script>alert(1)</script>", "🌊"))
    assert item["URL"] == f"http://localhost{note}"
    assert client.get(f"{note}citer.exe").status_code == 404


def test_a_module_gives_its_source_too(module: str, client: FlaskClient):
    answer = client.get(f"{module}source.md")
    assert answer.text.startswith("---\nid: ")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="escale.fr.md"'


def test_the_paper_holds_the_text_its_outline_and_its_licence(note: str, client: FlaskClient):
    answer = client.get(f"{note}telecharger.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="note.fr.pdf"'
    paper = PdfReader(io.BytesIO(answer.data))
    words = " ".join(" ".join(page.extract_text().split()) for page in paper.pages)
    for expected in (
        "Une phrase d’ouverture",
        "La rade",
        "deux quais",
        "Paquebot",
        "300",
        "À retenir",
        "Un encadré.",
        'print("#let x = [evil]")',
        "Une note de bas de page.",
        "CC BY 4.0",
        "Ada",
        f"http://localhost{note}",
    ):
        assert expected in words
    [rade, [detail]] = paper.outline
    assert (rade.title, detail.title) == ("1 La rade", "1.1 Le détail")  # pyright: ignore
    root = paper.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert paper.metadata is not None
    assert (paper.metadata.author, "Accolade {" in str(paper.metadata.title)) == ("Ada", True)


def test_a_paper_is_made_once_for_a_version(
    app: Flask, note: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    made: list[str] = []
    write = pdf.write

    def counted(paper, load):
        made.append(paper.title)
        return write(paper, load)

    monkeypatch.setattr(pdf, "write", counted)
    first = client.get(f"{note}telecharger.pdf").data
    app.wsgi_app.app.pages.clear()  # pyright: ignore[reportFunctionMemberAccess]
    app.extensions["memory"].forget()
    assert client.get(f"{note}telecharger.pdf").data == first
    assert len(made) == 1
    kept = [path.suffix for path in (app.config["SETTINGS"].instance / "pdf").iterdir()]
    assert kept == [".pdf"]


def test_an_unchanged_paper_is_not_sent_again(note: str, client: FlaskClient):
    first = client.get(f"{note}telecharger.pdf")
    again = client.get(f"{note}telecharger.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, "Set-Cookie" in first.headers) == (304, b"", False)


def test_a_text_that_cannot_be_set_says_to_come_back(note: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    def refused(paper, load):
        raise pdf.UnsetError("busy")

    monkeypatch.setattr(pdf, "write", refused)
    answer = client.get(f"{note}telecharger.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_the_paper_of_a_text_in_one_language_comes_from_its_side(module: str, client: FlaskClient):
    answer = client.get(f"/en{module}telecharger.pdf")
    assert (answer.status_code, answer.location) == (302, f"{module}telecharger.pdf")


def test_what_members_read_is_not_cited_nor_printed_for_others(app: Flask, client: FlaskClient, as_):
    with app.app_context():
        path = _url(app, a_text("r", audience="members", slug="r"))
        person = a_person()
    places = ("", "citer", "citer.bib", "telecharger.pdf", "source.md", "versions/", "versions/1")
    assert [client.get(path + place).status_code for place in places] == [404] * 7
    assert [as_(person).get(path + place).status_code for place in places] == [200] * 6 + [302]


def test_only_what_was_published_has_a_public_version(app: Flask, client: FlaskClient):
    with app.app_context():
        edition_id = a_text("n", slug="n", title="Premier titre", body="Un texte ancien.")
        with transaction() as session:
            edition = session.get_one(Edition, edition_id)
            assert edition.head is not None
            draft = edition.head.source.replace("ancien", "secret")
            publishing.save_draft(edition, draft, base_id=edition.head_id, by=None, now=clock.now())
        republished(edition_id, "Un texte nouveau.", title="Second titre")
    path = _url(app, edition_id)
    page = client.get(path).text
    assert f'href="{path}versions/"' in page
    listed = client.get(f"{path}versions/").text
    assert f'href="{path}versions/1"' in listed
    assert f'href="{path}versions/2"' not in listed
    old = client.get(f"{path}versions/1")
    assert "Un texte ancien." in old.text
    assert "Premier titre</h1>" in old.text
    assert "ancienne version" in old.text
    assert '<meta name="robots" content="noindex">' in old.text
    assert f'<link rel="canonical" href="http://localhost{path}">' in old.text
    assert client.get(f"{path}versions/2").status_code == 404  # the draft
    current = client.get(f"{path}versions/3")
    assert (current.status_code, current.location) == (302, path)
    assert client.get(f"{path}versions/99").status_code == 404


def test_a_text_of_one_version_leads_to_no_history(note: str, client: FlaskClient):
    assert "versions/" not in client.get(note).text
    assert client.get(f"{note}versions/").status_code == 200


def test_an_old_version_whose_rendering_is_gone_is_rendered_for_its_page(app: Flask, client: FlaskClient):
    with app.app_context():
        edition_id = a_text("n", slug="n", body="Un texte *ancien*.")
        republished(edition_id, "Un texte nouveau.")
        with transaction() as session:
            session.execute(delete(Rendering))
    assert "<em>ancien</em>" in client.get(f"{_url(app, edition_id)}versions/1").text


def test_a_withdrawn_text_takes_its_versions_with_it(app: Flask, client: FlaskClient):
    with app.app_context():
        edition_id = a_text("n", slug="n", body="Un texte ancien.")
        republished(edition_id, "Un texte nouveau.")
    path = _url(app, edition_id)
    assert client.get(f"{path}versions/1").status_code == 200
    with app.app_context():
        withdrawn(edition_id)
    places = ("versions/", "versions/1", "citer", "telecharger.pdf")
    assert [client.get(path + place).status_code for place in places] == [410] * 4


def test_a_resource_says_which_session_it_came_out_of_and_a_module_which_have_it(app: Flask, client: FlaskClient):
    with app.app_context():
        a_text("c", kind=Kind.CYCLE, slug="port", title="Le port")
        module = a_text("escale", kind=Kind.MODULE, cycle="port", slug="escale")
        a_text("visite", kind=Kind.SESSION, cycle="port", title="Visite des bassins", modules=["escale"])
        hidden = a_text("huis", kind=Kind.SESSION, cycle="port", title="Huis clos", modules=["escale"])
        report = a_text("cr", type="report", session="visite", slug="cr")
        other = a_text("cr2", type="report", session="huis", slug="cr2")
        withdrawn(hidden)
    for edition_id in (report, module):
        page = client.get(_url(app, edition_id)).text
        assert re.search(r'<a href="/sessions/\d+-visite/">Visite des bassins</a>', page)
        assert "Huis clos" not in page
    assert "Issue de la session" not in client.get(_url(app, other)).text


def test_a_resource_may_not_name_a_session_that_does_not_exist(app: Flask):
    with app.app_context(), pytest.raises(publishing.ContentRefused) as refused:
        a_text("cr", session="nulle-part")
    assert [(problem.code, problem.key) for problem in refused.value.problems] == [("unknown_sessions", "session")]
