"""Searches that somebody follows by mail."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.extensions import Model
from academy.models.instants import Instant


class Alert(Model):
    """A search, or a topic, whose new texts are mailed once a week to who confirmed the address. Ended: no row."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("email", "language", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)  # random: what the links of its mails sign
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(300))  # the question in words, in its language
    question: Mapped[dict[str, Any]] = mapped_column(
        JSON
    )  # `q`, `is_exact`, `chosen` in the words of the finder's address
    mark: Mapped[str] = mapped_column(String(64))  # SHA-256 of the question
    created_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    told_on: Mapped[date | None]  # the Monday of the last week that is done
    seen: Mapped[int] = mapped_column(default=0)  # number of the last change that was looked at
