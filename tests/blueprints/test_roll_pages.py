"""The roll of a large session: a page at a time, by status and by words, in a fixed number of queries."""

import re
from html import unescape

import pytest
from sqlalchemy import insert

from academy.extensions import transaction
from academy.models import Enrolment, Person, Role
from academy.web import clock
from tests.factories import a_person, a_session


@pytest.fixture
def olga(app, as_):
    with app.app_context():
        olga = a_person("Olga", role=Role.ORGANISER)
    return as_(olga)


@pytest.fixture
def roll(app):
    """`roll(seats, waiting)`: the id of a session with so many people, Zoé 1 the first."""

    def make(seats: int, waiting: int = 0) -> int:
        with app.app_context():
            session, now = a_session(capacity=seats), clock.now()
            with transaction() as it:
                numbers = range(1, seats + waiting + 1)
                people = [
                    Person(email=f"zoe-{session}-{n}@example.org", name=f"Zoé {n}", created_at=now) for n in numbers
                ]
                people[0].organisation = "Lycée du Port"
                it.add_all(people)
                it.flush()
                rows = [
                    {
                        "session_id": session,
                        "person_id": person.id,
                        "rank": rank,
                        "joined_at": now,
                        "status": "confirmed" if rank <= seats else "waiting",
                    }
                    for rank, person in zip(numbers, people, strict=True)
                ]
                it.execute(insert(Enrolment), rows)
        return session

    return make


def names(page) -> list[str]:
    return [unescape(name) for name in re.findall(r'<th scope="row">.*?>(Zoé \d+)<', page.text)]


@pytest.mark.each_database
def test_a_page_holds_a_hundred_lines_and_leads_to_the_next(olga, roll):
    session = roll(120, 90)
    first, last = olga.get(f"/pilotage/sessions/{session}/"), olga.get(f"/pilotage/sessions/{session}/?page=3")
    assert names(first) == [f"Zoé {n}" for n in range(1, 101)]
    assert names(last) == [f"Zoé {n}" for n in range(201, 211)]
    assert f'rel="next" href="/pilotage/sessions/{session}/?page=2#inscrits"' in first.text
    assert ("En cours (210)" in last.text, "En attente (90)" in last.text, "En attente, 90" in last.text) == (True,) * 3
    assert '<td data-label="Rang" class="n">210</td>' in last.text


@pytest.mark.each_database
def test_words_and_tabs_narrow_the_roll_and_places_in_the_queue_stay_true(olga, roll):
    session = roll(2, 120)
    waiting = olga.get(f"/pilotage/sessions/{session}/?statut=waiting&q=zoé+11")
    assert names(waiting) == ["Zoé 11", *(f"Zoé {n}" for n in range(110, 120))]
    assert "En attente, 108" in waiting.text
    assert "11 personnes" in waiting.text
    assert names(olga.get(f"/pilotage/sessions/{session}/?q=lycée")) == ["Zoé 1"]
    assert names(olga.get(f"/pilotage/sessions/{session}/?q=zzz")) == []
    hostile = olga.get(f"/pilotage/sessions/{session}/?q=<script>%25_\x00&statut='\"><b>&page=99999999999999999999")
    assert (hostile.status_code, "<script>%" in hostile.text, "<b>" in hostile.text) == (200, False, False)


@pytest.mark.each_database
def test_after_a_gesture_the_roll_is_where_it_was_and_errors_lead_to_pages_that_exist(olga, roll):
    session = roll(2, 240)
    page = olga.get(f"/pilotage/sessions/{session}/?statut=waiting&q=zoé&page=2")
    action = re.search(r'formaction="([^"]+/annuler\?[^"]+)"', page.text)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert action
    assert token
    form = re.search(r'id="plusieurs" method="post" action="([^"]+)"', page.text)
    assert form
    refused = olga.post(unescape(form[1]), data={"csrf_token": token[1]})
    assert (refused.status_code, names(refused)) == (422, names(page))
    following = re.search(r'rel="next" href="([^"]+)"', refused.text)
    assert following
    assert olga.get(unescape(following[1])).status_code == 200
    answer = olga.post(unescape(action[1]), data={"csrf_token": token[1]})
    assert answer.status_code == 303
    assert names(olga.get(answer.location))[0] == names(page)[1]


def test_the_number_of_queries_does_not_grow_with_the_roll(olga, roll, queries):
    few, many = roll(1, 2), roll(150, 150)
    counts = []
    for session in (few, many):
        olga.get(f"/pilotage/sessions/{session}/?statut=waiting")
        queries.clear()
        assert olga.get(f"/pilotage/sessions/{session}/?statut=waiting").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
