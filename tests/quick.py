"""What a test process compiles once, and not again for each application: templates, routes, statements of SQL."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    """A changed source is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_builders: dict[tuple[object, ...], Callable[..., Any]] = {}
_compile = Rule._compile_builder


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    """The function that builds addresses of the rule; it reaches converters through the rule that it is bound to."""
    key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


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
    Rule._compile_builder = _builder  # pyright: ignore[reportAttributeAccessIssue]
    SQLAlchemy._make_engine = _engine  # pyright: ignore[reportAttributeAccessIssue]
