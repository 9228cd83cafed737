"""What a test process compiles once, and not again for each application: templates, routes, statements of SQL."""

from types import CodeType
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    """A changed source is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


_kept: dict[tuple[object, ...], dict[str, Any]] = {}
_compile = Rule.compile
_COMPILED = ("_parts", "_trace", "_converters")


def _compile_once(rule: Rule) -> None:
    """The parts of a rule, and the functions that build its addresses: they reach converters through the rule itself."""
    converters = tuple(rule.map.converters.values()) if rule.map else ()
    key = (rule.rule, rule.subdomain, rule.merge_slashes, rule.is_leaf, repr(rule.defaults), converters)
    if key not in _kept:
        _compile(rule)
        _kept[key] = {name: getattr(rule, name) for name in _COMPILED} | {
            "arguments": frozenset(rule.arguments),
            "builders": (rule._build.__func__, rule._build_unknown.__func__),  # pyright: ignore[reportFunctionMemberAccess]
        }
        return
    kept = _kept[key]
    for name in _COMPILED:
        setattr(rule, name, kept[name])
    rule.arguments |= kept["arguments"]
    rule._build, rule._build_unknown = (function.__get__(rule, None) for function in kept["builders"])


_first: dict[str, Engine] = {}
_make = SQLAlchemy._make_engine


def _engine(extension: SQLAlchemy, *args: Any) -> Engine:
    """An engine that shares its dialect, and what was compiled for it, with the others of its kind of database."""
    engine = _make(extension, *args)
    first = _first.get(engine.dialect.name)
    if first is None or first.dialect.server_version_info is None:  # known once an engine of its own has connected
        _first[engine.dialect.name] = engine
        return engine
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


def install() -> None:
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Templates()}
    Rule.compile = _compile_once  # pyright: ignore[reportAttributeAccessIssue]
    SQLAlchemy._make_engine = _engine  # pyright: ignore[reportAttributeAccessIssue]
