"""Files that come with a document: slides, reports, transcripts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.documents import Document
from academy.models.instants import Instant


class Attachment(Model):
    """A file of a document: its bytes are in the store under their digest, its words are here for the search."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("document_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    name: Mapped[str] = mapped_column(String(160))  # as in its folder: slides.pptx
    media_type: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), index=True)  # SHA-256 of the bytes
    size: Mapped[int]  # bytes
    title: Mapped[str] = mapped_column(String(300), default="")  # that the file says of itself
    passages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # anchor, path, text: by page or slide
    fault: Mapped[str] = mapped_column(String(40), default="")  # why it has no words: "encrypted", "too_large", …
    created_at: Mapped[datetime] = mapped_column(Instant)
    document: Mapped[Document] = relationship()
