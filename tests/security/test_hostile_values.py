"""Values that no browser of ours sends, in every field and every question: an answer, never a failure."""

import os
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.security.test_audit import CASES, Case

NUL, NUMBER, DIGITS, LINES = "\0", "9" * 5000, "٣²", "a\u202e\r\nBcc: b@example.org"
QUESTIONS = "q question term title closes page kind cycle topic type language limit person session role next view n format".split()
EXPANDING = "\ufb2c" * 120  # each is three characters once it is normalised
LONG = "é" * 20_000
IS_DEEP = bool(os.environ.get("ACADEMY_DEEP"))
EVERY = [(kind, (NUL, NUMBER, "-1", DIGITS, LINES)) for kind in ("postgresql", "sqlite")]
UNSENT = {"studio": ["note"], "account": ["next"], "desk": ["base_en", "title_en"]}  # fields that no case fills


@pytest.mark.parametrize(
    ("database_url", "values"),
    [("postgresql", (NUL, LINES)), ("sqlite", (NUMBER, "-1", DIGITS))] if not IS_DEEP else EVERY,
    indirect=["database_url"],
)
def test_every_page_answers_any_question(app: Flask, as_, scene, values: tuple[str, ...]):
    browser = as_(scene["ada"])
    known = {"id": scene["module"], "slug": "escale", "cycle": "port", "number": 1, "key": "escale"}
    known |= {
        "kind": "icon",
        "side": 180,
        "form": "bib",
        "name": "film.fr.vtt",
        "other": 1,
        "width": 300,
        "part": 0,
        "type": "webp",
    }
    failed = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        arguments = {name: known.get(name, scene.get(name, "x")) for name in rule.arguments}
        if "id" in arguments and rule.endpoint.startswith(("desk", "sessions")):
            arguments["id"] = scene.get(
                rule.endpoint.partition(".")[2], scene["session"]
            )  # desk.synonym, desk.wish: their own
        path = _path(app, rule.endpoint, arguments)
        for value in values:
            answer = browser.get(path, query_string=dict.fromkeys(QUESTIONS, value))
            if answer.status_code >= 500:
                failed.append((rule.endpoint, value[:9], answer.status_code))
    assert failed == []


@pytest.mark.parametrize(
    ("database_url", "values"),
    [("postgresql", (NUL, EXPANDING, LONG)), ("sqlite", (NUMBER, DIGITS, LINES))],  # what each refuses to keep
    indirect=["database_url"],
)
def test_every_form_takes_any_value(app: Flask, as_, scene, values: tuple[str, ...]):
    """Each field in turn, the others being right, so that the value goes as deep as it can."""
    browsers = {who: _signed(as_(scene[who])) for who in ("sam", "tess", "ada")}
    failed = []
    for case in {(case.endpoint, case.who): case for case in CASES if case.data}.values():
        for field in [*case.data, *UNSENT.get(case.endpoint.partition(".")[0], ())]:
            for value in values:
                browser, token = browsers.get("ada" if case.who == "olga" else case.who) or (app.test_client(), "")
                answer = _post(app, browser, case, scene, {field: value, "csrf_token": token})
                if answer.status_code >= 500:
                    failed.append((case.endpoint, field, value[:9], answer.status_code))
                if answer.status_code == 401:  # a password was set: it closed this browser
                    browsers[case.who] = _signed(as_(scene[case.who]))
    assert failed == []


def _signed(browser: FlaskClient) -> tuple[FlaskClient, str]:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
    assert token is not None
    return browser, token[1]


def _post(app: Flask, browser: FlaskClient, case: Case, scene: dict[str, object], changes: dict[str, str]):
    data = {key: text.format(**scene) for key, text in case.data.items()} | changes
    (rule,) = app.url_map.iter_rules(case.endpoint)
    given = scene | {key: text.format(**scene) for key, text in case.arguments.items()}
    return browser.post(_path(app, case.endpoint, {name: given[name] for name in rule.arguments}), data=data)


def _path(app: Flask, endpoint: str, values: dict[str, object]) -> str:
    whole = {
        key: int(str(value)) if key in {"id", "number", "other", "part", "width"} else value
        for key, value in values.items()
    }
    with app.test_request_context():
        return app.url_for(endpoint, _external=False, **whole)  # pyright: ignore[reportArgumentType]
