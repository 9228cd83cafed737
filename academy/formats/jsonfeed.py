"""Write JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

CONTENT_TYPE = "application/feed+json; charset=utf-8"
_VERSION = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A text; `id` never changes, `url` may; `more` is what only our own readers understand."""

    id: str
    url: str
    title: str
    summary: str
    content: str  # plain text
    language: str
    authors: Sequence[str] = ()
    tags: Sequence[str] = ()
    published_on: date | None = None
    updated_at: datetime | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The feed itself; `url` is the page that it says the same as, `next_url` where it goes on ("" at its end)."""

    title: str
    url: str
    feed_url: str
    language: str
    next_url: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def write(feed: Feed, items: Sequence[Item]) -> str:
    """The feed as JSON; what is not known is left out."""
    content = {
        "version": _VERSION,
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": feed.feed_url,
        "language": feed.language,
        **_known(next_url=feed.next_url),
        "_academy": dict(feed.more),
        "items": [_item(item) for item in items],
    }
    return json.dumps(content, ensure_ascii=False) + "\n"


def _item(item: Item) -> dict[str, Any]:
    published = datetime.combine(item.published_on, time(), UTC) if item.published_on else None
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_text": item.content,
        "language": item.language,
        **_known(
            summary=item.summary,
            date_published=_instant(published),
            date_modified=_instant(item.updated_at),
            authors=[{"name": name} for name in item.authors],
            tags=list(item.tags),
        ),
        "_academy": dict(item.more),
    }


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _instant(value: datetime | None) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""
