"""The one door between a URL and a view: load the object, check the policy."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort

from academy.policies import Action, can
from academy.web import moved
from academy.web.identity import asker

# Who may not see a thing does not learn that it exists.
_HIDING = {Action.DOCUMENT_VIEW, Action.SESSION_VIEW, Action.SESSION_ENROL}


def allow(action: Action, *, on: Callable[..., Any] | None = None):
    """Let a view run only if RULES say so.

    With *on*, the loader receives the URL's arguments; the view receives what it returns.
    404 if there is nothing (or nothing to be seen; 301 if it has moved), 401 for strangers, 403 for the others.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**url_args: Any) -> Any:
            if any("\0" in value for value in url_args.values() if isinstance(value, str)):
                abort(404)  # PostgreSQL cannot even be asked
            it = on(**url_args) if on else None
            if on and it is None:
                return moved.to_present_address() or abort(404)
            who = asker()
            if not can(who, action, it):
                abort(404 if action in _HIDING else 403 if who.is_authenticated else 401)
            return view(it) if on else view(**url_args)

        guarded.action = action  # pyright: ignore[reportAttributeAccessIssue]
        guarded.loader = on  # pyright: ignore[reportAttributeAccessIssue]
        return guarded

    return decorate
