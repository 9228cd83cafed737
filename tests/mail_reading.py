"""Mails as a mailbox reads them: their text, their HTML, the invitation that goes with them."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from academy import jobs


def read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # pyright: ignore[reportReturnType]


def sent_by(app: Flask) -> list[EmailMessage]:
    """Deliver what is due, then every mail written so far, oldest first."""
    jobs.drain()
    return [read(path) for path in sorted(Path(app.config["MAIL_FILE_PATH"]).glob("*.eml"))]


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()  # pyright: ignore


def html_of(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()  # pyright: ignore


def subject_of(mail: EmailMessage) -> str:
    return mail["Subject"].strip()  # a folded header keeps the blank of its fold


def invitation_in(mail: EmailMessage) -> tuple[str, bytes] | None:
    """The method that its part names, and the calendar itself; None without one. The attached file is the same."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    [part] = parts
    [file] = [part for part in mail.iter_attachments() if part.get_content_type() == "application/ics"]
    assert (file.get_filename(), part.get_filename()) == ("invitation.ics", None)
    text, attached = part.get_content(), file.get_content()
    assert text.replace("\r\n", "\n") == attached.decode().replace("\r\n", "\n")
    return part.get_param("method"), attached  # pyright: ignore
