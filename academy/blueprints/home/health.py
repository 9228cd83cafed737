"""Is it alive, is it ready: for supervisors and load balancers."""

import re
from functools import cache

from flask import Response
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from academy.blueprints.home.area import bp
from academy.extensions import MIGRATIONS, db
from academy.policies import Action
from academy.web.guard import allow

_NUMBERS = re.compile(r'^(revision|down_revision)\b[^=\n]*= "(\w+)"$', re.MULTILINE)


@bp.get("/healthz")
@allow(Action.PUBLIC_READ)
def healthz():
    """The process answers; nothing else is asked."""
    return _plain("ok")


@bp.get("/readyz")
@allow(Action.PUBLIC_READ)
def readyz():
    """The database answers and has the tables that this code expects."""
    try:
        with db.engine.connect() as connection:
            found = _applied(connection)
    except SQLAlchemyError:
        return _plain("database unreachable", 503)
    return _plain("ok") if found == _expected() else _plain("migrations pending: flask db upgrade", 503)


def _applied(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


@cache
def _expected() -> set[str]:
    """The last migrations, read off their files: Alembic itself would take 11 MB of each web process."""
    sources = [path.read_text("utf-8") for path in (MIGRATIONS / "versions").glob("*.py")]
    named = [dict(_NUMBERS.findall(source)) for source in sources]
    return {one["revision"] for one in named} - {one.get("down_revision", "") for one in named}


def _plain(text: str, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    return Response(f"{text}\n", status, headers, mimetype="text/plain")
