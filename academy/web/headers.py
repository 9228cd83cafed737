"""The security headers of every answer, errors too."""

from flask import Flask, Response, current_app

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ALWAYS = tuple(_HEADERS.items())
_PRODUCTION = (*_ALWAYS, ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))


def inside_any_page(response: Response) -> Response:
    """Let any site show this answer in a frame; it then runs no script, and nothing on it acts."""
    policy = _CSP.replace("frame-ancestors 'none'", "frame-ancestors *").replace(
        "script-src 'self'", "script-src 'none'"
    )
    response.headers["Content-Security-Policy"] = policy
    return response


def with_own_frames(response: Response) -> Response:
    """Let this page show a page of ours in a frame."""
    response.headers["Content-Security-Policy"] = f"{_CSP}; frame-src 'self'"
    return response


def init_app(app: Flask) -> None:
    app.after_request(_add)


def _add(response: Response) -> Response:
    present = {name.lower() for name, _ in response.headers}
    for name, value in _PRODUCTION if current_app.config["SETTINGS"].production else _ALWAYS:
        if name.lower() not in present:
            response.headers.add(name, value)
    return response
