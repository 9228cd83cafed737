"""Cycles: a theme followed over several sessions and modules."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from academy.extensions import Model
from academy.models.instants import Instant


class Cycle(Model):
    """A theme followed over several sessions (schema.org Course). Its words are a document."""

    __tablename__ = "cycle"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
