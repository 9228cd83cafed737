"""The retention plan: what is deleted, when, by what. The jobs follow it each hour, `flask retention` prints it.

A new line is one more `Line` here, a row of the table in docs/operating.md, and a sentence on the page about personal data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from academy.domain import (
    after_session,
    alerts,
    attendance,
    autosaves,
    certificates,
    forgetting,
    questions,
    reviews,
    sending_log,
    wishes,
)
from academy.extensions import db


@dataclass(frozen=True)
class Line:
    """What is kept, until when, the ids of what is due at an instant, and what deletes a piece of it."""

    what: str
    until: str
    due: Callable[[datetime], Select[int]]
    purge: Callable[..., int]

    def is_due(self, *, now: datetime) -> bool:
        """Whether there is something to delete: a plain read."""
        return db.session.scalar(self.due(now).limit(1)) is not None

    def count(self, *, now: datetime) -> int:
        """How many rows are due."""
        return db.session.scalar(select(func.count()).select_from(self.due(now).subquery())) or 0


PLAN = (
    Line(
        "sensitive answers to enrolment questions",
        "30 days after the session, or after the place or the session was cancelled",
        after_session.due_answers,
        after_session.purge_answers,
    ),
    Line(
        "answers of who has not confirmed their address",
        "1 day",
        after_session.due_pending,
        after_session.purge_pending,
    ),
    Line(
        "invitations to sessions",
        "30 days after the session or its cancellation; 1 year without a date",
        after_session.due_invitations,
        after_session.purge_invitations,
    ),
    Line(
        "whose an enrolment was, with its answers and the reason of a refusal (its status and kind of organisation stay)",
        "3 years after the session or its cancellation",
        after_session.due_enrolments,
        after_session.anonymise,
    ),
    Line("links of mails, used or not", "30 days after they expired", forgetting.due_tickets, forgetting.purge_tickets),
    Line("sign-ins", "30 days after they expired", forgetting.due_sign_ins, forgetting.purge_sign_ins),
    Line("certificates", "3 years after they were issued", certificates.old, certificates.purge),
    Line(
        "who was present: marks, signatures, scans, links of the door, of a session whole",
        "6 years after the last of them, 10 years of a co-financed session",
        attendance.old,
        attendance.purge,
    ),
    Line(
        "the journal",
        "1 year; 10 years what was done with proofs of presence and certificates",
        forgetting.due_journal,
        forgetting.purge_journal,
    ),
    Line("questions of the search", "90 days", questions.old, questions.purge),
    Line("requests for resources", "90 days after they are closed", wishes.old, wishes.purge),
    Line("reviews of drafts", "1 year after they ended", reviews.old_reviews, reviews.purge_reviews),
    Line(
        "comments on paragraphs of drafts, by threads",
        "1 year after the last comment, or after the thread was settled",
        reviews.old_threads,
        reviews.purge_threads,
    ),
    Line("alerts that nobody confirmed", "7 days", alerts.old, alerts.purge),
    Line("drafts that saved themselves, but the last of an hour's", "30 days", autosaves.due, autosaves.purge),
    Line("the list of mails sent", "365 days", sending_log.old, sending_log.purge),
)
