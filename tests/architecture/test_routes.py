"""The whole product's routes: a policy on each, a rule for each action."""

from pathlib import Path

from academy import create_app
from academy.policies import RULES, Action
from tests.conftest import settings_for


def test_every_route_declares_its_policy(tmp_path: Path):
    app = create_app(settings_for(tmp_path))
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    without = {name for name in endpoints if not isinstance(getattr(app.view_functions[name], "action", None), Action)}
    assert without == set()


def test_every_action_has_a_rule_and_is_used(tmp_path: Path):
    assert set(RULES) == set(Action)
    sources = "".join(path.read_text("utf-8") for path in Path("academy").rglob("*.py") if path.name != "policies.py")
    assert {action.name for action in Action if f"Action.{action.name}" not in sources} == set()


def test_no_get_route_has_a_name_that_acts(tmp_path: Path):
    """A link never acts: what changes state answers to POST alone, beside a GET that shows."""
    app = create_app(settings_for(tmp_path))
    acting = ("cancel", "delete", "publish", "withdraw", "restore", "sign_out")
    assert [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[-1] in acting and "GET" in (rule.methods or ())
    ] == []
