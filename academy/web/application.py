"""The Flask of this academy."""

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, _escape_inner, escape  # pyright: ignore[reportPrivateImportUsage]


class _Code(CodeGenerator):
    """Compiles templates that escape by `as_html`, by the hook of Jinja's own native templates.

    A page of answers shows seven hundred values: `escape`, which makes a Markup of each, takes a twelfth of its time.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.as_html(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """A template has the globals of all: each import of each page would look them up in a chain one by one."""

    code_generator_class = _Code

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals

    @staticmethod
    def as_html(value: object) -> str:
        """Return a value as `escape` writes it, to be joined to other pieces of a page."""
        kind = type(value)
        if kind is Markup:
            return value  # pyright: ignore[reportReturnType]
        if kind is str:
            return _escape_inner(value)  # pyright: ignore[reportArgumentType]
        return str(value) if kind is int else escape(value)


class Application(Flask):
    """No view or hook of ours is a coroutine: Flask need not look at each function of each request."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func
