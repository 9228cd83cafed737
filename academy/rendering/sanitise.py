"""Keep of a page's HTML only what the dialect can write: tags, attributes, classes and ids by list."""

import re
from collections.abc import Callable
from functools import lru_cache

import nh3
from pygments.token import STANDARD_TYPES

from academy.rendering.callouts import KINDS

TAGS = frozenset(
    "a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i "
    "img input ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th "
    "thead tr u ul var".split()
)
DROPPED_WITH_TEXT = frozenset("iframe math noscript script style svg template textarea title xmp".split())
ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "title", "lang", "aria-label", "aria-hidden", "tabindex"},
    "abbr": {"title"},
    "details": {"name", "open"},
    "div": {"role", "aria-label", "tabindex"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "input": {"aria-label", "checked", "disabled", "type"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "span": {"lang"},
    "section": {"role", "aria-label"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# Whatever input an author writes, it ends as a tick box that cannot be used.
FORCED = {"input": {"type": "checkbox", "disabled": ""}}
CLASSES = frozenset(
    "admonition admonition-title align-center align-left align-right chart chart__legend credit cue footnote-backref footnote-ref footnotes "
    "formula heading-anchor highlight tab table-scroll tabs task-list task-list-item term transcript video video__link wiki".split()
)
ALLOWED_CLASSES = CLASSES | KINDS | {name for name in STANDARD_TYPES.values() if name}
LANGUAGE = re.compile(r"language-[a-z0-9+#-]{1,30}")
IDS = re.compile(r"(?:s-[a-z0-9-]{1,80}|fn(?:ref)?-[0-9]{1,5}(?:-[0-9]{1,5})?)")
NUMBER = re.compile(r"[0-9]{1,4}")
# Attributes whose value is one of a few; the others are text or addresses.
VALUES = {
    "aria-hidden": re.compile("true"),
    "colspan": NUMBER,
    "height": NUMBER,
    "lang": re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?"),
    "loading": re.compile("lazy"),
    "name": re.compile(r"s-tabs-[0-9]{1,5}"),
    "role": re.compile("group|region|doc-endnotes"),
    "rowspan": NUMBER,
    "scope": re.compile("col|row"),
    "start": re.compile(r"[0-9]{1,9}"),
    "tabindex": re.compile("0|-1"),
    "width": NUMBER,
}
EXTERNAL = re.compile(r"(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
SCHEMES = {"http", "https", "mailto"}


def sanitise(html: str, *, has_comments: bool = False) -> str:
    """Give HTML that can neither run, nor load from odd addresses, nor shadow names of the page.

    An id keeps its first use only. Links that leave the site get `rel="noopener noreferrer"`. Comments go unless *has_comments*.
    """
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WITH_TEXT),
        attributes=ATTRIBUTES,
        set_tag_attribute_values=FORCED,
        attribute_filter=_new_filter(),
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=not has_comments,
    )


def _new_filter() -> Callable[[str, str, str], str | None]:
    """Make the filter of one page: it remembers ids, and the address of the link being read."""
    ids: set[str] = set()
    address = ""

    def keep(tag: str, name: str, value: str) -> str | None:
        nonlocal address
        if name == "class":
            return _classes(value)
        if name == "href":
            address = value
        elif name == "rel":  # written by nh3 itself, after the other attributes of the link
            leaves, address = EXTERNAL.match(address.strip()), ""
            return value if leaves else None
        elif name == "id":
            if value in ids or not IDS.fullmatch(value):
                return None
            ids.add(value)
        elif name in VALUES:
            return value if VALUES[name].fullmatch(value) else None
        return value

    return keep


@lru_cache(maxsize=1024)
def _classes(value: str) -> str | None:
    if len(value) > 200:
        return None
    kept = [name for name in value.split() if name in ALLOWED_CLASSES or LANGUAGE.fullmatch(name)]
    return " ".join(kept) or None
