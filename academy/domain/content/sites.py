"""The editions of the academy, as far as a comparison with files needs them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import aliased

from academy.domain.content import bases as content_bases
from academy.domain.content.bases import Exchange
from academy.domain.content.checks import CheckedFile
from academy.domain.content.paths import file_of
from academy.extensions import db
from academy.models import Document, Edition, Revision


@dataclass(frozen=True)
class Site:
    """An edition of the academy."""

    edition_id: int
    document_id: int
    path: str
    synced: str | None  # what both sides had last
    head_id: int | None
    head: str | None  # hashes of sources
    published: str | None
    synced_path: str | None
    scheduled: str | None = None

    @property
    def current(self) -> str | None:
        """What a folder holds of it: the text that is to be published, else the published one, else the last saved."""
        return self.scheduled or self.published or self.head

    @property
    def has_draft(self) -> bool:
        """Whether something waits on top of what readers see."""
        return self.current != self.head


Sites = dict[tuple[str, str], Site]


def all_sites() -> Sites:
    """Every edition by (key, language), in one query."""
    head, published, scheduled = aliased(Revision), aliased(Revision), aliased(Revision)
    rows = db.session.execute(
        select(
            Document.key,
            Edition.language,
            Edition.id,
            Document.id,
            Document.path,
            Edition.synced_hash,
            Edition.head_id,
            head.source_hash,
            published.source_hash,
            Document.synced_path,
            scheduled.source_hash,
        )
        .join(Edition, Edition.document_id == Document.id)
        .outerjoin(head, head.id == Edition.head_id)
        .outerjoin(published, published.id == Edition.published_id)
        .outerjoin(scheduled, scheduled.id == Edition.scheduled_id)
    )
    return {(row[0], row[1]): Site(*row[2:]) for row in rows}


def met_by(exchange: Exchange | None, sites: Mapping[tuple[str, str], Site], files: list[CheckedFile]) -> Sites:
    """The same, `synced` being what the archive was made from; a folder's is remembered by the edition."""
    if exchange is None:
        return dict(sites)
    pairs = {(it.key, it.file.place.language): it.file.path for it in files}
    paths = {site.edition_id: (file_of(site.path, key[1]), pairs[key]) for key, site in sites.items() if key in pairs}
    known = content_bases.bases(exchange, paths, {site.edition_id: site.synced for site in sites.values()})
    return {key: replace(site, synced=known.get(site.edition_id)) for key, site in sites.items()}
