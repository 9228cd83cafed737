"""What machines are told of a session: the plain facts that calendars and linked data share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from academy.models import EnrolmentStatus, Mode, SessionStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people meet; an address is written in one line for calendars, in parts for linked data."""

    name: str
    url: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None

    @property
    def line(self) -> str:
        town = " ".join(filter(None, (self.postcode, self.city)))
        return ", ".join(filter(None, (self.name, self.street, town)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Somebody who teaches."""

    name: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A session. `url` is absolute; `online` is how one says "online", "" for who must come."""

    key: str  # never changes
    url: str
    title: str
    summary: str
    note: str = ""  # what readers must know first: that it is an example
    language: str  # of the words
    starts_at: datetime
    ends_at: datetime | None
    status: SessionStatus
    mode: Mode
    place: Place | None
    online: str = ""
    hosts: Sequence[Host] = ()
    capacity: int | None  # None: no limit
    seats_left: int | None
    sequence: int
    changed_at: datetime  # the last change of its words, time, place or status
    cycle_title: str
    cycle_url: str
    held: EnrolmentStatus | None = None  # in the agenda of one person: where their place stands
    video_url: str = ""  # for who has a place, from an hour before; "" for everybody else

    @property
    def description(self) -> str:
        return "\n\n".join(filter(None, (self.note, self.summary)))
