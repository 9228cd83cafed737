"""What a rate limit counts: senders by their address, people by their e-mail address."""

import hashlib

from flask import Flask, request
from flask_limiter.util import get_remote_address

from academy.domain.accounts import clean_email
from academy.extensions import limiter


def by_email() -> str:
    """Count the posts about one e-mail address, however it is spelt; without one, those of the sender."""
    email = clean_email(request.form.get("email", ""))
    return f"email:{hashlib.sha256(email.encode()).hexdigest()}" if email else get_remote_address()


def init_app(app: Flask) -> None:
    # Every limit of ours is written on its view, which checks it by itself; the hook before each
    # request looks for limits of whole blueprints or applications and finds none.
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if hook != limiter._check_request_limit]
