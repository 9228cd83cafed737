"""The description of the API as its page shows it: calls, what each is asked, what each answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from academy.web.locale import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a call may be asked; `values` are the only ones, when there is a list of them."""

    name: str
    kind: str
    description: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A field of an answer; `name` is its way from the top: `items[].title`."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call: `url` tries it, unless it needs an id."""

    name: str
    request: str
    summary: str
    description: str
    parameters: Sequence[Parameter]
    answered: Sequence[Answered]
    url: str


def shown(spec: Mapping[str, Any]) -> dict[str, object]:
    """The context of the page."""
    server = spec["servers"][0]["url"]
    calls = [_call(path, at["get"], at.get("parameters", ()), spec) for path, at in spec["paths"].items()]
    return {"calls": calls, "server": server, "introduction": spec["info"]["description"]}


def _call(path: str, operation: Mapping[str, Any], common: Sequence[Any], spec: Mapping[str, Any]) -> Call:
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return Call(
        name=operation["operationId"],
        request=f"GET {path}",
        summary=operation["summary"],
        description=operation["description"],
        parameters=[_parameter(it, spec) for it in (*common, *operation.get("parameters", ()))],
        answered=list(_fields(answer, spec)),
        url="" if "{" in path else path,
    )


def _parameter(it: Mapping[str, Any], spec: Mapping[str, Any]) -> Parameter:
    schema = _resolved(it["schema"], spec)
    values = schema.get("enum") or schema.get("items", {}).get("enum", ())
    said = it.get("description") or _("Identifiant, comme le donne la liste.")
    return Parameter(
        name=it["name"], kind=_kind(schema, spec), description=said, values=[str(value) for value in values]
    )


def _fields(schema: Mapping[str, Any], spec: Mapping[str, Any], prefix: str = ""):
    for name, it in _resolved(schema, spec).get("properties", {}).items():
        inner = _resolved(it, spec)
        said = it.get("description", inner.get("description", ""))
        if said:
            yield Answered(name=f"{prefix}{name}", kind=_kind(inner, spec), description=said)
        if "properties" in inner:
            yield from _fields(inner, spec, f"{prefix}{name}.")
        elif "properties" in (items := _resolved(inner.get("items", {}), spec)):
            yield from _fields(items, spec, f"{prefix}{name}[].")


def _resolved(schema: Mapping[str, Any], spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference names, however it is wrapped."""
    if "allOf" in schema:
        schema = {**schema, **schema["allOf"][0]}
    if "$ref" not in schema:
        return schema
    said = {name: value for name, value in schema.items() if name == "description"}
    return {**spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]], **said}


def _kind(schema: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    names = schema.get("type", "object")
    return " | ".join(_word(name, schema, spec) for name in ([names] if isinstance(names, str) else names))


def _word(name: str, schema: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    if name == "array":
        return f"{_kind(_resolved(schema.get('items', {}), spec), spec)}[]"
    return schema.get("format", name) if name == "string" else name
