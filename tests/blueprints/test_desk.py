"""The desk: what is to be done, sessions from the first word to the cancellation, rolls, people, the journal."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import func, select, update

from academy.domain import contract, enrolment, scheduling
from academy.domain.session_texts import Schedule, Words
from academy.extensions import db, transaction
from academy.models import (
    AuditEntry,
    Cycle,
    CycleSession,
    Edition,
    Enrolment,
    Kind,
    OutboxMessage,
    Person,
    Role,
    SessionStatus,
    SignIn,
    Speaker,
    Venue,
)
from academy.web import clock
from tests.factories import a_document, a_person, a_session, a_text
from tests.kept import once

FORM = {
    "title": "Les câbles sous la mer",
    "summary": "Deux heures sur les câbles.",
    "cycle": "port",
    "starts_at": "2027-02-04T18:00",
    "ends_at": "2027-02-04T20:00",
    "mode": "onsite",
    "venue": "cisam",
    "capacity": "2",
    "waiting_list": "y",
    "trainers": ["formatrice-a"],
    "modules": ["escale"],
    "programme": "## Accueil\r\n\r\nCafé, puis **câbles**.\r\n",
    "action": "publish",
}


@pytest.fixture
@once
def ready(app) -> dict[str, int]:
    """People of every role by name; the cycle "port" with a module, a venue, a speaker."""
    with app.app_context():
        with transaction() as session:
            session.add(Venue(slug="cisam", name="Cisam", city="Marseille"))
            session.add(Speaker(slug="formatrice-a", name="Formatrice A"))
        a_text("port", kind=Kind.CYCLE, slug="port", title="Le port")
        a_text("escale", kind=Kind.MODULE, cycle="port", title="Une escale")
        return {
            "olga": a_person("Olga", role=Role.ORGANISER),
            "tess": a_person("Tess", role=Role.TRAINER),
            "sam": a_person("Sam", role=Role.STAKEHOLDER),
            "ada": a_person("Ada", role=Role.ADMIN),
        }


@pytest.fixture
def olga(ready, as_):
    return as_(ready["olga"])


@pytest.fixture
def made(app, ready):
    """`made(capacity=…)`: the id of a session in February 2027 with files that keep the contract."""

    def make(*, publish: bool = True, words: dict[str, Words] | None = None, **facts) -> int:
        start = datetime(2027, 2, 4, 17, tzinfo=UTC)
        schedule = Schedule(**{"starts_at": start, "ends_at": start + timedelta(hours=2), "capacity": 2} | facts)
        french = Words(title="Les câbles", summary="Deux heures.", programme="Café.")
        with app.app_context():
            port = db.session.scalars(select(Cycle).where(Cycle.slug == "port")).one()
            said, now = words or {"fr": french}, clock.now()
            texts = scheduling.prepare_session(port, schedule, said, publish=publish, now=now)
            with transaction():
                return scheduling.create_session(texts, cycle=port, by=None, now=now).id

    return make


@pytest.fixture
def seated(app):
    """`seated(session, 3)`: ids of enrolments in the order of joining."""

    def make(session: int, count: int, *names: str) -> list[int]:
        ids = []
        with app.app_context():
            for number in range(count):
                person = a_person(names[number] if number < len(names) else "")
                with transaction() as it:
                    row = it.get_one(CycleSession, session)
                    held = enrolment.enrol(it.get_one(Person, person), row, now=clock.now())
                    it.flush()
                    ids.append(held.id)
        return ids

    return make


@pytest.fixture
def rows(app):
    """`rows(select(…))`: what the database says now."""

    def read(wanted) -> list:
        with app.app_context():
            return list(db.session.scalars(wanted))

    return read


def token(client, url: str = "/pilotage/personnes/") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(url).text)
    assert found, url
    return found[1]


def post(client, url: str, data: dict | None = None):
    return client.post(url, data={**(data or {}), "csrf_token": token(client)})


def words(response) -> str:
    """The visible words of a page."""
    return " ".join(
        unescape(re.sub(r"<[^>]+>", " ", response.text)).replace("\u202f", " ").replace("\xa0", " ").split()
    )


def shown(client, id: int) -> dict[str, str | list[str]]:
    """The form of a session as a browser would send it back untouched."""
    page = client.get(f"/pilotage/sessions/{id}/modifier").text
    fields: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or name[1] == "csrf_token" or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        text = unescape(value[1]) if value else ""
        if name[1] in {"trainers", "modules"}:
            fields.setdefault(name[1], []).append(text)  # pyright: ignore
        else:
            fields[name[1]] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        fields[name] = unescape(re.search(r'<option selected value="([^"]*)"', options)[1])  # pyright: ignore
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.S):
        fields[name] = unescape(text).replace("\n", "\r\n")
    return fields


# who may come in


PAGES = ["/", "/sessions/nouvelle", "/personnes/", "/journal/"]
SESSION_PAGES = ["/", "/modifier", "/annulation", "/inscrits.csv"]
SESSION_POSTS = ["/modifier", "/places", "/annulation", "/inscrits"]


def test_strangers_sign_in_first_and_others_stay_out(client, as_, ready, made):
    session = made()
    urls = [f"/pilotage{page}" for page in PAGES]
    urls += [f"/pilotage/sessions/{session}{page}" for page in SESSION_PAGES]
    for url in urls:
        answer = client.get(url)
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/connexion"), url
    for name in ("tess", "sam"):
        visitor = as_(ready[name])
        assert {url: visitor.get(url).status_code for url in urls} == dict.fromkeys(urls, 403)
    for name in ("olga", "ada"):
        visitor = as_(ready[name])
        assert {url: visitor.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_nobody_else_posts(client, as_, ready, made, seated, rows):
    session = made()
    held = seated(session, 1)[0]
    urls = [f"/pilotage/sessions/{session}{page}" for page in SESSION_POSTS]
    urls += ["/pilotage/sessions/nouvelle", "/pilotage/personnes/", f"/pilotage/personnes/{ready['sam']}/role"]
    urls += [f"/pilotage/inscriptions/{held}/annuler"]
    entries = select(func.count(AuditEntry.id)).where(AuditEntry.action != "account.sign_in")
    before = rows(entries)
    assert {url: client.post(url, data=FORM).status_code for url in urls} == dict.fromkeys(urls, 401)
    trainer = as_(ready["tess"])
    signed = {**FORM, "csrf_token": token(trainer, "/moi/")}
    assert {url: trainer.post(url, data=signed).status_code for url in urls} == dict.fromkeys(urls, 403)
    assert rows(entries) == before


def test_a_post_without_its_token_does_nothing(olga, made, rows):
    assert olga.post(f"/pilotage/sessions/{made()}/annulation").status_code == 400
    assert rows(select(CycleSession.status)) == [SessionStatus.SCHEDULED]


def test_what_does_not_exist_is_not_found(olga):
    for url in ("/pilotage/sessions/999/", "/pilotage/sessions/99999999999/", "/pilotage/sessions/999/inscrits.csv"):
        assert olga.get(url).status_code == 404
    assert post(olga, "/pilotage/inscriptions/999/annuler").status_code == 404


# today


def test_an_empty_academy_says_what_to_do_next(olga):
    page = words(olga.get("/pilotage/"))
    assert "Aujourd’hui, rien ne presse." in page
    assert "Par où commencer" in page
    assert "Tout est en ordre" not in page


@pytest.mark.parametrize("page", ["/pilotage/", "/pilotage/sessions/nouvelle", "/atelier/", "/atelier/nouveau"])
def test_without_a_cycle_the_team_is_told_what_to_do_and_no_form_asks_for_one(app, as_, page):
    with app.app_context():
        olga = a_person(role=Role.ORGANISER)
    answer = as_(olga).get(page)
    assert answer.status_code == 200
    assert "Il faut d’abord un cycle" in words(answer)
    assert "/atelier/nouveau?kind=resource" in answer.text
    assert 'name="title"' not in answer.text
    assert "<code>flask --app wsgi content load</code>" in answer.text


@pytest.mark.each_database
def test_today_lists_what_is_to_be_done(app, olga, made, seated, rows):
    soon = clock.now() + timedelta(days=3)
    made(
        starts_at=soon, ends_at=soon + timedelta(hours=2), capacity=1, words={"fr": Words(title="Bientôt", summary="S")}
    )
    seated(rows(select(CycleSession.id))[0], 3)
    with app.app_context():
        a_document(title="Pas fini", is_published=False)
        with transaction() as session:
            session.execute(update(OutboxMessage).where(OutboxMessage.id == 1).values(error="OSError: refusé"))
    page = words(olga.get("/pilotage/"))
    assert "Aujourd’hui, cinq choses à faire." in page
    assert "Compléter « Bientôt »" in page
    assert "il manque : le lieu, le programme, qui l’anime" in page
    assert "2 personnes attendent" in page
    assert "1 place prise sur 1" in page
    assert "Relire « Pas fini »" in page
    assert "1 message n’est pas parti" in page
    assert "OSError: refusé" in page


@pytest.mark.each_database
def test_today_forgets_what_is_over_or_cancelled(app, olga):
    with app.app_context():
        a_session(title="Passée", starts_in=timedelta(days=-3))
        a_session(title="Annulée", status=SessionStatus.CANCELLED, starts_in=timedelta(days=2))
    page = words(olga.get("/pilotage/"))
    assert "Aujourd’hui, rien ne presse." in page
    assert "Sessions passées" in page


@pytest.mark.each_database
@pytest.mark.parametrize("url", ["/pilotage/", "/pilotage/journal/", "/pilotage/personnes/"])
def test_lists_cost_the_same_for_one_and_for_three(app, olga, made, seated, queries, url):
    seated(made(capacity=1), 2)
    with app.app_context():
        a_session(starts_in=timedelta(days=-3))
        a_document(is_published=False)
    olga.get(url)
    queries.clear()
    olga.get(url)
    once = len(queries)
    for _ in range(2):
        seated(made(capacity=1), 2)
        with app.app_context():
            a_session(starts_in=timedelta(days=-3))
            a_document(is_published=False)
    olga.get(url)
    queries.clear()
    olga.get(url)
    assert len(queries) == once


@pytest.mark.each_database
@pytest.mark.parametrize("page", ["/", "/annulation", "/inscrits.csv"])
def test_a_roll_costs_the_same_for_one_and_for_three(olga, made, seated, queries, page):
    session = made(capacity=1)
    counts = []
    for more in (1, 2):
        seated(session, more)
        olga.get(f"/pilotage/sessions/{session}{page}")
        queries.clear()
        olga.get(f"/pilotage/sessions/{session}{page}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# a new session


@pytest.mark.each_database
def test_a_new_session_is_public_at_once(client, olga, rows):
    answer = post(olga, "/pilotage/sessions/nouvelle", FORM)
    session = rows(select(CycleSession))[0]
    assert (answer.status_code, answer.location) == (303, f"/pilotage/sessions/{session.id}/")
    assert (session.starts_at, session.capacity, session.module_keys) == (
        datetime(2027, 2, 4, 17, tzinfo=UTC),
        2,
        ["escale"],
    )
    page = client.get(f"/sessions/{session.id}-les-cables-sous-la-mer/")
    assert page.status_code == 200
    assert "<strong>câbles</strong>" in page.text
    edition = rows(select(Edition).join(Edition.document).where(Edition.title == FORM["title"]))
    assert len(edition) == 1


def test_the_file_is_lf_and_says_what_the_form_said(app, olga):
    post(olga, "/pilotage/sessions/nouvelle", FORM)
    with app.app_context():
        source = db.session.scalars(select(Edition).where(Edition.title == FORM["title"])).one().published.source  # pyright: ignore
    assert "\r" not in source
    facts = contract.read(source, kind=Kind.SESSION)
    assert facts
    assert (facts.venue, facts.trainers, facts.modules) == ("cisam", ("formatrice-a",), ("escale",))
    assert source.endswith("---\n\n## Accueil\n\nCafé, puis **câbles**.\n")


def test_a_draft_is_for_the_team(client, olga, rows):
    post(olga, "/pilotage/sessions/nouvelle", FORM | {"action": "save"})
    session = rows(select(CycleSession.id))[0]
    assert client.get(f"/sessions/{session}-les-cables-sous-la-mer/").status_code == 404
    assert "Brouillon" in words(olga.get(f"/pilotage/sessions/{session}/"))
    assert "Publier la session" in words(olga.get(f"/pilotage/sessions/{session}/modifier"))


def test_the_preview_is_the_renderer_s_and_saves_nothing(olga, rows):
    script = FORM | {"action": "preview", "programme": "**gras** <script>alert(1)</script>", "title": ""}
    answer = post(olga, "/pilotage/sessions/nouvelle", script)
    assert answer.status_code == 200
    assert "<strong>gras</strong>" in answer.text
    assert "<script>alert" not in answer.text
    assert rows(select(CycleSession.id)) == []


def test_the_preview_of_nothing_says_what_to_write(olga):
    nothing = dict.fromkeys(FORM, "") | {"action": "preview"}
    page = words(post(olga, "/pilotage/sessions/nouvelle", nothing))
    assert "Rien à montrer pour l’instant" in page.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, "Titre"),
        ({"title": "« … »"}, "au moins une lettre"),
        ({"title": "Câbles\u202e"}, "caractère invisible"),
        ({"title": "x\x00y"}, "caractère invisible"),
        ({"title": "t" * 301}, "300"),
        ({"summary": "s" * 241}, "240"),
        ({"cycle": "rien"}, "Cycle"),
        ({"capacity": "1000000000"}, "nombre entier de 0 à 100000"),
        ({"capacity": "-1"}, "nombre entier de 0 à 100000"),
        ({"capacity": "1e3"}, "nombre entier de 0 à 100000"),
        ({"capacity": "٣"}, "nombre entier de 0 à 100000"),
        ({"ends_at": "2027-02-04T17:00"}, "La fin vient avant le début"),
        ({"ends_at": "2027-02-04T18:00"}, "La fin vient avant le début"),
        ({"starts_at": ""}, "Donnez aussi le début"),
        ({"starts_at": "demain"}, "Donnez une date et une heure"),
        ({"starts_at": "2020-02-04T18:00"}, "déjà passée"),
        ({"starts_at": "2199-02-04T18:00"}, "hors du calendrier"),
        ({"starts_at": "2027-03-28T02:30", "ends_at": ""}, "Cette heure n’existe pas"),
        ({"opens_at": "2027-02-01T10:00", "closes_at": "2027-01-01T10:00"}, "La clôture vient avant"),
        ({"venue": "nulle-part"}, "Lieu"),
        ({"mode": "astral"}, "Format"),
        ({"trainers": ["personne"]}, "Formatrices"),
        ({"modules": ["rien"]}, "Modules"),
        ({"programme": "a\x00b"}, "NUL"),
        ({"programme": "a" * (128 * 1024 + 1)}, "128"),
        ({"programme": "[[rien-du-tout]]"}, "rien-du-tout"),
        ({"title_en": "Cables"}, "résumé en anglais"),
        ({"programme_en": "Coffee."}, "titre en anglais"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(olga, rows, change, message):
    answer = post(olga, "/pilotage/sessions/nouvelle", FORM | change)
    assert answer.status_code == 422
    page = words(answer)
    assert "Rien n’est encore enregistré" in page
    assert message in page
    assert "Café, puis **câbles**." in page or "programme" in change
    assert rows(select(CycleSession.id)) == []


def test_what_is_to_repair_is_listed_above_the_form_with_ways_to_its_fields(olga):
    answer = post(olga, "/pilotage/recherche/synonymes/", {"term": "?", "meanings": "", "language": "fr"})
    assert answer.status_code == 422
    before, _, summary = answer.text.partition('class="errors"')
    assert re.findall(r'<a href="#(\w+)">', summary.partition("</div>")[0]) == ["term", "meanings"]
    assert 'id="term"' not in before


def test_an_hour_that_comes_twice_is_the_first_and_it_is_said(olga, rows):
    answer = post(olga, "/pilotage/sessions/nouvelle", FORM | {"starts_at": "2027-10-31T02:30", "ends_at": ""})
    assert answer.status_code == 303
    assert rows(select(CycleSession.starts_at)) == [datetime(2027, 10, 31, 0, 30, tzinfo=UTC)]
    session = rows(select(CycleSession.id))[0]
    assert "la première est retenue" in words(olga.get(f"/pilotage/sessions/{session}/modifier"))


def test_a_cycle_without_words_is_not_ready(app, olga):
    with app.app_context(), transaction() as session:
        session.add(Cycle(slug="vide", position=9, created_at=clock.now()))
    answer = post(olga, "/pilotage/sessions/nouvelle", FORM | {"cycle": "vide", "modules": []})
    assert answer.status_code == 409
    assert "pas encore de présentation publiée" in words(answer)


def test_a_module_of_another_cycle_is_refused(app, olga):
    with app.app_context():
        a_text("mer", kind=Kind.CYCLE, slug="mer", title="La mer")
        a_text("cap", kind=Kind.MODULE, cycle="mer", title="Un cap")
    answer = post(olga, "/pilotage/sessions/nouvelle", FORM | {"modules": ["cap"]})
    assert answer.status_code == 422
    assert "modules du cycle" in words(answer)


# changing a session


def test_the_form_sent_back_untouched_changes_nothing(olga, made, rows):
    english = Words(title="Cables", summary="Two hours.", programme="Coffee.\n\n- one\n")
    session = made(words={"fr": Words(title="Câbles", summary="Deux.", programme="\n\nCafé.\n"), "en": english})
    heads = rows(select(Edition.head_id).order_by(Edition.id))
    answer = post(olga, f"/pilotage/sessions/{session}/modifier", shown(olga, session) | {"action": "save"})
    assert answer.status_code == 303
    assert rows(select(Edition.head_id).order_by(Edition.id)) == heads


def test_another_date_is_saved_and_told(olga, made, seated, rows):
    session = made()
    seated(session, 2)
    typed = shown(olga, session) | {"starts_at": "2027-02-11T18:00", "ends_at": "2027-02-11T20:00", "action": "save"}
    assert post(olga, f"/pilotage/sessions/{session}/modifier", typed).status_code == 303
    assert rows(select(CycleSession.starts_at)) == [datetime(2027, 2, 11, 17, tzinfo=UTC)]
    assert rows(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.topic == "session.changed")) == [2]
    assert "début : 4 février 2027 à 18 h → 11 février 2027 à 18 h" in words(
        olga.get(f"/pilotage/journal/?session={session}")
    )


@pytest.mark.each_database
def test_who_saved_first_is_not_overwritten_and_both_versions_are_seen(olga, as_, ready, made, rows):
    session = made()
    mine, url = shown(olga, session), f"/pilotage/sessions/{session}/modifier"
    post(as_(ready["ada"]), url, mine | {"title": "Titre d’Ada", "capacity": "9", "action": "save"})
    answer = post(olga, url, mine | {"title": "Titre d’Olga", "action": "save"})
    assert answer.status_code == 409
    page = words(answer)
    assert "Titre d’Ada" in page
    assert "une version plus récente" in page
    assert 'value="Titre d’Olga"' in unescape(answer.text)
    base = re.search(r'name="base_fr"[^>]*value="(\d+)"', answer.text)
    assert base
    again = post(olga, url, mine | {"title": "Titre d’Olga", "capacity": "9", "base_fr": base[1], "action": "save"})
    assert again.status_code == 303
    assert rows(select(Edition.title).join(CycleSession, CycleSession.document_id == Edition.document_id)) == [
        "Titre d’Olga"
    ]


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 30])
def test_a_base_that_is_none_is_a_conflict_and_no_error(olga, made, base):
    session = made()
    typed = shown(olga, session) | {"base_fr": base, "title": "Autre", "action": "save"}
    assert post(olga, f"/pilotage/sessions/{session}/modifier", typed).status_code == 409


def test_english_is_added_then_kept(client, olga, made, rows):
    session = made()
    english = {"title_en": "Cables", "summary_en": "Two hours.", "programme_en": "Coffee.", "action": "save"}
    assert post(olga, f"/pilotage/sessions/{session}/modifier", shown(olga, session) | english).status_code == 303
    assert "Coffee." in client.get(f"/en/sessions/{session}-les-cables/").text
    gone = shown(olga, session) | {"title_en": "", "summary_en": "", "programme_en": "", "action": "save"}
    answer = post(olga, f"/pilotage/sessions/{session}/modifier", gone)
    assert answer.status_code == 422
    assert "passez par l’atelier" in words(answer)


def test_a_session_stays_in_its_cycle(app, olga, made):
    with app.app_context():
        a_text("mer", kind=Kind.CYCLE, slug="mer", title="La mer")
    session = made()
    typed = shown(olga, session) | {"cycle": "mer", "action": "save"}
    assert post(olga, f"/pilotage/sessions/{session}/modifier", typed).status_code == 422


# seats


def test_raised_seats_go_to_the_head_of_the_queue(olga, made, seated, rows):
    session = made(capacity=1)
    held = seated(session, 4)
    assert post(olga, f"/pilotage/sessions/{session}/places", {"capacity": "3"}).status_code == 303
    assert rows(select(Enrolment.status).order_by(Enrolment.rank)) == ["confirmed", "confirmed", "confirmed", "waiting"]
    confirmed = rows(
        select(OutboxMessage).where(OutboxMessage.topic == "enrolment.confirmed").order_by(OutboxMessage.id)
    )
    assert [message.payload["enrolment"] for message in confirmed] == held[:3]


@pytest.mark.parametrize("capacity", ["1000000000", "-1", "beaucoup", "1.5"])
def test_impossible_seats_are_refused(olga, made, rows, capacity):
    answer = post(olga, f"/pilotage/sessions/{made()}/places", {"capacity": capacity})
    assert answer.status_code == 422
    assert "nombre entier" in words(answer)
    assert rows(select(CycleSession.capacity)) == [2]


# calling off


def test_the_page_says_who_will_be_told_and_does_nothing(olga, made, seated, rows):
    session = made(capacity=1)
    seated(session, 2, "Ana Rossi", "Bo Diaz")
    page = words(olga.get(f"/pilotage/sessions/{session}/annulation"))
    assert "2 personnes recevront un message" in page
    assert "Ana Rossi (place confirmée) Bo Diaz (en attente)" in page
    assert rows(select(CycleSession.status)) == [SessionStatus.SCHEDULED]


@pytest.mark.each_database
def test_everybody_is_told_exactly_once_even_if_the_button_is_pressed_twice(olga, client, made, seated, rows):
    session = made(capacity=1)
    held = seated(session, 3)
    for _ in range(2):
        assert post(olga, f"/pilotage/sessions/{session}/annulation").status_code == 303
    told = rows(select(OutboxMessage).where(OutboxMessage.topic == "session.cancelled").order_by(OutboxMessage.id))
    assert [message.payload["enrolment"] for message in told] == held
    assert "Annulée" in words(client.get(f"/sessions/{session}-les-cables/"))


def test_a_cancelled_session_takes_no_change(olga, made):
    session = made()
    typed = shown(olga, session)
    post(olga, f"/pilotage/sessions/{session}/annulation")
    assert (
        post(olga, f"/pilotage/sessions/{session}/modifier", typed | {"title": "X", "action": "save"}).status_code
        == 409
    )
    assert post(olga, f"/pilotage/sessions/{session}/places", {"capacity": "9"}).status_code == 409
    assert (
        post(olga, f"/pilotage/sessions/{session}/inscrits", {"name": "A", "email": "a@example.org"}).status_code == 409
    )
    assert "elle ne se modifie plus" in words(olga.get(f"/pilotage/sessions/{session}/modifier"))


def test_a_past_session_is_not_called_off(app, olga, rows):
    with app.app_context():
        session = a_session(starts_in=timedelta(days=-3))
    assert post(olga, f"/pilotage/sessions/{session}/annulation").status_code == 409
    assert rows(select(CycleSession.status)) == [SessionStatus.SCHEDULED]


# the roll


@pytest.mark.each_database
def test_the_roll_is_in_order_and_runs_nothing_in_a_spreadsheet(olga, made, seated):
    session = made(capacity=1)
    seated(session, 3, "=HYPERLINK(1)", "Ana", "+33")
    answer = olga.get(f"/pilotage/sessions/{session}/inscrits.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="les-cables-{session}.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert [line[:3] for line in lines] == [
        ["Statut", "Rang", "Nom"],
        ["Confirmée", "", "'=HYPERLINK(1)"],
        ["En attente", "1", "Ana"],
        ["En attente", "2", "'+33"],
    ]


def test_somebody_is_enrolled_by_name_and_address(olga, made, rows):
    url = f"/pilotage/sessions/{made(capacity=1)}/inscrits"
    assert post(olga, url, {"name": "Ana Rossi", "email": "Ana@Example.org"}).status_code == 303
    assert post(olga, url, {"name": "Bo", "email": "bo@example.org"}).status_code == 303
    assert rows(select(Enrolment.status).order_by(Enrolment.rank)) == ["confirmed", "waiting"]
    assert rows(select(func.count(AuditEntry.id)).where(AuditEntry.action == "enrolment.add")) == [2]


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "", "email": "a@example.org"},
        {"name": "\u202e\u200b", "email": "a@example.org"},
        {"name": "A", "email": "pas une adresse"},
        {"name": "A", "email": "a@example.org\r\nBcc: x@example.org"},
    ],
)
def test_nobody_without_a_name_and_an_address(olga, made, rows, typed):
    answer = post(olga, f"/pilotage/sessions/{made()}/inscrits", typed)
    assert answer.status_code == 422
    assert rows(select(Enrolment.id)) == []


def test_a_cancelled_enrolment_passes_its_seat_on(olga, made, seated, rows):
    session = made(capacity=1)
    held = seated(session, 2)
    assert post(olga, f"/pilotage/inscriptions/{held[0]}/annuler").status_code == 303
    assert rows(select(Enrolment.status).order_by(Enrolment.rank)) == ["cancelled", "confirmed"]


def test_the_roll_of_a_past_session_stays(app, olga, rows, ready):
    with app.app_context():
        session = a_session(starts_in=timedelta(days=-3))
        with transaction() as it:
            row = it.get_one(CycleSession, session)
            it.add(Enrolment(session=row, person_id=ready["sam"], status="confirmed", rank=1, joined_at=clock.now()))
    held = rows(select(Enrolment.id))[0]
    assert post(olga, f"/pilotage/inscriptions/{held}/annuler").status_code == 409
    assert rows(select(Enrolment.status)) == ["confirmed"]


# people


@pytest.mark.each_database
def test_people_are_found_by_pieces_of_name_or_address(app, olga):
    with app.app_context():
        a_person("Zoé Martin", email="zoe@example.org")
        a_person("100 % zèle", email="autre@example.org")
    assert "Zoé Martin" in words(olga.get("/pilotage/personnes/?q=mart+zoe@"))
    assert "1 personne " in words(olga.get("/pilotage/personnes/?q=%25"))  # no wildcard
    assert "Personne ne correspond" in words(olga.get("/pilotage/personnes/?q=_zzz%00"))


@pytest.mark.each_database
def test_a_role_changes_and_the_person_signs_in_again(olga, as_, ready, rows):
    as_(ready["sam"])
    assert post(olga, f"/pilotage/personnes/{ready['sam']}/role", {"role": "trainer"}).status_code == 303
    assert rows(select(Person.role).where(Person.id == ready["sam"])) == [Role.TRAINER]
    assert rows(select(SignIn.id).where(SignIn.person_id == ready["sam"])) == []
    assert "Participation → Formation" in words(olga.get(f"/pilotage/journal/?person={ready['sam']}"))


def test_roles_that_are_not_given(olga, ready, rows):
    for person, role, code in (
        (ready["olga"], "stakeholder", 409),
        (ready["ada"], "stakeholder", 409),
        (ready["sam"], "admin", 409),
        (ready["sam"], "king", 422),
        (ready["sam"], "", 422),
    ):
        assert post(olga, f"/pilotage/personnes/{person}/role", {"role": role}).status_code == code
    assert rows(select(Person.role).order_by(Person.id)) == [Role.ORGANISER, Role.TRAINER, Role.STAKEHOLDER, Role.ADMIN]


def test_a_person_is_added_once(olga, rows):
    typed = {"name": "Ana", "email": "ana@example.org", "role": "trainer"}
    assert post(olga, "/pilotage/personnes/", typed).status_code == 303
    assert post(olga, "/pilotage/personnes/", typed | {"email": " ANA@example.org"}).status_code == 409
    assert rows(select(Person.role).where(Person.email == "ana@example.org")) == [Role.TRAINER]


def test_an_organiser_adds_no_admin(olga, rows):
    typed = {"name": "Ana", "email": "ana@example.org", "role": "admin"}
    assert post(olga, "/pilotage/personnes/", typed).status_code == 422
    assert rows(select(Person.id).where(Person.email == "ana@example.org")) == []


# the journal


@pytest.mark.each_database
def test_the_journal_tells_newest_first_and_filters(olga, made, seated, ready):
    one, other = made(), made(words={"fr": Words(title="Autre", summary="S")})
    seated(one, 1, "Ana Rossi")
    page = words(olga.get(f"/pilotage/journal/?session={one}"))
    assert "Ana Rossi · Les câbles" in page
    assert "Autre" not in page
    assert page.index("place donnée") < page.index("inscription demandée") < page.index("session créée")
    assert "Autre" in words(olga.get(f"/pilotage/journal/?session={other}"))
    assert "connexion" in words(olga.get(f"/pilotage/journal/?person={ready['olga']}"))
    for odd in ("?page=0", "?page=99999999999999999999", "?person=x&session=-1", "?session=99999999999999"):
        assert olga.get(f"/pilotage/journal/{odd}").status_code == 200


def test_every_page_has_a_title_and_one_h1(olga, made, seated):
    session = made()
    seated(session, 1)
    for page in [*PAGES, *(f"/sessions/{session}{page}" for page in SESSION_PAGES[:3])]:
        text = olga.get(f"/pilotage{page}").text
        assert (len(re.findall("<h1", text)), len(re.findall("<title[^>]*>.+</title>", text))) == (1, 1), page
