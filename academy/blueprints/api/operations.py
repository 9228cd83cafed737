"""The calls of the API as flask-smorest reads them: what each is asked, does and answers.

Loaded by the first call, never with the application. Summaries are French msgids, translated when they are shown.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema
from sqlalchemy import ColumnElement, Select
from webargs.flaskparser import FlaskParser

from academy.blueprints.api import (
    lists,
    paging,
    parameters as asks,
    schemas as told,
    sessions as meetings,
    texts,
    views,
)
from academy.blueprints.api.problems import CONTENT_TYPE, Problem
from academy.extensions import db
from academy.models import Document, Kind, Topic, Venue
from academy.web import clock
from academy.web.filters import long_date
from academy.web.gone import Departed, departed
from academy.web.locale import gettext


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


class _Parser(FlaskParser):
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # noqa: RUF012 -- as the parent

    def handle_error(self, error, req, schema, *, error_status_code, error_headers):
        """Say the first thing to repair."""
        name = next(iter(error.messages_dict["query"]))
        if name in schema.fields:
            repair = schema.fields[name].metadata["repair"]
            raise Problem(422, gettext(repair), parameter=name)
        known = ", ".join(sorted(schema.fields))
        detail = gettext("%(name)s n’est pas un paramètre de cet appel : écrivez l’un de %(known)s.")
        raise Problem(422, detail % {"name": name, "known": known}, parameter=name)


class _Blueprint(Blueprint):
    ARGUMENTS_PARSER = _Parser()


blueprint = _Blueprint("public", __name__, url_prefix="/api")
_DECIDES = {
    404: _("Rien de public n’a cet identifiant."),
    410: _("Ce texte a été public et ne l’est plus : la réponse nomme celui qui le remplace, s’il y en a un."),
    422: _("Un paramètre ne peut pas être compris : la réponse dit comment le corriger."),
    429: _("Trop d’appels : Retry-After dit quand revenir."),
}


def _call(
    name: str, *, asked: type[Schema], answer: type[Schema], summary: str, text: str, tag: str
) -> Callable[[Callable], Callable]:
    """Describe a call of views.OPERATIONS and check what it is asked."""
    statuses = [404, 410, 422, 429] if "<id>" in views.OPERATIONS[name] else [422, 429]

    def decorate(function: Callable) -> Callable:
        schema = answer()

        @wraps(function)
        def view(*arguments: Any, **path: str) -> Response:
            made = function(*arguments, **path)
            body, headers = made if isinstance(made, tuple) else (made, {})
            response = views.as_json(schema.dump(body))
            response.headers.update(headers)
            return response

        made = blueprint.response(200, schema, description=_("La réponse."))(view)
        made = blueprint.arguments(asked, location="query")(made)
        for status in statuses:
            refusal = {"schema": told.ProblemDetails, "content_type": CONTENT_TYPE, "description": _DECIDES[status]}
            made = blueprint.alt_response(status, **refusal)(made)
        made = blueprint.doc(summary=summary, description=text, operationId=name)(made)
        return blueprint.route(views.OPERATIONS[name], endpoint=name, tags=[tag])(made)

    return decorate


def _listed(
    query: Select, asked: dict[str, Any], number: Callable[[Any], int], items: Callable, *, column: Any
) -> tuple[dict[str, object], dict[str, str]]:
    rows = db.session.execute(query.where(column > paging.after(asked)).limit(asked["limit"] + 1)).all()
    return paging.page(rows, asked, number, items)


def _one(query: Select, *where: ColumnElement[bool], listed_at: str) -> Any:
    """The row of an id; a 404 that says where ids are listed."""
    row = db.session.execute(query.where(*where)).first()
    if row is None:
        if (gone := departed(*where, audiences=texts.PUBLIC)) is not None:
            raise Problem(410, _gone_words(gone), parameter="id")
        detail = gettext("Rien de public n’a cet identifiant : ils sont dans %(path)s.")
        raise Problem(404, detail % {"path": f"/api{views.OPERATIONS[listed_at]}"}, parameter="id")
    return row


def _gone_words(gone: Departed) -> str:
    said = gettext("Ce texte n’est plus publié depuis le %(day)s.", day=long_date(gone.gone_at))
    return f"{said} {gettext('À lire à la place :')} {gone.key} ({gone.title})" if gone.key else said


@_call(
    "cycles",
    asked=asks.CyclesAsked,
    answer=told.listed(told.Cycle),
    summary=_("Les cycles"),
    text=_("Les cycles publics, dans l’ordre de leur création."),
    tag="cycles",
)
def cycles(asked: dict[str, Any]):
    query = texts.public(Kind.CYCLE).where(*texts.narrowed(asked))
    return _listed(query, asked, lambda row: row.id, texts.cycles, column=Document.id)


@_call(
    "cycle",
    asked=asks.Question,
    answer=told.CycleWhole,
    summary=_("Un cycle"),
    text=_("Le cycle et le texte qui le présente."),
    tag="cycles",
)
def cycle(asked: dict[str, Any], id: str):
    row = _one(texts.public(Kind.CYCLE), Document.key == id, listed_at="cycles")
    return texts.cycles([row])[0] | texts.content(row)


@_call(
    "sessions",
    asked=asks.SessionsAsked,
    answer=told.listed(told.Session),
    summary=_("Les sessions"),
    text=_("Les sessions publiques, passées et à venir, dans l’ordre de leur création."),
    tag="sessions",
)
def sessions(asked: dict[str, Any]):
    now = clock.now()
    query = meetings.public(asked)
    return _listed(query, asked, lambda row: row.id, lambda rows: meetings.told(rows, now=now), column=Document.id)


@_call(
    "session",
    asked=asks.Question,
    answer=told.SessionWhole,
    summary=_("Une session"),
    text=_("La session, son programme et qui intervient."),
    tag="sessions",
)
def session(asked: dict[str, Any], id: str):
    row = _one(meetings.public({}), Document.key == id, listed_at="sessions")
    return meetings.told([row], now=clock.now())[0] | meetings.more(row)


@_call(
    "documents",
    asked=asks.DocumentsAsked,
    answer=told.listed(told.Document),
    summary=_("Les modules et les ressources"),
    text=_("Les textes publics du centre de ressources, dans l’ordre de leur création."),
    tag="documents",
)
def documents(asked: dict[str, Any]):
    kinds = (Kind(asked["kind"]),) if "kind" in asked else texts.CENTRE
    query = texts.public(*kinds, side=asked.get("language", "")).where(*texts.narrowed(asked))
    return _listed(query, asked, lambda row: row.id, texts.documents, column=Document.id)


@_call(
    "document",
    asked=asks.DocumentAsked,
    answer=told.DocumentWhole,
    summary=_("Un module ou une ressource"),
    text=_("Le texte entier : HTML, texte brut, plan, licence, auteurs, version, adresses."),
    tag="documents",
)
def document(asked: dict[str, Any], id: str):
    query = texts.public(*texts.CENTRE, side=asked.get("language", ""))
    row = _one(query, Document.key == id, listed_at="documents")
    more = {"objectives": row.objectives, "prerequisites": texts.public_keys(row.prerequisites)}
    return texts.documents([row])[0] | texts.content(row) | more


@_call(
    "topics",
    asked=asks.PageAsked,
    answer=told.listed(told.Topic),
    summary=_("Les thèmes"),
    text=_("Les thèmes des textes publics."),
    tag="lists",
)
def topics(asked: dict[str, Any]):
    return _listed(lists.topics(), asked, lambda row: row.id, lists.told_topics, column=Topic.id)


@_call(
    "venues",
    asked=asks.PageAsked,
    answer=told.listed(told.Venue),
    summary=_("Les lieux"),
    text=_("Les lieux des sessions."),
    tag="lists",
)
def venues(asked: dict[str, Any]):
    return _listed(lists.venues(), asked, lambda row: row.id, lists.told_venues, column=Venue.id)


def _described(function: Callable) -> Callable:
    """The search as it is described; it is answered by its own view, whose refusals have an older shape."""
    made = blueprint.response(200, told.SearchAnswer, description=_("La réponse."))(function)
    made = blueprint.arguments(asks.SearchAsked, location="query")(made)
    made = blueprint.alt_response(422, schema=told.SearchRefusal, description=_DECIDES[422])(made)
    made = blueprint.alt_response(
        429, schema=told.ProblemDetails, content_type=CONTENT_TYPE, description=_DECIDES[429]
    )(made)
    made = blueprint.doc(
        summary=_("Chercher"),
        description=_("Ce qu’un visiteur trouverait dans le centre de ressources."),
        operationId="search",
    )(made)
    return blueprint.route(views.SEARCH, endpoint="search", tags=["search"])(made)


_described(views.search_json)
