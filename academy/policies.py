"""Who may do what: every permission of the academy is a line in RULES."""

import enum
from collections.abc import Callable
from typing import Any

from academy.models import Audience, Role


class Action(enum.StrEnum):
    PUBLIC_READ = "public:read"
    DOCUMENT_VIEW = "document:view"
    SESSION_VIEW = "session:view"
    SESSION_ENROL = "session:enrol"
    CYCLE_FOLLOW = "cycle:follow"
    ENROLMENT_CANCEL = "enrolment:cancel"
    ENROLMENT_ACCEPT = "enrolment:accept"
    ENROLMENT_LINK = "enrolment:link"
    SESSION_CHECK_IN = "session:check-in"
    ATTENDANCE_KEEP = "attendance:keep"
    DOOR_KEEP = "door:keep"
    QR_SHOW = "qr:show"
    QR_MARK = "qr:mark"
    CERTIFICATE_ISSUE = "certificate:issue"
    CERTIFICATE_OWN = "certificate:own"
    CERTIFICATE_VERIFY = "certificate:verify"
    ACCOUNT_SIGN_IN = "account:sign-in"
    ACCOUNT_OWN = "account:own"
    AGENDA_READ = "agenda:read"
    STUDIO_USE = "studio:use"
    DOCUMENT_CREATE = "document:create"
    DOCUMENT_EDIT = "document:edit"
    DOCUMENT_MOVE = "document:move"
    DOCUMENT_REVIEW = "document:review"
    REVIEW_DECIDE = "review:decide"
    REVISION_HIDE = "revision:hide"
    DESK_USE = "desk:use"
    SESSION_CREATE = "session:create"
    SESSION_EDIT = "session:edit"
    QUESTION_EDIT = "question:edit"
    ROLL_READ = "roll:read"
    ROLL_EDIT = "roll:edit"
    PEOPLE_EDIT = "people:edit"
    MAIL_EDIT = "mail:edit"
    SEARCH_TEACH = "search:teach"
    WISH_MAKE = "wish:make"
    ALERT_ASK = "alert:ask"
    ALERT_LINK = "alert:link"
    WISH_CLOSE = "wish:close"


_TEAM = {Role.ORGANISER, Role.ADMIN}


def anyone(who: Any, it: Any) -> bool:
    return True


def signed_in(who: Any, it: Any) -> bool:
    return who.is_authenticated


def trainer(who: Any, it: Any) -> bool:
    return who.is_authenticated and who.role == Role.TRAINER


def organiser(who: Any, it: Any) -> bool:
    return who.is_authenticated and who.role in _TEAM


def published(who: Any, it: Any) -> bool:
    return it.published_id is not None


def in_audience(who: Any, it: Any) -> bool:
    return it.document.audience in audiences_of(who)


def visible(who: Any, it: Any) -> bool:
    return any(edition.published_id is not None for edition in it.document.editions)


def owner(who: Any, it: Any) -> bool:
    return it.owner_id is not None and it.owner_id == who.id


def reviewer(who: Any, it: Any) -> bool:
    return who.id in it.reviewers


def themselves(who: Any, it: Any) -> bool:
    return who.is_authenticated and it.person_id == who.id


def at_the_door(who: Any, it: Any) -> bool:
    return it.door is not None


# Each inner list is AND-ed; the lists are OR-ed.
RULES: dict[Action, list[list[Callable[[Any, Any], bool]]]] = {
    Action.PUBLIC_READ: [[anyone]],
    Action.DOCUMENT_VIEW: [[published, in_audience], [published, organiser]],
    Action.SESSION_VIEW: [[visible, in_audience], [organiser]],
    Action.SESSION_ENROL: [[visible, in_audience]],
    Action.ENROLMENT_CANCEL: [[themselves]],
    Action.ENROLMENT_ACCEPT: [[themselves]],
    Action.CYCLE_FOLLOW: [[signed_in, published, in_audience]],
    Action.ENROLMENT_LINK: [[anyone]],  # the loader checks our signature: whoever holds the mail may act
    Action.SESSION_CHECK_IN: [[signed_in]],  # the verb asks for a place
    Action.ATTENDANCE_KEEP: [[organiser]],
    Action.DOOR_KEEP: [[anyone]],  # the loader knows the token: whoever holds the link may act
    Action.QR_SHOW: [[anyone]],  # says nothing but where to show it
    Action.QR_MARK: [[organiser], [at_the_door]],
    Action.CERTIFICATE_ISSUE: [[organiser]],
    Action.CERTIFICATE_OWN: [[themselves]],
    Action.CERTIFICATE_VERIFY: [[anyone]],
    Action.ACCOUNT_SIGN_IN: [[anyone]],
    Action.ACCOUNT_OWN: [[signed_in]],
    Action.AGENDA_READ: [[anyone]],  # the loader knows the secret address: whoever has it may read
    Action.STUDIO_USE: [[trainer], [organiser]],
    Action.DOCUMENT_CREATE: [[trainer], [organiser]],
    Action.DOCUMENT_EDIT: [[trainer, owner], [organiser]],
    Action.DOCUMENT_MOVE: [[organiser]],
    Action.DOCUMENT_REVIEW: [[trainer, owner], [trainer, reviewer], [organiser]],
    Action.REVIEW_DECIDE: [[trainer, reviewer], [organiser]],
    Action.REVISION_HIDE: [[organiser]],
    Action.DESK_USE: [[organiser]],
    Action.SESSION_CREATE: [[organiser]],
    Action.SESSION_EDIT: [[organiser]],
    Action.QUESTION_EDIT: [[organiser]],
    Action.ROLL_READ: [[organiser]],
    Action.ROLL_EDIT: [[organiser]],
    Action.PEOPLE_EDIT: [[organiser]],
    Action.MAIL_EDIT: [[organiser]],
    Action.SEARCH_TEACH: [[organiser]],
    Action.WISH_MAKE: [[anyone]],
    Action.ALERT_ASK: [[anyone]],
    Action.ALERT_LINK: [[anyone]],  # the loader checks our signature: whoever holds the mail may act
    Action.WISH_CLOSE: [[organiser]],
}


def can(who: Any, action: Action, it: Any = None) -> bool:
    """Whether *who* (a Person or an anonymous visitor) may do *action* on *it*."""
    return any(all(rule(who, it) for rule in rules) for rules in RULES[action])


def audiences_of(who: Any) -> frozenset[Audience]:
    """The audiences whose documents *who* may see: the filter of every list, count and search."""
    if not who.is_authenticated:
        return frozenset({Audience.PUBLIC})
    if who.role in _TEAM or who.role == Role.TRAINER:
        return frozenset(Audience)
    return frozenset({Audience.PUBLIC, Audience.MEMBERS})
