"""Give a text that came back from a browser the line ends of the text that it started from."""


def with_newlines_of(base: str, posted: str) -> str:
    """Restore what a form changes: line ends, the byte order mark, the final newline.

    Browsers send every line end as CRLF. The rule, byte for byte:
    - a text whose words did not change comes back exactly as *base*, mixed line ends included;
    - otherwise all lines end as most lines of *base* do (LF when *base* is empty or undecided);
    - a byte order mark that *base* had is kept;
    - the text ends with a newline, unless *base* did not and the author added none.
    """
    words = _plain(posted)
    if words == _plain(base):
        return base
    wants_newline = not base or _plain(base).endswith("\n")
    if wants_newline and words and not words.endswith("\n"):
        words += "\n"
    if words == _plain(base):
        return base
    mark = "\ufeff" if base.startswith("\ufeff") else ""
    return mark + words.replace("\n", _most_frequent_end(base))


def _plain(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _most_frequent_end(text: str) -> str:
    both = text.count("\r\n")
    counts = {"\n": text.count("\n") - both, "\r\n": both, "\r": text.count("\r") - both}
    return max(counts, key=lambda end: counts[end])  # the first of equals: LF
