"""The files of a text in the studio: added, described, replaced, taken away, looked for; with and without a script."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from academy.extensions import db, transaction
from academy.files.store import store
from academy.models import Attachment, Document, Edition, Kind, Person, Role
from tests.factories import a_person, a_picture, a_text, republished
from tests.files import made

PHOTO = made.photo(300, 200)


@pytest.fixture
def ready(app) -> dict[str, int]:
    with app.app_context():
        people = {"tess": a_person("Tess", role=Role.TRAINER), "ugo": a_person("Ugo", role=Role.TRAINER)}
        edition = a_text("quais", kind=Kind.MODULE, cycle="port")
        other = a_text("autre")
        with transaction() as session:
            document = session.get_one(Edition, edition).document
            document.owner_id = people["tess"]
            return people | {
                "id": document.id,
                "edition": edition,
                "other": session.get_one(Edition, other).document_id,
            }


@pytest.fixture
def send(as_, ready):
    """`send(path, data, name, …)`: the answer to Tess, who posts a form below the page of the files."""

    def post(
        path: str = "", data: bytes = PHOTO, name: str = "Quai du Port.JPG", *, script: bool = False, **fields: str
    ):
        tess, page = as_(ready["tess"]), f"/atelier/documents/{ready['id']}/fichiers/"
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', tess.get(page).text)
        assert token is not None
        file = {"file": (BytesIO(data), name)} if name else {}
        headers = {"Accept": "application/json"} if script else {}
        return tess.post(page + path, data={"csrf_token": token[1], **fields, **file}, headers=headers)

    return post


def rows(app) -> dict[str, Attachment]:
    with app.app_context():
        return {row.name: row for row in db.session.scalars(select(Attachment)) if row.name != "credits.yml"}


def test_a_photo_is_added_with_what_it_shows(app, as_, ready, send):
    answer = send(data=made.tagged_photo(), alt="Le quai", credit="Ada", licence="cc-by-4.0")
    assert answer.status_code == 303
    row = rows(app)["quai-du-port.jpg"]
    assert (row.alt, row.credit, row.licence) == ("Le quai", "Ada", "cc-by-4.0")
    with app.app_context():
        assert b"CANARI" not in store().read(row.digest, 0, row.size)
    page = as_(ready["tess"]).get(f"/atelier/documents/{ready['id']}/fichiers/").text
    assert "![Le quai](fichiers/quai-du-port.jpg)" in page
    assert "Ne sert dans aucun texte." in page


def test_a_script_gets_the_markdown(send):
    answer = send(script=True, alt="Le [grand] quai")
    assert answer.json == {"markdown": "![Le \\[grand\\] quai](fichiers/quai-du-port.jpg)"}
    assert send(script=True, data=b"a;b\n", name="Données 2026.csv").json == {
        "markdown": "[donnees-2026.csv](fichiers/donnees-2026.csv)"
    }


@pytest.mark.parametrize(
    ("data", "name", "fields", "said"),
    [
        (PHOTO, "a.jpg", {}, "Dites en une phrase"),
        (PHOTO, "a.jpg", {"alt": "x" * 301}, "300"),
        (PHOTO, "a.jpg", {"alt": "quai", "licence": "libre"}, "Choisissez une licence"),
        (PHOTO, "a.jpg", {"alt": "qu\u202eai"}, "caractère invisible"),
        (b"", "a.jpg", {}, "Choisissez un fichier"),
        (b"<svg/>", "a.svg", {}, "SVG"),
        (b"GIF89a", "a.gif", {}, "Enregistrez-le dans l’un de ceux-ci"),
        (b"<html>", "a.png", {}, "Ouvrez le fichier dans son logiciel"),
        (made.picture_bomb(), "a.png", {"alt": "noir"}, "40 millions de pixels"),
        (made.photo(1200, 900)[:2000], "a.jpg", {"alt": "quai"}, "abîmée"),
        (made.animation(), "a.png", {"alt": "quai"}, "animée"),
    ],
)
def test_what_is_refused_says_how_to_repair_it(app, send, data: bytes, name: str, fields: dict[str, str], said: str):
    answer = send(data=data, name=name, credit="Ada <b>", **fields)
    assert answer.status_code == 422
    assert said in answer.text.replace("\u202f", " ").replace("\xa0", " ")
    assert 'value="Ada &lt;b&gt;"' in answer.text
    told = send(data=data, name=name, script=True, **fields)
    assert told.status_code == 422
    assert any(
        said in it.replace("\u202f", " ").replace("\xa0", " ") for its in told.json["errors"].values() for it in its
    )
    assert rows(app) == {}


def test_a_picture_is_named_after_what_it_is(app, send):
    send(data=made.photo(form="PNG"), name="Capture d’écran.jpeg", is_decorative="y")
    assert [row.media_type for row in rows(app).values()] == ["image/png"]
    assert list(rows(app)) == ["capture-d-ecran.png"]


def test_what_a_picture_shows_can_be_said_later(app, send):
    send(is_decorative="y")
    assert rows(app)["quai-du-port.jpg"].is_decorative
    assert send("quai-du-port.jpg/decrire", name="", alt="", credit="Ada").status_code == 422
    assert send("quai-du-port.jpg/decrire", name="", alt="Le quai", credit="Ada").status_code == 303
    row = rows(app)["quai-du-port.jpg"]
    assert (row.alt, row.credit, row.is_decorative) == ("Le quai", "Ada", False)


def test_another_picture_takes_the_place_of_one_and_keeps_its_words(app, send):
    send(alt="Le quai", credit="Ada")
    before = rows(app)["quai-du-port.jpg"]
    assert send("quai-du-port.jpg/remplacer", made.photo(400, 300), "neuf.jpg").status_code == 303
    after = rows(app)["quai-du-port.jpg"]
    assert after.digest != before.digest
    assert (after.alt, after.credit) == ("Le quai", "Ada")
    assert send("quai-du-port.jpg/remplacer", b"%PDF-1.7", "neuf.pdf").status_code == 422


def test_what_is_used_is_not_deleted(app, as_, ready, send):
    send(alt="Le quai")
    with app.app_context():
        republished(ready["edition"], "![Le quai](fichiers/quai-du-port.jpg)")
    page = as_(ready["tess"]).get(f"/atelier/documents/{ready['id']}/fichiers/").text
    assert "Sert dans" in page
    assert "quai-du-port.jpg/supprimer" not in page
    assert send("quai-du-port.jpg/supprimer", name="").status_code == 409
    with app.app_context():
        republished(ready["edition"], "Rien.")
    assert send("quai-du-port.jpg/supprimer", name="").status_code == 303
    assert rows(app) == {}


def test_a_text_of_another_kind_has_no_files(app, as_):
    with app.app_context():
        olga = a_person(role=Role.ORGANISER)
        a_text("a-propos", kind=Kind.PAGE)
        page = db.session.scalars(select(Document.id).where(Document.key == "a-propos")).one()
    assert as_(olga).get(f"/atelier/documents/{page}/fichiers/").status_code == 404


def test_a_text_with_a_wordless_picture_is_not_published(app, as_, ready, send):
    send(is_decorative="y")
    tess = as_(ready["tess"])
    page = tess.get(f"/atelier/documents/{ready['id']}/fr").text
    fields = {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1] for name in ("csrf_token", "base")}  # pyright: ignore[reportOptionalSubscript]
    with app.app_context():
        head = db.session.get_one(Edition, ready["edition"]).head
        assert head is not None
        source = head.source
    path = f"/atelier/documents/{ready['id']}/fr"
    wordless = {"source": f"{source}\n![](fichiers/autre.jpg)\n", "action": "publish"}
    answer = tess.post(path, data=fields | wordless)
    assert answer.status_code == 422
    assert "texte de remplacement" in answer.text
    assert "parmi les fichiers du texte" in answer.text
    decorative = {"source": f"{source}\n![](fichiers/quai-du-port.jpg)\n", "action": "publish"}
    base = re.search(r'name="base" value="(\d+)"', answer.text)  # what was refused is kept as a draft
    assert base is not None
    assert tess.post(path, data=fields | decorative | {"base": base[1]}).status_code == 303


# The library


def test_the_library_shows_a_trainer_their_own_and_the_team_all(app, as_, ready):
    with app.app_context():
        olga = a_person(role=Role.ORGANISER)
        with transaction() as session:
            a_picture(session.get_one(Document, ready["id"]), "mienne.jpg", alt="Le quai d’Éole")
            a_picture(session.get_one(Document, ready["other"]), "autre.jpg", licence="cc0-1.0")
    mine = as_(ready["tess"]).get("/atelier/images/").text
    assert "mienne.jpg" in mine
    assert "autre.jpg" not in mine
    assert "Vos images viendront ici" in as_(ready["ugo"]).get("/atelier/images/").text
    team = as_(olga)
    assert {"mienne.jpg", "autre.jpg"} <= set(re.findall(r"[a-z]+\.jpg", team.get("/atelier/images/").text))
    for asked, found in (("q=eole", "mienne.jpg"), ("licence=cc0-1.0", "autre.jpg"), ("licence=none", "mienne.jpg")):
        names = set(re.findall(r"(?:mienne|autre)\.jpg", team.get(f"/atelier/images/?{asked}").text))
        assert names == {found}, asked
    assert "Rien ne répond" in team.get("/atelier/images/?kind=files").text
    assert team.get("/atelier/images/?q=%00&kind=x&page=999999999999").status_code == 200


def test_the_name_of_whoever_owns_the_text_decides(app, as_, ready, send):
    send(alt="Le quai")
    path = f"/atelier/documents/{ready['id']}/fichiers/quai-du-port.jpg"
    assert as_(ready["tess"]).get(path).status_code == 200
    assert as_(ready["tess"]).get(f"{path}/300.webp").headers["Content-Type"] == "image/webp"
    assert as_(ready["tess"]).get(f"{path}/301.webp").status_code == 404
    assert as_(ready["ugo"]).get(path).status_code == 403
    with app.app_context():
        assert db.session.get_one(Person, ready["ugo"]).role == Role.TRAINER
