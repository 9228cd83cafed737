"""Questions of visitors are counted once each, wherever the answer comes from, and nothing says who asked."""

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, inspect, select, text
from sqlalchemy.exc import OperationalError

from academy import create_app
from academy.extensions import db as database
from academy.models import AuditEntry, Question, Role
from academy.web import questions
from tests.conftest import settings_for
from tests.factories import a_person, a_text
from tests.kept import once

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
@once
def centre(app: Flask, indexed) -> None:
    """Two texts about the port, and none about anything else."""
    with app.app_context():
        a_text("port", title="Le port de Marseille", body="Une escale au port, avec de la cybersécurité.")
        a_text("quai", title="Les quais", body="Un quai du port.", language="en")
    indexed()


@pytest.fixture
def ask(client: FlaskClient):
    """`ask("port")`: a visitor's search; other keywords are headers or parts of the address."""

    def get(q: str, *, path: str = "/ressources/", headers: dict[str, str] | None = None, **more: str):
        return client.get(path, query_string={"q": q, **more}, headers=BROWSER | (headers or {}))

    return get


@pytest.fixture
def counted(app: Flask):
    """`counted()`: write down what was counted; (words, typed, asked, unanswered, opened) of each row."""

    def rows() -> list[tuple]:
        app.extensions["tally"].write()
        columns = (Question.words, Question.typed, Question.asked, Question.unanswered, Question.opened)
        with app.app_context():
            return [tuple(row) for row in database.session.execute(select(*columns).order_by(Question.words))]

    return rows


@pytest.mark.each_database
def test_a_question_counts_once_each_time_it_is_asked_also_from_the_page_cache(
    centre, app: Flask, ask, counted, monkeypatch
):
    ask("port")
    monkeypatch.setattr(app, "full_dispatch_request", lambda: pytest.fail("asked Flask for a page that was kept"))
    ask("port")
    ask("port")
    assert counted() == [("port", "port", 3, 0, 0)]
    ask("port")
    assert counted() == [("port", "port", 4, 0, 0)]


@pytest.mark.each_database
def test_ways_of_writing_meet_and_typos_with_what_was_searched_instead(centre, ask, counted):
    for typed in ("Port de marseille", "marseille PORTS", "cybersécurité", "cybersecurite", "cybersecutire"):
        ask(typed)
    assert [(typed, asked) for _words, typed, asked, *_ in counted()] == [
        ("cybersécurité", 3),
        ("Port de marseille", 2),
    ]


def test_words_that_were_not_to_be_repaired_are_a_question_of_their_own(centre, ask, counted):
    ask("cybersecutire", exact="1")
    ((_words, typed, asked, unanswered, _opened),) = counted()
    assert (typed, asked, unanswered) == ("cybersecutire", 1, 1)


def test_silence_counts_unless_a_filter_made_it(centre, ask, counted):
    ask("zzzzzz")
    ask("zzzzzz", type="note")
    assert counted() == [("zzzzzz", "zzzzzz", 2, 1, 0)]


def test_silence_of_an_index_that_is_being_built_says_nothing(app: Flask, ask, counted):
    assert "L’index se reconstruit" in ask("zzzzzz").text
    assert counted() == [("zzzzzz", "zzzzzz", 1, 0, 0)]


def test_each_side_of_the_site_has_its_own_count(centre, app: Flask, ask, counted):
    ask("port")
    ask("port", path="/en/ressources/")
    assert len(counted()) == 2


@pytest.mark.each_database
@pytest.mark.parametrize(
    ("path", "values", "headers"),
    [
        ("/ressources/", {"q": "port", "page": "2"}, {}),
        ("/ressources/", {"q": ""}, {}),
        ("/ressources/", {"theme": "port"}, {}),
        ("/ressources/", {"q": "jeanne@example.org"}, {}),
        ("/ressources/", {"q": "06 12 34 56 78"}, {}),
        ("/ressources/", {"q": "un deux trois quatre cinq six sept huit neuf dix onze douze treize"}, {}),
        ("/ressources/suggestions", {"q": "port"}, {}),
        ("/ressources/flux.atom", {"q": "port"}, {}),
        ("/api/v1/search", {"q": "port"}, {}),
        ("/ressources/", {"q": "port"}, {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}),
        ("/ressources/", {"q": "port"}, {"User-Agent": "curl/8.5"}),
        ("/ressources/", {"q": "port"}, {"Sec-Purpose": "prefetch;prerender"}),
        ("/ressources/", {"q": "port"}, {"Referer": "http://localhost/ressources/?q=port&tri=date"}),
    ],
)
def test_what_is_no_new_question_of_a_person_is_not_counted(centre, client, counted, path, values, headers):
    for _ in range(2):  # made, then kept
        assert client.get(path, query_string=values, headers=BROWSER | headers).status_code == 200
    assert counted() == []


def test_another_question_from_the_page_of_an_answer_is_counted(centre, ask, counted):
    ask("port", headers={"Referer": "http://localhost/ressources/?q=quai"})
    ask("port", headers={"Referer": "http://localhost/"})
    assert counted() == [("port", "port", 2, 0, 0)]


def test_a_page_that_the_browser_holds_and_a_head_are_not_counted(centre, client: FlaskClient, ask, counted):
    etag = ask("port").headers["ETag"]
    assert ask("port", headers={"If-None-Match": etag}).status_code == 304
    client.head("/ressources/?q=port", headers=BROWSER)
    assert counted() == [("port", "port", 1, 0, 0)]


def test_who_is_signed_in_is_not_counted(centre, app: Flask, as_, counted):
    with app.app_context():
        people = [a_person(), a_person(role=Role.ORGANISER)]
    for person in people:
        browser = as_(person)
        page = browser.get("/ressources/?q=port", headers=BROWSER)
        assert "data-question" not in page.text
    assert counted() == []


def test_without_a_page_cache_the_count_is_the_same(centre, app: Flask, tmp_path, database_url: str):
    bare = create_app(settings_for(tmp_path, database_url=database_url, page_cache_mb=0))
    bare.testing = True
    visitor = bare.test_client()
    for _ in range(2):
        visitor.get("/ressources/?q=port", headers=BROWSER)
    assert visitor.get("/ressources/?q=port", headers=BROWSER | {"Sec-Purpose": "prefetch"}).status_code == 200
    assert bare.extensions["tally"].write() == 1
    with bare.app_context():
        assert database.session.scalars(select(Question.asked)).all() == [2]
    with bare.app_context():
        database.engine.dispose()


def test_an_answer_that_is_followed_is_counted_with_its_question(centre, client: FlaskClient, ask, counted):
    page = ask("cybersecutire")
    assert 'data-question="cybersécurité"' in page.text
    for q in ("cybersécurité", " cybersécurité\n"):
        answer = client.post("/ressources/ouvert", data={"q": q}, headers=BROWSER | SAME_SITE)
        assert (answer.status_code, answer.data, "Set-Cookie" in answer.headers) == (204, b"", False)
    ((_words, typed, asked, unanswered, opened),) = counted()
    assert (typed, asked, unanswered, opened) == ("cybersecutire", 1, 0, 2)


@pytest.mark.parametrize(
    "q", ["", "jeanne@example.org", "06 12 34 56 78", "\0", "é" * 5000 + " @", " ".join("abcdefghijklmn")]
)
def test_what_cannot_be_a_question_is_not_opened(app: Flask, client: FlaskClient, counted, q: str):
    assert client.post("/ressources/ouvert", data={"q": q}, headers=BROWSER | SAME_SITE).status_code == 204
    assert counted() == []


def test_another_site_opens_nothing(client: FlaskClient, counted):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        assert client.post("/ressources/ouvert", data={"q": "port"}, headers=BROWSER | headers).status_code == 400
    assert counted() == []


def test_robots_and_floods_open_nothing(app: Flask, client: FlaskClient, counted):
    from academy.extensions import limiter

    robot = {"User-Agent": "somebot/1.0"} | SAME_SITE
    assert client.post("/ressources/ouvert", data={"q": "port"}, headers=robot).status_code == 204
    assert counted() == []
    limiter.enabled = True
    try:
        sent = [client.post("/ressources/ouvert", data={"q": "port"}).status_code for _ in range(61)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert sent[-1] == 429


@pytest.mark.each_database
def test_nothing_says_who_asked(centre, app: Flask, client: FlaskClient, ask, counted):
    """The whole row, read from the database itself: no column could hold an address or a cookie."""
    client.set_cookie("visitor", "cookie-of-jeanne", domain="localhost")
    answer = ask("port", headers={"X-Forwarded-For": "203.0.113.7"})
    assert "Set-Cookie" not in answer.headers
    client.post("/ressources/ouvert", data={"q": "port"}, headers=BROWSER | SAME_SITE)
    assert counted() == [("port", "port", 1, 0, 1)]
    with app.app_context():
        columns = {column["name"] for column in inspect(database.engine).get_columns("question")}
        written = str(database.session.execute(text("SELECT * FROM question")).all())
        assert database.session.scalars(select(AuditEntry)).all() != []  # of the texts
        assert not [it for it in database.session.scalars(select(AuditEntry.entity)) if it == "question"]
    assert columns == {"id", "day", "language", "words", "typed", "asked", "unanswered", "opened"}
    assert not any(secret in written for secret in ("203.0.113.7", "127.0.0.1", "cookie-of-jeanne", "Firefox"))


def test_what_cannot_be_written_now_is_kept_for_later(centre, app: Flask, ask, counted, monkeypatch, caplog):
    ask("port")

    def away(_counts):
        raise OperationalError("", {}, Exception("away"))

    with monkeypatch.context() as patch:
        patch.setattr("academy.domain.questions.add", away)
        assert app.extensions["tally"].write() == 0
    ask("port")
    assert counted() == [("port", "port", 2, 0, 0)]
    assert "away" in caplog.text


def test_a_flood_of_questions_stays_within_its_memory(centre, app: Flask, ask, counted, monkeypatch):
    monkeypatch.setattr(questions, "MOST", 3)
    for word in ("port", "quai", "escale", "phare", "port"):
        ask(word)
    assert [(row[0], row[2]) for row in counted()] == [("escal", 1), ("port", 2), ("quai", 1)]


def test_a_kept_page_costs_the_database_nothing_more(centre, app: Flask, ask, queries):
    ask("port")
    queries.clear()
    ask("port")
    assert [statement for statement in queries if "question" in statement] == []


def test_many_threads_lose_nothing(app: Flask, counted):
    tally = app.extensions["tally"]
    with app.test_request_context():
        asked = questions.asked("port")
    assert asked is not None
    environ = {"REQUEST_METHOD": "GET"}
    threads = [threading.Thread(target=lambda: [tally.ask(asked, environ) for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted() == [("port", "port", 2000, 0, 0)]


def test_a_process_writes_by_itself_and_once(app: Flask, monkeypatch):
    """Whichever process counts: one without a jobs runner too."""
    monkeypatch.setattr(questions, "EVERY", 0.05)
    at_exit: list = []
    monkeypatch.setattr(questions.atexit, "register", at_exit.append)
    written = threading.Event()
    with app.app_context():
        engine = database.engine
    event.listen(engine, "commit", lambda _connection: written.set())
    tally = questions.Tally(app)
    with app.test_request_context():
        asked = questions.asked("port")
    assert asked is not None
    monkeypatch.setattr(app, "testing", False)
    tally.ask(asked, {"REQUEST_METHOD": "GET"})
    timer = tally._timer
    assert timer is not None
    assert timer.daemon
    timer.join(30)
    assert written.is_set()
    assert at_exit == [tally.write]
    with app.app_context():
        assert database.session.scalars(select(Question.asked)).all() == [1]
