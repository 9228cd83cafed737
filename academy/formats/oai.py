"""Answer harvesters (OAI-PMH 2.0, openarchives.org/OAI/openarchivesprotocol.html) in Dublin Core.

The `oaipmh` library reads questions and writes answers; what the protocol asks beyond it stands here: arguments given
twice or out of shape, the empty token that ends a list, the attributes of the request, characters that XML forbids.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from lxml.etree import SubElement, fromstring, tostring
from oaipmh import common, error
from oaipmh.metadata import MetadataRegistry
from oaipmh.server import NS_DC, NS_OAIDC, NS_XSI, ServerBase, XMLTreeServer, nsoai

CONTENT_TYPE = "text/xml; charset=utf-8"
PREFIX = "oai_dc"
FORMAT = (PREFIX, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", NS_OAIDC)
_ARGUMENTS = ("verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = (
    '<oai-identifier xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai-identifier'
    ' http://www.openarchives.org/OAI/2.0/oai-identifier.xsd">'
    "<scheme>oai</scheme><delimiter>:</delimiter></oai-identifier>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A record as lists name it; a deleted one has no words."""

    identifier: str
    changed_at: datetime
    sets: Sequence[str]
    is_deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A header and its Dublin Core: element, text, language of the text or ""."""

    header: Header
    elements: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is narrowed to, instants included; `position` is where this page of it begins."""

    since: datetime | None = None
    until: datetime | None = None
    set: str = ""
    position: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a list: `before` are the records before it, `size` those of the whole; no `following` ends it."""

    records: Sequence[Any]
    before: int = 0
    size: int = 0
    following: str = ""


class Repository(Protocol):
    """What is harvested. Raise LookupError for a token or an identifier that is not ours."""

    name: str
    url: str
    email: str
    sample: str  # an identifier
    earliest: datetime

    def sets(self) -> Sequence[tuple[str, str]]: ...
    def resumed(self, token: str) -> Asked: ...
    def page(self, asked: Asked, *, with_words: bool) -> Page: ...
    def record(self, identifier: str) -> Record: ...


def answer(repository: Repository, arguments: Sequence[tuple[str, str]]) -> bytes:
    """The answer to a question, an error of the protocol included."""
    clean = [(_xml(name), _xml(value)) for name, value in arguments]
    return _Server(repository, clean).handleRequest(dict(reversed(clean)))


def _xml(text: str) -> str:
    """The text with a mark for each character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _naive(instant: datetime) -> datetime:
    """UTC to the second, as the library counts."""
    return instant.astimezone(UTC).replace(microsecond=0, tzinfo=None)


class _Server(ServerBase):
    def __init__(self, repository: Repository, arguments: Sequence[tuple[str, str]]):
        self._arguments = arguments
        self._tree_server = _Tree(_Verbs(repository), arguments)

    def handleVerb(self, verb, kw):  # noqa: N802 -- of the library
        names = [name for name, _ in self._arguments]
        if verb == "GetMetadata" or names.count("verb") > 1:
            raise error.BadVerbError("One verb of the protocol is asked for at a time.")
        for name in names:
            if names.count(name) > 1:
                raise error.BadArgumentError(f"The argument {name} is given more than once: write it once.")
        for name, value in self._arguments:
            if name in {"from", "until"} and not _INSTANT.fullmatch(value):
                raise error.BadArgumentError(f"Write {name} as 2026-11-22 or as 2026-11-22T08:00:00Z.")
        if "from_" in kw and "until" in kw and kw["from_"] > kw["until"]:
            raise error.BadArgumentError("from is later than until: exchange them.")
        return super().handleVerb(verb, kw)


class _Tree(XMLTreeServer):
    def __init__(self, verbs: "_Verbs", arguments: Sequence[tuple[str, str]]):
        registry = MetadataRegistry()
        registry.registerWriter(PREFIX, _write)
        super().__init__(verbs, registry, {"xsi": NS_XSI})
        self._arguments = arguments

    def _outputBasicEnvelope(self, *, is_understood: bool = True, **_):  # noqa: N802
        """Repeat the arguments as they were sent, unless they are what is wrong."""
        tree, root = super()._outputBasicEnvelope()
        if is_understood:
            for name, value in self._arguments:
                if name in _ARGUMENTS:
                    root.find(nsoai("request")).set(name, value)
        return tree, root

    def _outputErrors(self, errors, **_):  # noqa: N802
        codes = {code for code, _ in errors}
        tree, root = self._outputBasicEnvelope(is_understood=codes.isdisjoint({"badVerb", "badArgument"}))
        for code, message in errors:
            SubElement(root, nsoai("error"), code=code).text = message
        return tree

    def _outputResuming(self, element, input_func, output_func, kw):  # noqa: N802
        """Write a page; the last one of several ends with an empty token."""
        page: Page = input_func(**kw)
        output_func(element, page.records, {"metadataPrefix": PREFIX})
        if page.before or page.following:
            token = SubElement(
                element, nsoai("resumptionToken"), cursor=str(page.before), completeListSize=str(page.size)
            )
            token.text = page.following or None


@dataclass
class _Verbs:
    """A repository in the words of the library."""

    repository: Repository
    sets: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.sets = dict(self.repository.sets())

    def identify(self) -> common.Identify:
        it = self.repository
        said = common.Identify(
            _xml(it.name), it.url, "2.0", [it.email], _naive(it.earliest), "persistent", "YYYY-MM-DDThh:mm:ssZ",
            ["identity"], toolkit_description=False,
        )  # fmt: skip
        about = fromstring(_ABOUT)
        namespace = about.tag.partition("}")[0]
        for name, text in (("repositoryIdentifier", it.sample.split(":")[1]), ("sampleIdentifier", it.sample)):
            SubElement(about, f"{namespace}}}{name}").text = text
        about[:] = [about[0], about[2], about[1], about[3]]
        said.add_description(tostring(about))
        return said

    def listMetadataFormats(self, identifier: str = "") -> list[tuple[str, str, str]]:  # noqa: N802
        if identifier:
            self._record(identifier)
        return [FORMAT]

    def listSets(self, resumptionToken: str = "") -> Page:  # noqa: N802, N803
        if resumptionToken:
            raise error.BadResumptionTokenError("The list of sets comes whole: ask without a token.")
        return Page(records=[(spec, _xml(name), None) for spec, name in self.sets.items()])

    def listIdentifiers(self, **kw: Any) -> Page:  # noqa: N802
        page = self._page(kw, with_words=False)
        return Page(
            records=[_header(it.header) for it in page.records],
            before=page.before,
            size=page.size,
            following=page.following,
        )

    def listRecords(self, **kw: Any) -> Page:  # noqa: N802
        page = self._page(kw, with_words=True)
        return Page(
            records=[(_header(it.header), it.elements, None) for it in page.records],
            before=page.before,
            size=page.size,
            following=page.following,
        )

    def getRecord(self, identifier: str, metadataPrefix: str):  # noqa: N802, N803
        found = self._record(identifier)
        _refuse_other_formats(metadataPrefix)
        return _header(found.header), found.elements, None

    def _page(self, kw: dict[str, Any], *, with_words: bool) -> Page:
        if "resumptionToken" in kw:
            try:
                asked = self.repository.resumed(kw["resumptionToken"])
            except LookupError:
                raise error.BadResumptionTokenError("This token is not ours: begin the list again.") from None
        else:
            _refuse_other_formats(kw["metadataPrefix"])
            asked = Asked(since=_aware(kw.get("from_")), until=_aware(kw.get("until")), set=kw.get("set", ""))
        page = self.repository.page(asked, with_words=with_words)
        if not page.records:
            raise error.NoRecordsMatchError("No record answers: ask for a longer time, or another set.")
        return page

    def _record(self, identifier: str) -> Record:
        try:
            return self.repository.record(identifier)
        except LookupError:
            raise error.IdDoesNotExistError("No record has this identifier: ListIdentifiers names them.") from None


def _refuse_other_formats(prefix: str) -> None:
    if prefix != PREFIX:
        raise error.CannotDisseminateFormatError(f"Records are told in {PREFIX} alone.")


def _aware(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=UTC) if instant else None


def _header(header: Header) -> common.Header:
    return common.Header(None, header.identifier, _naive(header.changed_at), header.sets, header.is_deleted)


def _write(element, elements: Sequence[tuple[str, str, str]]) -> None:
    """Dublin Core, each element in the language of its words."""
    dc = SubElement(element, f"{{{NS_OAIDC}}}dc", nsmap={"oai_dc": NS_OAIDC, "dc": NS_DC, "xsi": NS_XSI})
    dc.set(f"{{{NS_XSI}}}schemaLocation", f"{NS_OAIDC} {FORMAT[1]}")
    for name, text, language in elements:
        it = SubElement(dc, f"{{{NS_DC}}}{name}")
        it.text = _xml(text)
        if language:
            it.set(_LANG, language)
