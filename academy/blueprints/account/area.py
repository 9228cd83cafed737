"""The blueprint of the account, and what its views share."""

from flask import Blueprint, Response, redirect

from academy.domain import accounts
from academy.extensions import limiter, transaction
from academy.models import Person
from academy.web import clock, identity
from academy.web.limits import by_email
from academy.web.navigation import safe_next

bp = Blueprint("account", __name__)

# Counted before anything is hashed or sent.
per_sender = limiter.shared_limit("20 per minute; 200 per hour", scope="sign-in")
per_email = limiter.shared_limit("5 per 15 minutes", scope="sign-in-email", key_func=by_email)


def signed_in(person: Person, then: str | None) -> Response:
    """Sign this browser in and lead on to *then*, if it is a page of ours."""
    with transaction():
        token = accounts.sign_in(person, now=clock.now())
    return identity.remember(redirect(safe_next(then), 303), token)  # pyright: ignore[reportArgumentType]
