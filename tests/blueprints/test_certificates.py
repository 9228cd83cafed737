"""Certificates on the web: the desk issues, people download, anybody verifies."""

import hashlib
import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from academy.config import Settings
from academy.domain import attendance, certificates, enrolment
from academy.domain.stated import Issuer
from academy.extensions import db, limiter, transaction
from academy.models import Attendance, Certificate, CycleSession, Edition, Enrolment, Person, Role, SheetScan, Way
from academy.web import clock
from tests.factories import a_person, a_session
from tests.kept import once
from tests.mail_reading import html_of, sent_by, subject_of, text_of

HOSTILE = "Sam <b>Gras</b> #set $x$ \\ *_` {nom} 🙂"


@pytest.fixture
@once
def over(app) -> dict[str, int]:
    """A session that ended an hour ago: Sam was there, Nina had a place and was not, Olga organises, Zoé is a stranger."""
    with app.app_context():
        people = {
            "sam": a_person(HOSTILE, email="sam@example.org", organisation="Port & <i>Cie</i>"),
            "nina": a_person("Nina", email="nina@example.org"),
            "olga": a_person("Olga", role=Role.ORGANISER),
            "zoe": a_person("Zoé"),
        }
        session = a_session(title="Escale & <quai>", languages=("fr", "en"))
        with transaction() as it:
            row = it.get_one(CycleSession, session)
            for name in ("sam", "nina"):
                enrolment.enrol(it.get_one(Person, people[name]), row, now=clock.now())
            row.starts_at, row.ends_at = clock.now() - timedelta(hours=3), clock.now() - timedelta(hours=1)
            for half in attendance.of_session(row):
                place = {"session_id": session, "person_id": people["sam"], "day": half.day, "half": half.half}
                it.add(Attendance(**place, way=Way.TEAM, marked_at=half.starts_at))
        return people | {"session": session}


@pytest.fixture
def issued(app, over) -> dict[str, int | str]:
    """The same with the certificate of Sam."""
    with app.app_context(), transaction() as it:
        row, olga = it.get_one(CycleSession, over["session"]), it.get_one(Person, over["olga"])
        (made,) = certificates.issue(row, Issuer(name=""), results={}, by=olga, now=clock.now())
        return over | {"id": made.id, "code": made.code, "number": made.number}


def _fields(page: str, path: str) -> dict[str, str]:
    form = re.search(rf'<form[^>]*method="post"[^>]*action="{re.escape(path)}".*?</form>', page, re.DOTALL)
    assert form is not None, path
    return dict(re.findall(r'<input[^>]*name="([\w-]+)"[^>]*value="([^"]*)"', form[0]))


def _words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def _rows(app) -> list[Certificate]:
    with app.app_context():
        return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def test_the_desk_says_who_will_get_one_issues_and_says_again_that_nothing_is_left(app, as_, over):
    olga, path = as_(over["olga"]), f"/pilotage/sessions/{over['session']}/attestations/"
    page = olga.get(path).text
    assert "Délivrer 1 attestation" in page
    assert "À délivrer\u00a0: Attestation de présence" in page
    assert "Aucune\u00a0: pas de présence notée." in page
    assert "Sam &lt;b&gt;Gras&lt;/b&gt;" in page
    sent = _fields(page, path)
    assert olga.post(path, data=sent).status_code == 303
    assert "1 attestation est délivrée" in olga.get(path).text
    assert olga.post(path, data=sent).status_code == 303
    shown = olga.get(path).text
    assert "Rien à délivrer" in shown
    assert 'id="delivrer"' not in shown
    assert len(_rows(app)) == 1


def test_a_session_that_is_not_over_says_why_and_issues_nothing(app, as_, over):
    with app.app_context():
        session = a_session()
    olga, path = as_(over["olga"]), f"/pilotage/sessions/{session}/attestations/"
    page = olga.get(path).text
    assert "La session n’est pas finie" in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    assert olga.post(path, data={"csrf_token": token[1]}).status_code == 409
    assert _rows(app) == []


@pytest.mark.parametrize(
    ("side", "title", "subject"),
    [("", "Attestation de présence", "Escale & <quai>"), ("/en", "Certificate of attendance", "Escale & <quai> (en)")],
)
def test_the_paper_says_what_was_attended_in_both_languages(app, as_, issued, side: str, title: str, subject: str):
    answer = as_(issued["sam"]).get(f"{side}/moi/attestations/{issued['id']}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    words = _words(answer.data)
    for part in (title, subject, "Sam <b>Gras</b> #set $x$ \\ *_` {nom}", "Port & <i>Cie</i>", issued["number"]):
        assert part in words, part
    assert "2\u00a0h" in words or "2 h" in words
    assert issued["code"] in words.replace(" ", "")
    assert f"http://localhost{side}/verifier/" in words
    assert b"/StructTreeRoot" in answer.data
    read = PdfReader(io.BytesIO(answer.data))
    assert read.trailer["/Root"]["/Lang"] == ("en" if side else "fr")


def test_a_paper_of_usual_signs_is_pdf_ua(app, as_, issued):
    with app.app_context(), transaction() as it:
        row = it.get_one(Certificate, issued["id"])
        row.stated = row.stated | {"name": "Hélène Gras"}
    assert b"pdfuaid" in as_(issued["sam"]).get(f"/moi/attestations/{issued['id']}.pdf").data


def test_the_same_row_gives_the_same_bytes_whatever_becomes_of_the_session(app, as_, issued):
    def digest() -> str:
        return hashlib.sha256(as_(issued["sam"]).get(f"/moi/attestations/{issued['id']}.pdf").data).hexdigest()

    before = digest()
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, issued["session"])
        row.starts_at, row.ends_at = clock.now() - timedelta(days=9), clock.now() - timedelta(days=8)
        it.scalars(select(Edition).where(Edition.document_id == row.document_id)).first().title = "Autre"
        it.get_one(Person, issued["sam"]).name = "Autre"
    assert digest() == before


def test_a_paper_is_for_its_owner_and_the_team(as_, client, issued):
    path = f"/moi/attestations/{issued['id']}.pdf"
    assert [as_(issued[name]).get(path).status_code for name in ("nina", "zoe", "olga")] == [403] * 3
    assert client.get(path).status_code == 302
    assert as_(issued["olga"]).get(f"/pilotage/attestations/{issued['id']}.pdf").status_code == 200
    assert as_(issued["sam"]).get(f"/pilotage/attestations/{issued['id']}.pdf").status_code == 403


def test_my_space_lists_them_and_the_mail_leads_there(app, as_, issued):
    page = as_(issued["sam"]).get("/moi/").text
    assert f'href="/moi/attestations/{issued["id"]}.pdf"' in page
    assert issued["number"] in page
    assert "Mes attestations" not in as_(issued["nina"]).get("/moi/").text
    with app.app_context():
        (mail,) = [it for it in sent_by(app) if it["To"] == "sam@example.org" and "attestation" in subject_of(it)]
    for body in (text_of(mail), html_of(mail)):
        assert "http://localhost/moi/#attestations" in body
    assert "Sam &lt;b&gt;Gras&lt;/b&gt;" in html_of(mail)


def test_nobody_is_told_of_a_paper_that_was_revoked_before_the_mail_left(app, as_, issued):
    _revoke(as_, issued)
    with app.app_context():
        assert not [it for it in sent_by(app) if it["To"] == "sam@example.org" and "attestation" in subject_of(it)]


def test_a_zip_holds_the_valid_papers_and_is_the_same_each_time(app, as_, issued):
    olga, path = as_(issued["olga"]), f"/pilotage/sessions/{issued['session']}/attestations.zip"
    answer = olga.get(path)
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as inside:
        assert inside.testzip() is None
        (name,) = inside.namelist()
        assert re.fullmatch(r"attendance-\d{4}-\d{6}\.fr\.pdf", name)
        assert inside.read(name) == as_(issued["sam"]).get(f"/moi/attestations/{issued['id']}.pdf").data
    assert olga.get(path).data == answer.data
    _revoke(as_, issued)
    assert olga.get(path).status_code == 303  # nothing is left to send


def _revoke(as_, issued, reason: str = "Autre <nom>") -> None:
    olga, path = as_(issued["olga"]), f"/pilotage/attestations/{issued['id']}/revoquer"
    page = olga.get(f"/pilotage/sessions/{issued['session']}/attestations/").text
    assert olga.post(path, data=_fields(page, path) | {"reason": reason}).status_code == 303


def test_a_revoked_certificate_is_no_longer_given_out_and_its_reason_is_for_the_team(app, as_, client, issued):
    _revoke(as_, issued)
    assert as_(issued["sam"]).get(f"/moi/attestations/{issued['id']}.pdf").status_code == 404
    space = as_(issued["sam"]).get("/moi/").text
    assert "Révoquée" in space
    assert "Autre" not in space
    desk = as_(issued["olga"]).get(f"/pilotage/sessions/{issued['session']}/attestations/").text
    assert "Autre &lt;nom&gt;" in desk
    assert "Délivrer 1 attestation" in desk
    assert "Autre" not in client.get(f"/verifier/{issued['code']}").text
    assert "n’atteste plus rien" in _words(as_(issued["olga"]).get(f"/pilotage/attestations/{issued['id']}.pdf").data)


def test_a_revocation_without_a_reason_is_refused(app, as_, issued):
    olga, path = as_(issued["olga"]), f"/pilotage/attestations/{issued['id']}/revoquer"
    page = olga.get(f"/pilotage/sessions/{issued['session']}/attestations/").text
    answer = olga.post(path, data=_fields(page, path) | {"reason": " \u202e "})
    assert answer.status_code == 409
    assert "Écrivez pourquoi" in answer.text
    assert _rows(app)[0].revoked_at is None


@pytest.mark.parametrize(
    ("side", "valid", "revoked"),
    [("", "Attestation valable", "Attestation révoquée"), ("/en", "Valid certificate", "Certificate revoked")],
)
def test_anybody_verifies_and_learns_title_dates_initials_alone(
    app, as_, client, issued, side: str, valid: str, revoked: str
):
    path = f"{side}/verifier/{issued['code']}"
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "Set-Cookie" not in answer.headers
    assert '<meta name="robots" content="noindex">' in answer.text
    page = unescape(answer.text)
    assert valid in page
    assert "Escale & <quai>" in page
    assert "<dd>S.</dd>" in answer.text
    for hidden in ("Gras", "Port &", "sam@", issued["number"], "2 h", "2\u00a0h"):
        assert hidden not in page, hidden
    _revoke(as_, issued)
    page = client.get(path).text
    assert revoked in page
    assert valid not in page


def test_a_code_is_typed_with_blanks_and_capitals(client, issued):
    typed = " ".join(issued["code"][at : at + 4].upper() for at in range(0, 28, 4))
    answer = client.get("/verifier/", query_string={"code": typed})
    assert (answer.status_code, answer.location) == (303, f"/verifier/{issued['code']}")
    assert client.get(f"/verifier/{typed.replace(' ', '-')}").status_code == 200


@pytest.mark.parametrize(
    "code", ["x", "0" * 28, '"><script>alert(1)</script>', "../moi", "é" * 28, "%25", "' OR 1=1 --"]
)
def test_an_unknown_code_is_a_404_that_helps_and_keeps_what_was_typed(client, issued, code: str):
    answer = client.get("/verifier/", query_string={"code": code}, follow_redirects=True)
    assert answer.status_code == 404
    assert "Aucune attestation n’a ce code" in answer.text
    assert "<script>alert" not in answer.text
    assert f'value="{code}"' in unescape(answer.text)


def test_nul_and_very_long_codes(client, issued):
    assert client.get("/verifier/%00").status_code == 404
    assert client.get("/verifier/" + "a" * 3000).status_code == 404
    assert client.get("/verifier/", query_string={"code": "\0" * 500}).status_code == 404


def test_guessing_codes_is_slow(client, issued):
    limiter.reset()
    limiter.enabled = True
    try:
        answers = [client.get(f"/verifier/{'0' * 28}").status_code for _ in range(61)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert answers == [404] * 60 + [429]


def test_pages_cost_the_same_for_one_and_for_three(app, as_, over, queries):
    olga, path = as_(over["olga"]), f"/pilotage/sessions/{over['session']}/attestations/"

    def cost() -> int:
        olga.get(path)
        queries.clear()
        assert olga.get(path).status_code == 200
        return len(queries)

    def issue() -> None:
        with app.app_context(), transaction() as it:
            row, by = it.get_one(CycleSession, over["session"]), it.get_one(Person, over["olga"])
            certificates.issue(row, Issuer(name=""), results={}, by=by, now=clock.now())

    issue()
    one = cost()
    with app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, over["session"])
        it.add(Enrolment(session=row, person_id=over["zoe"], status="confirmed", rank=99, joined_at=clock.now()))
        for half in attendance.of_session(row):
            for name in ("nina", "zoe"):
                place = {"session_id": row.id, "person_id": over[name], "day": half.day, "half": half.half}
                it.add(Attendance(**place, way=Way.TEAM, marked_at=half.starts_at))
    issue()
    assert len(_rows(app)) == 3
    assert cost() == one


TRAINING = {
    "ACADEMY_TRAINING_EVIDENCE": "1",
    "ACADEMY_OPERATOR_NAME": "Quai 9",
    "ACADEMY_OPERATOR_ADDRESS": "1 quai, Marseille",
    "ACADEMY_TRAINING_NUMBER": "93 13 12345 13",
    "ACADEMY_TRAINING_SIGNATORY": "Ada, directrice",
    "ACADEMY_TRAINING_PLACE": "Marseille",
}


@pytest.fixture
def training(app, over, tmp_path):
    """Training evidence is on, and the sheet was signed on paper."""
    app.config["SETTINGS"] = Settings.from_environ(
        TRAINING | {"ACADEMY_INSTANCE": str(tmp_path), "ACADEMY_PUBLIC_URL": "http://localhost"}
    )
    with app.app_context(), transaction() as it:
        it.scalars(select(Edition).where(Edition.language == "fr")).first()
        row = it.get_one(CycleSession, over["session"])
        for edition in row.document.editions:
            edition.objectives = ["Lire une carte."]
        scan = {"media_type": "application/pdf", "digest": "0" * 64, "size": 9}
        it.add(SheetScan(session_id=row.id, **scan, added_at=clock.now(), added_by_id=over["olga"]))
    return over


@pytest.mark.each_database
def test_training_evidence_gives_the_two_papers_with_their_fields(app, as_, training):
    olga, path = as_(training["olga"]), f"/pilotage/sessions/{training['session']}/attestations/"
    page = olga.get(path).text
    name = f"result-{training['sam']}"
    assert f'name="{name}"' in page
    assert olga.post(path, data=_fields(page, path) | {name: "Acquis <tous>"}).status_code == 303
    papers = [_words(olga.get(f"/pilotage/attestations/{row.id}.pdf").data) for row in _rows(app)]
    for words in papers:
        for part in (
            "Quai 9",
            "1 quai, Marseille",
            "93 13 12345 13",
            "Ada, directrice",
            "Fait à Marseille",
            "L. 6313-1",
        ):
            assert part in words, part
        assert "Port & <i>Cie</i>" in words
    completion, realisation = papers
    for part in ("Attestation de fin de formation", "Lire une carte.", "Acquis <tous>"):
        assert part in completion
        assert (part in realisation) is False
    assert "Certificat de réalisation" in realisation


@pytest.mark.each_database
def test_pdfs_of_training_are_tagged_and_the_same_twice(app, as_, training):
    olga, path = as_(training["olga"]), f"/pilotage/sessions/{training['session']}/attestations/"
    olga.post(path, data=_fields(olga.get(path).text, path))
    for row in _rows(app):
        once, twice = (olga.get(f"/en/pilotage/attestations/{row.id}.pdf").data for _ in range(2))
        assert once == twice
        assert b"/StructTreeRoot" in once
