"""Addresses written into mails: always of ACADEMY_PUBLIC_URL, some of them signed."""

import hashlib
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from academy.models import Alert, CycleSession, Edition, Enrolment

_SHA256 = {"digest_method": hashlib.sha256}


def url(endpoint: str, *, language: str, **values: object) -> str:
    """The public address of a page in a language; no request's Host header has a say."""
    return _built(endpoint, language, values)


def review_url(edition: Edition, *, language: str) -> str:
    """The review of an edition, on the side of the site that somebody reads."""
    return _built("studio.review", language, {"id": edition.document_id, "language": edition.language})


def _built(endpoint: str, language: str, values: dict[str, object]) -> str:
    public = urlsplit(current_app.config["SETTINGS"].public_url)
    root = public.path.rstrip("/") + ("/en" if language == "en" else "")
    adapter = current_app.url_map.bind(public.netloc, script_name=f"{root}/", url_scheme=public.scheme)
    return adapter.build(endpoint, values, force_external=True)


def session_url(session: CycleSession, *, language: str) -> str:
    return url("sessions.show", language=language, id=session.id, slug=session.document.slug)


def enrolment_url(enrolment: Enrolment, *, language: str) -> str:
    """The page where whoever holds the mail sees and may cancel this enrolment, without signing in."""
    return url("sessions.enrolment", language=language, signed=sign(enrolment.id))


def alert_url(endpoint: str, alert: Alert) -> str:
    """The page where whoever holds the mail begins or ends an alert, without signing in."""
    return url(endpoint, language=alert.language, signed=_signer(endpoint).dumps(alert.key))


def signed_alert(endpoint: str, signed: str) -> str | None:
    """The key of the alert that we signed for this page, or None."""
    try:
        value = _signer(endpoint).loads(signed)
    except BadData:
        return None
    return value if isinstance(value, str) else None


def sign(enrolment_id: int) -> str:
    return _signer().dumps(enrolment_id)


def signed_id(signed: str) -> int | None:
    """The id of the enrolment that we signed, or None."""
    try:
        value = _signer().loads(signed)
    except BadData:
        return None
    return value if isinstance(value, int) else None


def _signer(salt: str = "enrolment") -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt, signer_kwargs=_SHA256)
