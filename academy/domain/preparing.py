"""Check and render a text before it is published: costs CPU and takes no lock, so call it outside `transaction()`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from academy.domain import contract, layout, lending, links, pictures, projection, typed_values
from academy.domain.content import names as content_names
from academy.domain.contract import PUBLISHED, Facts, Names
from academy.domain.lending import Borrower, Coming
from academy.domain.links import Way
from academy.domain.picture_credits import Credit
from academy.domain.problems import ContentRefused, Problem
from academy.domain.revisions import hash_of
from academy.domain.typed_values import PARIS
from academy.models import Kind
from academy.rendering import frontmatter
from academy.rendering.limits import MAX_BYTES
from academy.rendering.results import Rendered


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A text that may be published: checked and, unless its rendering is already stored, rendered."""

    kind: Kind
    language: str
    path: str
    source: str
    source_hash: str
    facts: Facts
    rendered: Rendered | None
    ways: tuple[Way, ...] = ()
    warnings: tuple[Problem, ...] = ()


def prepare(
    source: str,
    *,
    kind: Kind,
    language: str,
    path: str = "",
    names: Names | None = None,
    files: Mapping[str, Credit] | None = None,
    is_rendered: bool = False,
    coming: Coming | None = None,
) -> Prepared:
    """Parse, check and render a text; raise ContentRefused with every problem, lines counted in the whole file.

    *names* is what exists (by default the rows of the academy); *files* what lies beside the text, for what will be
    published (None: its pictures are not looked at); *path* is said in problems, and where relative links start (by
    default where the document is). A text of which the caller knows that it *is_rendered*, and that depends on no
    other, is not rendered again: `rendered` is then None. With *coming* the caller compares sections and audiences itself.
    """
    if unstorable := storable_problems(path, source):
        raise ContentRefused(unstorable)
    names = content_names.of_academy() if names is None else names
    checked = contract.check(path, source, kind=kind, names=names)
    source_hash = hash_of(source)
    facts, is_alone = checked.facts, not lending.borrows(checked.body)
    rendered, ways, remarks = None, (), []
    if not (is_rendered and is_alone):
        to = Borrower(
            facts.id,
            *layout.place_of_text(facts, language, path, coming),
            projection.typeset_title(facts.title, language),
        )
        rendered, loan = layout.render_lent(checked.body, to, first_line=checked.body_line, path=path, coming=coming)
        ways = links.ways_of(rendered, loan)
        known = replace(names, documents=names.documents | {facts.id})
        remarks = layout.remarks(
            rendered,
            loan,
            path=path,
            language=language,
            audience=to.audience,
            names=known,
            is_whole=coming is None,
        )
        remarks += remarks_of(source, rendered, files, path=path)
    if wrong := [remark for remark in remarks if not remark.is_warning]:
        raise ContentRefused([*wrong, *checked.warnings, *(it for it in remarks if it.is_warning)])
    return Prepared(
        kind=kind,
        language=language,
        path=path,
        source=source,
        source_hash=source_hash,
        facts=checked.facts,
        rendered=rendered,
        ways=ways,
        warnings=(*checked.warnings, *remarks),
    )


def remarks_of(source: str, rendered: Rendered, files: Mapping[str, Credit] | None, *, path: str = "") -> list[Problem]:
    """What is to be said of a rendered text; of its pictures, once the *files* beside it are known."""
    lints = [lint for lint in rendered.lints if files is None or lint.code != "missing_alt"]
    remarks = [Problem(path, lint.line, "", f"lint_{lint.code}", {"detail": lint.detail}) for lint in lints]
    if files is not None:
        remarks += pictures.problems(source, rendered.html, rendered.lints, files, path=path)
    return remarks


def prepare_for_publication(
    source: str,
    *,
    kind: Kind,
    language: str,
    now: datetime,
    path: str = "",
    names: Names | None = None,
    files: Mapping[str, Credit] | None = None,
) -> Prepared:
    """As `prepare`, once the front matter says `status: published` and since when.

    If it did not, that is the day in Paris of `publish_at`, or today. What has expired already is refused.
    """
    front = contract.parse(path, source)
    changes: dict[str, str | list[str] | None] = {"status": PUBLISHED}
    if not front.values.get("published_on"):
        changes["published_on"] = _first_day(front.values.get("publish_at"), now).isoformat()
    try:
        stated = frontmatter.replace(source, changes)
    except frontmatter.FrontMatterError as error:
        raise ContentRefused(contract.front_problems(path, error)) from None
    prepared = prepare(stated, kind=kind, language=language, path=path, names=names, files=files)
    if prepared.facts.expires_at is not None and prepared.facts.expires_at <= now:
        line = contract.parse(path, stated).lines.get("expires_at", 0)
        raise ContentRefused([Problem(path, line, "expires_at", "expiry_past")])
    return prepared


def storable_problems(path: str, source: str) -> list[Problem]:
    """Why a text cannot even be kept: too long, or not text."""
    problems = []
    if (nul := source.find("\0")) >= 0:
        problems.append(Problem(path, source.count("\n", 0, nul) + 1, "", "body_nul_character"))
    if any("\ud800" <= character <= "\udfff" for character in source):
        problems.append(Problem(path, 0, "", "not_utf8"))
    elif len(source.encode()) > MAX_BYTES:
        problems.append(Problem(path, 0, "", "body_too_long", {"limit": MAX_BYTES // 1024}))
    return problems


def _first_day(publish_at: object, now: datetime) -> date:
    try:
        at = typed_values.hour(publish_at) if publish_at else now
    except typed_values.BadValueError:  # told by the contract
        at = now
    return max(at, now).astimezone(PARIS).date()
