"""Certificates: what one states is written down when it is issued, and never again."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.extensions import Model
from academy.models.instants import Instant, words
from academy.models.people import Person
from academy.models.sessions import CycleSession

_LIVE = text("revoked_at IS NULL")


class CertificateKind(enum.StrEnum):
    """Which paper it is; the last two are those of training evidence."""

    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    REALISATION = "realisation"


class Certificate(Model):
    """One paper of one person about one session. A revoked one stays, beside the one that follows it."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_live",
            "session_id",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cycle_session.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[CertificateKind] = mapped_column(words(CertificateKind))
    code: Mapped[str] = mapped_column(String(28), unique=True)  # 140 random bits, to verify it with
    stated: Mapped[dict[str, Any]] = mapped_column(JSON)  # frozen: see `domain/stated.py`
    issued_at: Mapped[datetime] = mapped_column(Instant, index=True)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(500), default="")  # of the revocation, for the team

    session: Mapped[CycleSession] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    @property
    def number(self) -> str:
        """2027-000012: the year of issue, then its number of all."""
        return f"{self.issued_at:%Y}-{self.id:06d}"
