"""Tables that are a stack of cards on a phone: each cell says the name of its column."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

from flask import Flask
from markupsafe import Markup, escape

_OPENING = re.compile(r"<(tr|th|td)(?=[\s>])")


def labelled(rows: Markup, columns: Sequence[str | tuple[str, str]]) -> Markup:
    """Write beside each `<td>` of *rows* the label of its column, for the style sheet to show; *columns* as in `table`."""
    labels = [column if isinstance(column, str) else column[0] for column in columns]
    left: Iterator[str] = iter(())

    def opened(found: re.Match[str]) -> str:
        nonlocal left
        if found[1] == "tr":
            left = chain(labels, repeat(""))
            return found[0]
        label = next(left, "")
        return f'<td data-label="{escape(label)}"' if label and found[1] == "td" else found[0]

    return Markup(_OPENING.sub(opened, rows))  # noqa: S704 -- rows are markup already, labels are escaped


def init_app(app: Flask) -> None:
    app.jinja_env.filters["labelled"] = labelled
