"""Ways between texts, and the addresses that texts had before."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.extensions import Model
from academy.models.instants import Instant


class TextLink(Model):
    """A way from a published edition to another text: derived from its source, written with each publication."""

    __tablename__ = "text_link"
    __table_args__ = (
        UniqueConstraint("edition_id", "kind", "target", "anchor"),
        CheckConstraint("kind in ('link', 'title', 'include')", name="kind_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    kind: Mapped[str] = mapped_column(String(10))  # `rendering.results.LinkKind`
    target: Mapped[str] = mapped_column(String(80), index=True)  # `Document.key`, which never changes
    anchor: Mapped[str] = mapped_column(String(90), default="")  # id of a heading, or ""
    lent: Mapped[str] = mapped_column(String(64), default="")  # digest of the title or text that was put in; "" of none


class OldAddress(Model):
    """Where a document was: `module:cycle/slug`, `cycle:slug`, `page:slug` on the site, `file:stem` in the folder.

    It names the document, not the next address: there are no chains. A document that lives at an address comes
    before whatever was there.
    """

    __tablename__ = "old_address"

    address: Mapped[str] = mapped_column(String(260), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    left_at: Mapped[datetime] = mapped_column(Instant)


class Translation(Model):
    """The revision in the other language up to which an edition says the same; no row: nobody has said so yet."""

    __tablename__ = "translation"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    follows_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    noted_at: Mapped[datetime] = mapped_column(Instant)
