"""Is it alive, is it ready: for supervisors and load balancers."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Response
from sqlalchemy.exc import SQLAlchemyError

from academy.blueprints.home.area import bp
from academy.extensions import MIGRATIONS, db
from academy.policies import Action
from academy.web.guard import allow


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
            found = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError:
        return _plain("database unreachable", 503)
    return _plain("ok") if found == _expected() else _plain("migrations pending: flask db upgrade", 503)


@cache
def _expected() -> set[str]:
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())


def _plain(text: str, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    return Response(f"{text}\n", status, headers, mimetype="text/plain")
