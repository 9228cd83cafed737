"""Files that come with a document: slides, reports, transcripts, pictures."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.documents import Document
from academy.models.instants import Instant


class Attachment(Model):
    """A file of a document: its bytes are in the store under their digest, its words are here for the search.

    What is said of a picture (alt to licence) stands in the file `credits.yml` beside it: the columns are read from it.
    """

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
    alt: Mapped[str] = mapped_column(String(300), default="", server_default="")  # what a picture shows
    is_decorative: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # it shows nothing to say
    credit: Mapped[str] = mapped_column(String(200), default="", server_default="")  # whose it is
    licence: Mapped[str] = mapped_column(String(40), default="", server_default="")  # a code, as those of texts
    # Of a picture: width, height, clean (digest, size), made (list of width, height, type, digest, size); else None.
    picture: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(Instant)
    document: Mapped[Document] = relationship()
