"""Read the YAML that other tools write: tags are passed over, sizes are capped, nothing is ever run."""

from typing import Any

import yaml

MAX_BYTES = 64 * 1024
_DATES = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """As the safe loader, but a tag of somebody's own gives nothing, and a date stays what was typed."""


_Loader.add_multi_constructor("", lambda _loader, _suffix, _node: None)
_Loader.add_constructor(_DATES, lambda _loader, node: node.value)


def read(source: str) -> Any:
    """The value of a document; None when it cannot be read, is too long, or uses aliases (they can grow without end)."""
    if len(source.encode("utf-8", "replace")) > MAX_BYTES:
        return None
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(source, Loader=_Loader)):
            return None
        return yaml.load(source, Loader=_Loader)  # noqa: S506 -- derived from the safe one
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
