"""The whole life of a place, in both languages, with Tab, Enter and typing alone: from the waiting list to the verified paper."""

import time
from datetime import datetime, timedelta
from email import policy
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pypdf import PdfReader
from sqlalchemy import select

from academy.domain import enrolment, half_days, room_codes, seating
from academy.extensions import db, transaction
from academy.models import Certificate, CycleSession, Enrolment, Person, RoomCode, Signature
from academy.web import clock
from tests.browser.serving import Academy, link_in
from tests.browser.tour import LANGUAGES
from tests.browser.walking import Walker
from tests.factories import a_person, a_session

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        "name": "Votre nom",
        "email": "Votre adresse électronique",
        "confirm": "Confirmer mon inscription",
        "accept": "Accepter la place",
        "here": "Je suis là",
        "code": "Le code à l’écran de la salle",
        "present": "Vous êtes noté présent",
        "sheet": "Signer la feuille d’émargement",
        "typed": "ou écrivez votre nom",
        "signed": "Signée.",
        "issue": "Délivrer 1 attestation",
        "download": "Télécharger (PDF)",
        "paper": "Attestation de présence",
        "verify": "Code de l’attestation",
        "valid": "Attestation valable",
    },
    "en": {
        "name": "Your name",
        "email": "Your email address",
        "confirm": "Confirm my enrolment",
        "accept": "Accept the seat",
        "here": "I am here",
        "code": "The code on the screen of the room",
        "present": "You are checked in",
        "sheet": "Sign the attendance sheet",
        "typed": "or type your name",
        "signed": "Signed.",
        "issue": "Issue 1 certificate",
        "download": "Download (PDF)",
        "paper": "Certificate of attendance",
        "verify": "Code of the certificate",
        "valid": "Valid certificate",
    },
}


@pytest.fixture
def people(chromium: Browser):
    """Two browsers: of who takes a place, and of the organiser."""
    made = [
        chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        for _ in range(2)
    ]
    for context in made:
        context.set_default_timeout(10_000)
    yield made
    for context in made:
        context.close()


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_place_from_the_waiting_list_to_the_verified_certificate(
    academy: Academy, people: list[BrowserContext], language: str
):
    says, side = WORDS[language], academy.url + LANGUAGES[language]
    session, taken, slug = _a_full_session(academy, language)
    mine, theirs = (Walker(context.new_page()) for context in people)
    email = f"dominique-{language}@example.org"

    _ask(mine, f"{side}/sessions/{session}-{slug}/", says, email)
    mine.open(link_in(academy.mail_to(email), "/i/"))
    _press(mine, says["confirm"])
    with academy.app.app_context(), transaction() as it:
        assert str(_mine(it, session, email).status) == "waiting"
        enrolment.cancel(it.get_one(Enrolment, taken), by=None, now=clock.now())
    mine.open(link_in(academy.mail_to(email, count=3), "/i/"))
    _press(mine, says["accept"])
    academy.mail_to(email, count=4)
    assert _invitation(academy, email).name == "VEVENT"

    _begins(academy, session)
    mine.open(f"{side}/moi/")
    _press(mine, says["here"])
    mine.to(says["code"], tag="input")
    mine.type(_code(academy, session))
    mine.enter()
    expect(mine.page.get_by_role("main")).to_contain_text(says["present"])
    _press(mine, says["sheet"])
    mine.to(says["typed"], tag="input")
    mine.type("Dominique Essai")
    mine.enter()
    expect(mine.page.get_by_role("main")).to_contain_text(says["signed"])
    _ends(academy, session)

    academy.sign_in(theirs.page, "organiser")
    theirs.open(f"{side}/pilotage/sessions/{session}/attestations/")
    _press(theirs, says["issue"])
    mine.open(f"{side}/moi/")
    mine.to(says["download"])
    with mine.page.expect_download() as download:
        mine.page.keyboard.press("Enter")
    words = " ".join(PdfReader(BytesIO(Path(download.value.path()).read_bytes())).pages[0].extract_text().split())
    assert says["paper"] in words
    assert "Dominique Essai" in words

    with academy.app.app_context():
        code = db.session.scalars(select(Certificate.code).where(Certificate.session_id == session)).one()
    assert code in words.replace(" ", "")
    theirs.page.context.clear_cookies()
    theirs.open(f"{side}/verifier/")
    theirs.to(says["verify"], tag="input")
    theirs.type(" ".join(code[at : at + 4] for at in range(0, 28, 4)).upper())
    theirs.enter()
    expect(theirs.page.get_by_role("heading", level=1)).to_have_text(says["valid"])
    expect(theirs.page.get_by_role("main")).to_contain_text("D. E.")
    expect(theirs.page.get_by_role("main")).not_to_contain_text("Dominique")


def _press(walk: Walker, name: str) -> None:
    walk.to(name)
    walk.enter()


def _ask(walk: Walker, url: str, says: dict[str, str], email: str) -> None:
    walk.open(url)
    walk.to(says["name"], tag="input")
    walk.type("Dominique Essai")
    walk.to(says["email"], tag="input")
    walk.type(email)
    walk.enter()


def _a_full_session(academy: Academy, language: str) -> tuple[int, int, str]:
    """A session of one seat, offered when it frees; the place of who has it; its slug."""
    with academy.app.app_context():
        session = a_session(
            capacity=1, offer_hours=24, title=f"Escale {language}", languages=("fr", "en"), cycle="port"
        )
        first = a_person(email=f"premiere-place-{language}@example.org")
        with transaction() as it:
            row = it.get_one(CycleSession, session)
            held = enrolment.enrol(it.get_one(Person, first), row, now=clock.now())
            it.flush()
            return session, held.id, row.document.slug


def _mine(it, session: int, email: str) -> Enrolment:
    return it.scalars(
        select(Enrolment).join(Enrolment.person).where(Enrolment.session_id == session, Person.email == email)
    ).one()


def _now() -> datetime:
    """This second: no form gives a session a part of one, and no page shows it."""
    return clock.now().replace(microsecond=0)


def _begins(academy: Academy, session: int) -> None:
    """The day has come: the session began some minutes ago, and its room shows a code."""
    while clock.now().astimezone(clock.PARIS).strftime("%H:%M") == "13:00":
        time.sleep(1)  # an afternoon of no length would give no hours
    with academy.app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, session)
        seating.lock(row)
        row.starts_at, row.ends_at = _now() - timedelta(minutes=5), _now() + timedelta(hours=1)
        room_codes.renew(row, by=it.scalars(select(Person).limit(1)).one(), now=clock.now())


def _code(academy: Academy, session: int) -> str:
    with academy.app.app_context():
        return room_codes.shown(db.session.get_one(RoomCode, session), now=clock.now())[0]


def _ends(academy: Academy, session: int) -> None:
    """It ends now, in the half-day that was signed."""
    with academy.app.app_context(), transaction() as it:
        row = it.get_one(CycleSession, session)
        seating.lock(row)
        row.ends_at = _now()
        signed = it.scalars(select(Signature).where(Signature.session_id == session)).one()
        assert f"{signed.day}.{signed.half}" in {it.key for it in half_days.half_days(row.starts_at, row.ends_at)}


def _invitation(academy: Academy, email: str) -> icalendar.Event:
    """The event of the calendar file that came with the confirmation."""
    found = []
    for path in sorted((academy.instance / "mails").glob("*.eml")):
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        if email in str(mail["To"]):
            found += [part.get_content() for part in mail.iter_attachments() if part.get_filename() == "invitation.ics"]
    calendar = icalendar.Calendar.from_ical(found[-1])
    return calendar.events[0]
