"""Sessions copied to another day, one or a whole season: hours of Paris, drafts, nobody in them."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import func, select

from academy.domain import cloning, enrolment_questions, scheduling
from academy.domain.session_texts import Schedule, Words
from academy.extensions import db, transaction
from academy.models import (
    Access,
    AuditEntry,
    Cycle,
    CycleSession,
    Document,
    Edition,
    Enrolment,
    EnrolmentQuestion,
    Kind,
    QuestionKind,
    Role,
    Speaker,
    Venue,
)
from academy.web import clock
from tests.factories import a_person, a_question, a_text
from tests.kept import once

FRENCH = Words(title="Les câbles", summary="Deux heures.", programme="## Accueil\n\nCafé, puis **câbles**.")
ENGLISH = Words(title="Cables", summary="Two hours.", programme="## Welcome\n\nCoffee.")
START = datetime(2027, 2, 4, 17, tzinfo=UTC)  # Thursday, 18:00 in Paris


@pytest.fixture
@once
def organiser(app) -> int:
    """An academy with the cycle "port"; the id of Olga, who organises."""
    with app.app_context():
        with transaction() as session:
            session.add(Venue(slug="cisam", name="Cisam", city="Marseille"))
            session.add(Speaker(slug="formatrice-a", name="Formatrice A"))
        a_text("port", kind=Kind.CYCLE, slug="port", title="Le port")
        a_text("escale", kind=Kind.MODULE, cycle="port", title="Une escale")
        return a_person("Olga", role=Role.ORGANISER)


@pytest.fixture
def olga(organiser, as_):
    return as_(organiser)


@pytest.fixture
def made(app, olga):
    """`made(start, …)`: the id of a session of the cycle "port"."""

    def make(start: datetime | None = START, *, title: str = "", publish: bool = True, **facts) -> int:
        end = start + timedelta(hours=2) if start else None
        schedule = Schedule(**{"starts_at": start, "ends_at": end, "capacity": 2} | facts)
        french = Words(title=title or FRENCH.title, summary=FRENCH.summary, programme=FRENCH.programme)
        with app.app_context():
            port, now = db.session.scalars(select(Cycle).where(Cycle.slug == "port")).one(), clock.now()
            words = {"fr": french, "en": ENGLISH}
            texts = scheduling.prepare_session(port, schedule, words, publish=publish, now=now)
            with transaction():
                return scheduling.create_session(texts, cycle=port, by=None, now=now).id

    return make


def form_in(page: str, action: str) -> dict[str, str | list[str]]:
    """What a browser would send of the form, untouched."""
    form = re.search(rf'<form[^>]*action="{action}".*?</form>', page, re.S)
    assert form, page
    fields: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        text = unescape(value[1]) if value else ""
        if name[1] in {"trainers", "modules", "session"}:
            fields.setdefault(name[1], []).append(text)  # pyright: ignore
        else:
            fields[name[1]] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[0], re.S):
        found = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = unescape(found[1]) if found else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form[0], re.S):
        fields[name] = unescape(text).replace("\n", "\r\n")
    return fields


def words(response) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", response.text))
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


def rows(app, wanted) -> list:
    with app.app_context():
        return list(db.session.scalars(wanted))


# the clocks


@pytest.mark.parametrize(
    ("start", "wanted", "wall"),
    [
        (datetime(2027, 2, 4, 17, tzinfo=UTC), date(2027, 4, 8), "2027-04-08T18:00"),  # winter to summer
        (datetime(2027, 7, 1, 16, tzinfo=UTC), date(2027, 11, 4), "2027-11-04T18:00"),  # summer to winter
        (datetime(2027, 2, 27, 23, 30, tzinfo=UTC), date(2027, 3, 7), "2027-03-07T00:30"),  # already tomorrow in Paris
    ],
)
def test_hours_of_paris_stay_across_both_clock_changes(start, wanted, wall):
    assert cloning.moved(start, days=cloning.days_to(start, wanted)) == wall


def test_whole_weeks_go_to_the_nearest_same_weekday():
    assert cloning.whole_weeks_to(START, date(2027, 9, 2)) == 210  # a Thursday
    assert cloning.whole_weeks_to(START, date(2027, 9, 5)) == 210  # the Sunday after
    assert cloning.whole_weeks_to(START, date(2027, 9, 6)) == 217  # the Monday after that


# one session


def test_a_copy_opens_the_form_filled_and_saves_nothing(app, olga, made):
    opens = START - timedelta(days=30)
    model = made(venue="cisam", trainers=("formatrice-a",), modules=("escale",), opens_at=opens, waiting_list=False)
    assert "Copier la session" in words(olga.get(f"/pilotage/sessions/{model}/"))
    assert "Date de la nouvelle session" in words(olga.get(f"/pilotage/sessions/{model}/copie"))
    page = olga.get(f"/pilotage/sessions/{model}/copie?date=2027-06-03")
    sent = form_in(page.text, "/pilotage/sessions/nouvelle")
    assert (sent["starts_at"], sent["ends_at"], sent["opens_at"], sent["closes_at"]) == (
        "2027-06-03T18:00",
        "2027-06-03T20:00",
        "2027-05-04T18:00",
        "",
    )
    assert (sent["venue"], sent["capacity"], sent["trainers"], sent["modules"]) == (
        "cisam",
        "2",
        ["formatrice-a"],
        ["escale"],
    )
    assert (sent["title"], sent["title_en"], "waiting_list" in sent) == ("Les câbles", "Cables", False)
    assert len(rows(app, select(CycleSession.id))) == 1


def test_the_copy_is_a_draft_with_the_words_of_both_languages_and_nobody_in_it(app, olga, made):
    model = made(venue="cisam")
    page = olga.get(f"/pilotage/sessions/{model}/copie?date=2027-06-03")
    answer = olga.post(
        "/pilotage/sessions/nouvelle", data=form_in(page.text, "/pilotage/sessions/nouvelle") | {"action": "save"}
    )
    assert answer.status_code == 303
    first, second = rows(app, select(CycleSession).order_by(CycleSession.id))
    assert (second.starts_at, second.venue_id) == (datetime(2027, 6, 3, 16, tzinfo=UTC), first.venue_id)
    with app.app_context():
        editions = db.session.scalars(select(Edition).where(Edition.document_id == second.document_id)).all()
        said = {edition.language: edition.head.source for edition in editions if edition.head}
        assert [edition.published_id for edition in editions] == [None, None]
    assert "**câbles**" in said["fr"]
    assert "Coffee." in said["en"]
    assert rows(app, select(func.count(Enrolment.id))) == [0]
    copied = rows(app, select(AuditEntry).where(AuditEntry.action == "session.copy"))
    assert [(entry.entity_id, entry.detail) for entry in copied] == [(second.id, {"copied_from": model})]


RULES = {
    "access": Access.MEMBERS,
    "needs_approval": True,
    "offer_hours": 48,
    "quota_company": 2,
    "has_reminders": False,
    "is_cofinanced": True,
}


def ruled(app, model: int) -> None:
    with app.app_context(), transaction() as session:
        row = session.get_one(CycleSession, model)
        row.sequence, row.video_url = 3, "https://salle.example/secret"
        for name, value in RULES.items():
            setattr(row, name, value)


def test_the_rules_of_enrolment_come_along_and_the_virtual_room_stays_behind(app, olga, made):
    model = made(capacity=4)
    ruled(app, model)
    page = olga.get(f"/pilotage/sessions/{model}/copie?date=2027-06-03")
    assert "salle.example" not in page.text
    sent = form_in(page.text, "/pilotage/sessions/nouvelle")
    few = olga.post("/pilotage/sessions/nouvelle", data=sent | {"action": "save", "capacity": "1"})
    assert (few.status_code, 'value="1"' in few.text) == (409, True)
    assert "Les quotas réservent 2 places, et la session n’en a que 1." in words(few)
    olga.post("/pilotage/sessions/nouvelle", data=sent | {"action": "save"})
    (copy,) = rows(app, select(CycleSession).where(CycleSession.id != model))
    assert {name: getattr(copy, name) for name in RULES} == RULES
    assert (copy.video_url, copy.sequence, copy.changed_at, copy.status) == ("", 0, None, "scheduled")


def test_a_copy_asks_what_its_model_asks_and_takes_no_answer(app, olga, made):
    model = made()
    with app.app_context():
        kept = a_question(
            session=model, kind=QuestionKind.CHOICES, label_fr="Accès", label_en="Access", is_sensitive=True
        )
        closed = a_question(session=model, label_fr="Ancienne")
        with transaction() as session:
            enrolment_questions.close(session.get_one(EnrolmentQuestion, closed), by=None, now=clock.now())
    page = olga.get(f"/pilotage/sessions/{model}/copie?date=2027-06-03")
    olga.post(
        "/pilotage/sessions/nouvelle", data=form_in(page.text, "/pilotage/sessions/nouvelle") | {"action": "save"}
    )
    (asked,) = rows(app, select(EnrolmentQuestion).where(EnrolmentQuestion.session_id != model))
    with app.app_context():
        first = db.session.get_one(EnrolmentQuestion, kept)
        for name in ("kind", "label_fr", "label_en", "choices", "is_required", "is_sensitive", "position"):
            assert getattr(asked, name) == getattr(first, name)


def test_a_season_takes_the_rules_along_too(app, olga, made):
    model = made(capacity=4)
    ruled(app, model)
    page = olga.get(f"/pilotage/saison?cycle=port&session={model}&first=2027-09-02")
    assert olga.post("/pilotage/saison", data=form_in(page.text, "/pilotage/saison")).status_code == 303
    (copy,) = rows(app, select(CycleSession).where(CycleSession.id != model))
    assert {name: getattr(copy, name) for name in RULES} == RULES
    assert copy.video_url == ""


@pytest.mark.each_database
def test_what_only_the_file_of_the_model_states_is_kept(app, olga, made):
    model = made()
    with app.app_context(), transaction() as session:
        edition = session.scalars(
            select(Edition)
            .join(CycleSession, CycleSession.document_id == Edition.document_id)
            .where(Edition.language == "fr")
        ).one()
        edition.published.source = edition.published.source.replace(
            "status:", "audience: members\nexample: yes\nstatus:"
        )
    page = olga.get(f"/pilotage/sessions/{model}/copie?date=2027-06-03")
    olga.post(
        "/pilotage/sessions/nouvelle", data=form_in(page.text, "/pilotage/sessions/nouvelle") | {"action": "save"}
    )
    assert rows(app, select(Document.audience).order_by(Document.id.desc()).limit(1)) == ["members"]
    assert rows(app, select(CycleSession.is_example).order_by(CycleSession.id)) == [False, False]


def test_an_hour_that_does_not_exist_is_shown_and_explained(olga, made):
    model = made(datetime(2027, 3, 20, 1, 30, tzinfo=UTC))  # 02:30 in Paris
    page = olga.get(f"/pilotage/sessions/{model}/copie?date=2027-03-28")
    assert form_in(page.text, "/pilotage/sessions/nouvelle")["starts_at"] == "2027-03-28T02:30"
    assert "les horloges passent de 2 h à 3 h" in words(page)


def test_an_hour_that_comes_twice_is_said(olga, made):
    model = made(datetime(2027, 10, 24, 0, 30, tzinfo=UTC))  # 02:30 in Paris
    assert "a lieu deux fois cette nuit-là" in words(olga.get(f"/pilotage/sessions/{model}/copie?date=2027-10-31"))


@pytest.mark.parametrize("typed", ["", "demain", "2027-02-30", "9999-01-01", "2027-02-04T18:00", "'><script>"])
def test_a_day_that_is_none_is_asked_again(olga, made, typed):
    answer = olga.get(f"/pilotage/sessions/{made()}/copie", query_string={"date": typed})
    assert answer.status_code == 422
    assert "Donnez une date" in words(answer)
    assert "<script>" not in answer.text


def test_a_session_without_a_date_is_copied_without_one(olga, made):
    page = olga.get(f"/pilotage/sessions/{made(None)}/copie")
    sent = form_in(page.text, "/pilotage/sessions/nouvelle")
    assert (sent["starts_at"], sent["title"]) == ("", "Les câbles")


@pytest.mark.parametrize("forged", ["0", "-1", "x", "999999", "9" * 40])
def test_a_forged_model_is_no_model(app, olga, made, forged):
    page = olga.get(f"/pilotage/sessions/{made()}/copie?date=2027-06-03")
    sent = form_in(page.text, "/pilotage/sessions/nouvelle") | {"copied_from": forged, "action": "save"}
    assert olga.post("/pilotage/sessions/nouvelle", data=sent).status_code == 303
    assert rows(app, select(AuditEntry.id).where(AuditEntry.action == "session.copy")) == []


# a season


def season(olga, ids, first="2027-09-02"):
    return olga.get("/pilotage/saison", query_string={"cycle": "port", "session": ids, "first": first})


def test_a_season_keeps_weekdays_hours_and_intervals(app, olga, made):
    ids = [made(START + timedelta(weeks=2 * number), title=f"Rencontre {number + 1}") for number in range(3)]
    page = season(olga, ids, "2027-10-14")  # the third falls after the clocks change
    sent = form_in(page.text, "/pilotage/saison")
    assert [sent[f"s{id_}-starts_at"] for id_ in ids] == ["2027-10-14T18:00", "2027-10-28T18:00", "2027-11-11T18:00"]
    answer = olga.post("/pilotage/saison", data=sent)
    assert (answer.status_code, answer.location) == (303, "/pilotage/")
    starts = rows(app, select(CycleSession.starts_at).where(CycleSession.id.not_in(ids)).order_by(CycleSession.id))
    assert starts == [
        datetime(2027, 10, 14, 16, tzinfo=UTC),
        datetime(2027, 10, 28, 16, tzinfo=UTC),
        datetime(2027, 11, 11, 17, tzinfo=UTC),
    ]
    assert rows(app, select(func.count(AuditEntry.id)).where(AuditEntry.action == "session.copy")) == [3]
    assert "3 sessions sont copiées" in words(olga.get("/pilotage/"))


def test_sessions_with_one_title_become_as_many_sessions(app, olga, made):
    ids = [made(START), made(START + timedelta(weeks=1))]
    olga.post("/pilotage/saison", data=form_in(season(olga, ids).text, "/pilotage/saison"))
    assert rows(app, select(func.count(CycleSession.id))) == [4]


def test_another_weekday_is_said(olga, made):
    page = words(season(olga, [made()], "2027-09-05"))
    assert "la première aura lieu le jeudi 2 septembre 2027" in page
    assert "dimanche 5 septembre 2027" in page


def test_one_bad_hour_and_none_is_made(app, olga, made):
    ids = [made(START), made(START + timedelta(weeks=1))]
    sent = form_in(season(olga, ids).text, "/pilotage/saison")
    sent |= {f"s{ids[1]}-ends_at": "2027-09-09T12:00", f"s{ids[0]}-title": "Un autre titre"}
    answer = olga.post("/pilotage/saison", data=sent)
    assert answer.status_code == 422
    assert "La fin vient avant le début" in words(answer)
    kept = form_in(answer.text, "/pilotage/saison")
    assert (kept[f"s{ids[1]}-ends_at"], kept[f"s{ids[0]}-title"]) == ("2027-09-09T12:00", "Un autre titre")
    assert rows(app, select(func.count(CycleSession.id))) == [2]


def test_a_failure_in_the_middle_leaves_nothing(app, olga, made, monkeypatch):
    ids = [made(START), made(START + timedelta(weeks=1))]
    sent = form_in(season(olga, ids).text, "/pilotage/saison")
    real, calls = scheduling.create_session, []

    def failing(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("disk full")
        return real(*args, **kwargs)

    monkeypatch.setattr(scheduling, "create_session", failing)
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    assert olga.post("/pilotage/saison", data=sent).status_code == 500
    assert rows(app, select(func.count(CycleSession.id))) == [2]


def test_nothing_chosen_and_bad_days_are_said(olga, made):
    model = made()
    nothing = season(olga, [])
    assert "Cochez au moins une session" in words(nothing)
    assert f'value="{model}" checked' not in nothing.text  # what was sent is shown, not what is proposed at first
    for first in ("", "2027-13-01", "hier"):
        answer = season(olga, [model], first)
        assert (answer.status_code, "Donnez une date" in words(answer)) == (422, True)
    assert olga.get("/pilotage/saison?cycle=atlantide").status_code == 404
    assert "Sessions à copier" in words(olga.get("/pilotage/saison?cycle=port"))
