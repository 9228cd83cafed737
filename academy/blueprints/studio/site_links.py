"""What only the site can say of the links of a text: whether its own addresses lead to a page, its terms to a definition."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import current_app, request
from sqlalchemy import or_, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from academy.domain import addresses, lending, links
from academy.domain.problems import Problem
from academy.extensions import db
from academy.models import Audience, Cycle, CycleSession, Document, Edition, Kind, OldAddress, Venue
from academy.rendering.results import Link, LinkKind
from academy.web.glossary import anchors_defined

_ENGLISH = "/en"


def remarks(found: Iterable[Link], *, language: str, audience: str) -> list[Problem]:
    """A remark for each address of the site that readers cannot open, and for each term that is not defined."""
    found = list(found)
    paths = [link for link in found if link.kind == LinkKind.ADDRESS]
    terms = [link for link in found if link.kind == LinkKind.TERM]
    problems = list(_dead(paths)) if paths else []
    if terms:
        audiences = [it for it in Audience if not lending.is_narrower(it, than=audience)]
        known = anchors_defined(language, audiences)
        problems += [
            Problem("", link.line, "", "lint_term_undefined", {"value": link.target})
            for link in terms
            if link.anchor not in known
        ]
    return problems


def _dead(paths: list[Link]) -> Iterator[Problem]:
    wanted = {link.target: _wanted(link.target) for link in paths}
    keys = _keys_at({it for it in wanted.values() if it})
    aimed: dict[str, list[Link]] = {"fr": [], "en": []}
    for link in paths:
        address = wanted[link.target]
        if address is None or (address and address not in keys):
            yield Problem("", link.line, "", "lint_dead_address", {"value": link.target})
        elif address and link.anchor.startswith("s-") and keys[address]:
            side = "en" if _is_english(link.target) else "fr"
            aimed[side].append(Link(LinkKind.LINK, keys[address], link.anchor, link.line))
    for side, some in aimed.items():
        yield from links.dead_anchors("", some, language=side)


def _is_english(path: str) -> bool:
    return path == _ENGLISH or path.startswith(f"{_ENGLISH}/")


def _wanted(path: str) -> str | None:
    """What has to exist for a path to lead somewhere: "" nothing more than its route; None: there is no such route."""
    if not path.isprintable():
        return None
    bare = path.partition("?")[0]
    bare = bare.removeprefix(_ENGLISH) if _is_english(bare) else bare
    routes = current_app.url_map.bind(request.host)
    try:
        endpoint, values = routes.match(bare or "/", method="GET")
    except RequestRedirect:  # to the same with its last slash
        endpoint, values = _with_slash(routes, bare)
    except HTTPException:
        return None
    return _needed(endpoint, values)


def _with_slash(routes: Any, path: str) -> tuple[str, Mapping[str, Any]]:
    try:
        return routes.match(f"{path}/", method="GET")
    except (HTTPException, RequestRedirect):
        return "", {}


def _needed(endpoint: str, values: Mapping[str, Any]) -> str:
    match endpoint.split("."):
        case ["modules", _] if {"cycle", "slug"} <= values.keys():
            return addresses.of_module(values["cycle"], values["slug"])
        case ["cycles", _] if "slug" in values:
            return addresses.of_cycle(values["slug"])
        case ["resources" | "sessions" as area, _] if "id" in values:
            return f"{area}:{values['id']}"
        case ["home", "page"]:
            return addresses.of_page(values["slug"])
        case ["home", "stable"]:
            return f"key:{values['key']}"
        case ["venues", "show"]:
            return f"venue:{values['slug']}"
    return ""


def _keys_at(wanted: set[str]) -> dict[str, str]:
    """The ids of the published texts at these addresses, today or before; "" of a place that is no text."""
    if not wanted:
        return {}
    names = {it.rpartition("/")[2].rpartition(":")[2] for it in wanted}
    numbers = {int(name) for name in names if name.isascii() and name.isdigit()}
    columns = (Document.id, Document.key, Document.kind, Document.slug, Cycle.slug.label("cycle"))
    columns = (*columns, CycleSession.id.label("session"))
    rows = select(*columns).outerjoin(Cycle, Cycle.id == Document.cycle_id)
    rows = rows.outerjoin(CycleSession, CycleSession.document_id == Document.id)
    rows = rows.where(Document.editions.any(Edition.published_id.is_not(None)))
    any_of = or_(Document.slug.in_(names), Document.key.in_(names), Cycle.slug.in_(names), Document.id.in_(numbers))
    there: dict[str, str] = {}
    for row in db.session.execute(rows.where(or_(any_of, CycleSession.id.in_(numbers)))):
        there.update((address, str(row.key)) for address in _addresses_of(row))
    old = select(OldAddress.address, Document.key).join(Document, Document.id == OldAddress.document_id)
    there |= dict(db.session.execute(old.where(OldAddress.address.in_(wanted - there.keys()))).all())
    venues = select(Venue.slug).where(Venue.slug.in_(names))
    return there | {f"venue:{slug}": "" for slug in db.session.scalars(venues)}


def _addresses_of(row: Any) -> Iterator[str]:
    yield f"key:{row.key}"
    match row.kind:
        case Kind.MODULE:
            yield addresses.of_module(row.cycle or "", row.slug)
        case Kind.CYCLE:
            yield addresses.of_cycle(row.cycle or row.slug)
        case Kind.PAGE:
            yield addresses.of_page(row.slug)
        case Kind.RESOURCE:
            yield f"resources:{row.id}"
        case Kind.SESSION:
            yield f"sessions:{row.session}"
