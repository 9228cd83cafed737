"""Who is signed in, looked up once for each browser and remembered until a sign-in may have ended."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app

from academy.domain import accounts
from academy.models import Role

MOST = 2000  # browsers; the one unused for longest goes first
LONGEST = timedelta(minutes=5)  # after which the row is asked again, whatever was said


class SignedIn(NamedTuple):
    """A browser whose row was seen: whose it is, and until when that may be believed."""

    id: int
    role: Role
    until: datetime


class SignIns:
    """The sign-ins seen since `SignInHead` last rose: one that ends, in whatever process, is asked again within 0.2 s."""

    def __init__(self) -> None:
        self._head: int | None = None
        self._seen: OrderedDict[str, SignedIn] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, token: str, *, now: datetime) -> SignedIn | None:
        """Whose browser holds *token*; raise what the database raises."""
        version = current_app.extensions["content_version"]
        version()  # fresh to 0.2 s, and at once after a commit of this process
        head, key = version.sign_ins, accounts.digest(token)
        with self._lock:
            if head != self._head:
                self._head, self._seen = head, OrderedDict()
            known = self._seen.get(key)
            if known and known.until > now:
                self._seen.move_to_end(key)
                return known
        found = accounts.signed_in(token, now=now)
        if found is None:
            return None
        person, role, expires_at = found
        signed_in = SignedIn(person, role, min(expires_at, now + LONGEST))
        with self._lock:
            if head == self._head:  # else it may have ended while it was looked up
                self._seen[key] = signed_in
                while len(self._seen) > MOST:
                    self._seen.popitem(last=False)
        return signed_in
