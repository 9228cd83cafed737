"""Write Atom feeds (RFC 4287)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from feedgenerator import Atom1Feed

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_BEFORE_ANYTHING = datetime(2024, 1, 25, tzinfo=UTC)  # the academy's first day: an empty feed never seems new


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A text in a feed; `id` never changes, `url` may."""

    id: str
    url: str
    title: str
    summary: str
    authors: Sequence[str]
    rights: str
    published_on: date | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The feed itself; `url` is the page that it follows, the others are pages of the feed (RFC 5005, 3); "" is none."""

    title: str
    subtitle: str
    url: str
    feed_url: str
    language: str
    page_url: str = ""  # of this page, when it is not the first
    previous_url: str = ""
    next_url: str = ""


class _Atom(Atom1Feed):
    def latest_post_date(self):
        return super().latest_post_date() if self.items else _BEFORE_ANYTHING

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for rel in ("previous", "next"):
            if url := self.feed[rel]:
                handler.addQuickElement("link", "", {"rel": rel, "href": url})

    def add_item_elements(self, handler, item):
        """Write the summary as the text that it is, and every author."""
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.addQuickElement("summary", item["summary"], {"type": "text"})


def write(feed: Feed, entries: Sequence[Entry]) -> str:
    """The feed as XML; the same entries give the same bytes."""
    atom = _Atom(
        feed.title,
        feed.url,
        None,
        language=feed.language,
        subtitle=feed.subtitle,
        feed_url=feed.page_url or feed.feed_url,
        previous=feed.previous_url,
        next=feed.next_url,
        feed_guid=feed.feed_url,
        author_name="Académie One Provence",
    )
    for entry in entries:
        published = datetime.combine(entry.published_on, time(), UTC) if entry.published_on else None
        atom.add_item(
            entry.title,
            entry.url,
            None,
            unique_id=entry.id,
            pubdate=published,
            updateddate=entry.updated_at or published or _BEFORE_ANYTHING,
            item_copyright=entry.rights or None,
            authors=entry.authors,
            summary=entry.summary,
        )
    return atom.writeString("utf-8")
