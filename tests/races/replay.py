"""The story of a session as the journal tells it, read again step by step against the rules of the queue."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select

from academy.domain.seating import Asker, who_gets_a_seat
from academy.extensions import db
from academy.models import AuditEntry, CycleSession, Enrolment, EnrolmentStatus, OrganisationKind

REQUESTED, WAITING, OFFERED = EnrolmentStatus.REQUESTED, EnrolmentStatus.WAITING, EnrolmentStatus.OFFERED
CONFIRMED, CANCELLED = EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED
LIVE = frozenset({REQUESTED, WAITING, OFFERED, CONFIRMED})
BECOMES = {  # action: what the enrolment was, what it is then
    "enrolment.approve": ({REQUESTED}, WAITING),
    "enrolment.refuse": ({REQUESTED}, CANCELLED),
    "enrolment.seat": ({WAITING, OFFERED}, CONFIRMED),
    "enrolment.offer": ({WAITING, OFFERED}, OFFERED),
    "enrolment.accept": ({OFFERED}, OFFERED),  # the seat follows
    "enrolment.offer_lapse": ({OFFERED}, CANCELLED),
    "enrolment.cancel": (LIVE, CANCELLED),
}


@dataclass
class Story:
    """Where everybody stands after the steps that were read so far."""

    capacity: int | None
    first: EnrolmentStatus  # what somebody is who has just enrolled
    quotas: dict[OrganisationKind, int]
    ranks: dict[int, int]
    kinds: dict[int, OrganisationKind | None]
    status: dict[int, EnrolmentStatus] = field(default_factory=dict)
    is_postponed: bool = False
    last_rank: int = 0
    steps: Counter = field(default_factory=Counter)

    def read(self, entry: AuditEntry) -> Iterator[str]:
        """Take one step; say what is wrong with it."""
        self.steps[entry.action] += 1
        if entry.action == "session.resize":
            self.capacity = entry.detail["after"]
        elif entry.action in {"session.postpone", "session.reschedule"}:
            self.is_postponed = entry.action == "session.postpone"
        elif entry.action == "enrolment.join":
            yield from self._join(entry.entity_id or 0)
        elif entry.action in BECOMES:
            yield from self._move(entry.action, entry.entity_id or 0)
        elif entry.entity == "enrolment" and entry.action != "enrolment.add":  # it only says who enrolled somebody
            yield f"{entry.action}: a step that nobody knows"

    def _join(self, who: int) -> Iterator[str]:
        if self.ranks[who] <= self.last_rank or who in self.status:
            yield f"{who} joined out of order"
        if self.is_postponed:
            yield f"{who} joined while the session was postponed"
        self.last_rank, self.status[who] = self.ranks[who], self.first

    def _move(self, action: str, who: int) -> Iterator[str]:
        was, (before, after) = self.status.get(who), BECOMES[action]
        if was not in before:
            yield f"{action}: {who} was {was}"
        if was == WAITING and after in {OFFERED, CONFIRMED}:
            taken = [one for one, status in self.status.items() if status in {OFFERED, CONFIRMED}]
            if self.capacity is not None and len(taken) >= self.capacity:
                yield f"{action}: {len(taken)} seats of {self.capacity} were taken"
            if self.is_postponed:
                yield f"{action}: the session was postponed"
            if who != (head := self._head(taken)):
                yield f"{action}: {who} came before {head}"
        self.status[who] = after

    def _head(self, taken: list[int]) -> int | None:
        """Whose turn it is."""
        waiting = [who for who, status in self.status.items() if status == WAITING]
        if not self.quotas or self.capacity is None:
            return min(waiting, key=self.ranks.__getitem__, default=None)
        queue = [Asker(who, self.kinds[who]) for who in sorted(waiting, key=self.ranks.__getitem__)]
        given = Counter(self.kinds[who] for who in taken)
        return next(iter(who_gets_a_seat(queue, capacity=self.capacity, quotas=self.quotas, taken=given)), None)


def wrongs(session_id: int, *, capacity: int | None, quotas: dict[OrganisationKind, int]) -> tuple[list[str], Counter]:
    """What the journal tells that may not be, and how often each step was taken; *capacity* is what it was at first."""
    session = db.session.get_one(CycleSession, session_id)
    rows = list(db.session.scalars(select(Enrolment).where(Enrolment.session_id == session_id)))
    story = Story(
        capacity=capacity,
        first=REQUESTED if session.needs_approval else WAITING,
        quotas=quotas,
        ranks={row.id: row.rank for row in rows},
        kinds={row.id: row.organisation_kind for row in rows},
    )
    told = select(AuditEntry).where(
        or_(
            and_(
                AuditEntry.entity == "enrolment",
                AuditEntry.entity_id.in_(select(Enrolment.id).where(Enrolment.session_id == session_id)),
            ),
            and_(AuditEntry.entity == "cycle_session", AuditEntry.entity_id == session_id),
        )
    )
    wrong = [line for entry in db.session.scalars(told.order_by(AuditEntry.id)) for line in story.read(entry)]
    if story.status != {row.id: row.status for row in rows}:
        wrong.append("the rows are not what the journal told")
    if story.capacity != session.capacity:
        wrong.append(f"{session.capacity} seats, and the journal told {story.capacity}")
    return wrong, story.steps
