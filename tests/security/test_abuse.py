"""What people try with forms, links and cookies that are not theirs."""

import logging
import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from academy import jobs
from academy.domain import accounts
from academy.extensions import db as database, transaction
from academy.models import Edition, Enrolment, EnrolmentStatus, Person, Purpose, Role, SignIn
from academy.web import clock
from tests.factories import a_text

# What is refused does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _signed(browser: FlaskClient, url: str, **fields: object):
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/moi/").text)
    assert token is not None
    return browser.post(url, data={"csrf_token": token[1], **fields})


def _all(app: Flask, wanted) -> list:
    with app.app_context():
        return list(database.session.scalars(wanted))


def _row(app: Flask, model, key: object):
    with app.app_context():
        return database.session.get_one(model, key)


def test_no_form_takes_a_role_an_owner_or_a_status(app: Flask, as_, scene):
    more = {"role": "admin", "is_disabled": "1", "id": str(scene["ada"]), "person_id": str(scene["ada"])}
    more |= {"status": "confirmed", "owner_id": str(scene["sam"]), "email": "evil@example.org"}
    browser, of_ada = as_(scene["sam"]), select(Enrolment.id).where(Enrolment.person_id == scene["ada"])
    before = _all(app, of_ada)
    assert _signed(browser, "/moi/coordonnees", name="Sam", language="fr", **more).status_code == 303
    assert _signed(browser, f"/sessions/{scene['session']}/inscription", name="Sam", **more).status_code == 303
    visitor = app.test_client()
    assert visitor.post("/connexion", data=more).status_code == 303
    assert visitor.post(f"/i/{scene['enrol_link']}", data=more).status_code == 303
    sam, new = _row(app, Person, scene["sam"]), _all(app, select(Person).where(Person.email == "zoe@example.org"))[0]
    assert (sam.role, sam.email, sam.is_disabled) == (Role.STAKEHOLDER, "sam@example.org", False)
    assert new.role == Role.STAKEHOLDER
    assert _all(app, of_ada) == before


def test_a_cookie_that_was_planted_is_never_the_one_that_signs_in(app: Flask, scene):
    browser = app.test_client()
    app.config["WTF_CSRF_METHODS"] = set()  # even if the thief knew the token of the form
    browser.set_cookie("academy_sign_in", "planted")
    assert browser.post(f"/i/{scene['sign_in_link']}").status_code == 303
    mine = browser.get_cookie("academy_sign_in")
    assert mine is not None
    assert mine.value != "planted"
    assert browser.get("/moi/").status_code == 200
    assert accounts.digest("planted") not in _all(app, select(SignIn.token_hash))
    thief = app.test_client()
    thief.set_cookie("academy_sign_in", "planted")
    assert thief.get("/moi/").status_code == 302


def test_a_closed_account_has_no_open_browser_and_no_way_in(app: Flask, as_, scene):
    browser = as_(scene["sam"])
    assert browser.get("/moi/").status_code == 200
    with app.app_context(), transaction() as it:
        accounts.close(it.get_one(Person, scene["sam"]), by=None, now=clock.now())
    assert browser.get("/moi/").status_code == 302
    visitor = app.test_client()
    assert visitor.post(f"/i/{scene['sign_in_link']}").status_code == 409
    by_password = {"email": scene["email"], "password": scene["password"]}
    assert visitor.post("/connexion/mot-de-passe", data=by_password).status_code == 409
    assert visitor.get_cookie("academy_sign_in") is None


def test_another_role_ends_open_browsers_and_their_old_pages_do_nothing(app: Flask, as_, scene):
    trainer = as_(scene["tess"])
    assert trainer.get("/atelier/").status_code == 200
    changed = _signed(as_(scene["ada"]), f"/pilotage/personnes/{scene['tess']}/role", role="stakeholder")
    assert changed.status_code == 303
    assert trainer.get("/atelier/").status_code == 302
    assert as_(scene["tess"]).get("/atelier/").status_code == 403


def test_a_link_opens_its_own_door_only(app: Flask, scene):
    visitor = app.test_client()
    assert visitor.get(f"/i/{scene['signed']}").status_code == 404
    assert visitor.post(f"/i/{scene['signed']}").status_code == 404
    for token in ("sign_in_link", "enrol_link", "spent"):
        assert visitor.get(f"/inscriptions/{scene[token]}/").status_code == 404
        assert visitor.post(f"/inscriptions/{scene[token]}/").status_code == 404
    with app.app_context():  # signed by us, with the same key, for something else
        from flask.sessions import SecureCookieSessionInterface

        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        other = str(signer.dumps(scene["seat"]))
    assert visitor.post(f"/inscriptions/{other}/").status_code == 404
    assert _row(app, Enrolment, scene["seat"]).status == EnrolmentStatus.CONFIRMED


def test_a_sign_in_link_enrols_nobody(app: Flask, scene):
    before = _all(app, select(func.count(Enrolment.id)))
    with app.app_context(), transaction():
        smuggled = accounts.issue_ticket(Purpose.SIGN_IN, "new@example.org", now=clock.now(), session=scene["session"])
    assert app.test_client().post(f"/i/{smuggled}").status_code == 303
    assert _all(app, select(func.count(Enrolment.id))) == before


def test_the_revision_of_another_text_is_no_base_and_no_version(app: Flask, as_, scene):
    with app.app_context():
        other = _row(app, Edition, a_text("autre")).head_id
    browser = as_(scene["tess"])
    path = f"/atelier/documents/{scene['module']}/fr"
    assert _signed(browser, path, action="save", base=other, source="Pris ?").status_code == 409
    assert _signed(browser, f"{path}/retirer", base=other).status_code == 409
    assert browser.get(f"{path}/historique/{other}").status_code == 404
    assert _signed(browser, f"{path}/historique/{other}/restaurer", base=scene["module_head"]).status_code == 404


def test_an_unknown_address_costs_as_much_as_a_known_one(app: Flask, scene, monkeypatch: pytest.MonkeyPatch):
    checked: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash, password):
            checked.append(hash)
            return super().verify(hash, password)

    monkeypatch.setattr(accounts, "_hasher", Counting(time_cost=2, memory_cost=19 * 1024, parallelism=1))
    for address in (scene["email"], "nobody@example.org"):
        answer = app.test_client().post("/connexion/mot-de-passe", data={"email": address, "password": "faux"})
        assert answer.status_code == 422
    assert len(checked) == 2
    costs = {stored.rsplit("$", 2)[0] for stored in checked}
    assert len(costs) == 1, "another cost would tell who has an account"


def test_nobody_writes_lines_into_the_log(app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch):
    def failing(*_, **payload) -> None:
        raise ValueError(f"cannot reach {payload['email']}")

    monkeypatch.setitem(jobs.HANDLERS, "account.link_asked", [failing])
    with app.app_context(), transaction():
        jobs.outbox.promise("account.link_asked", now=clock.now(), email="a\nERROR academy: forged", language="fr")
    with caplog.at_level(logging.DEBUG), app.app_context():
        jobs.drain()
    said = [record.getMessage() for record in caplog.records if "forged" in record.getMessage()]
    assert said
    assert not any("\n" in line for line in said)
