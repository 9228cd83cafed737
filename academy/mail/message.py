"""One mail: rendered twice (text and HTML) in the person's language, sent once."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from typing import Literal

from flask import current_app
from flask_babel import force_locale
from flask_mailman import EmailMultiAlternatives
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from academy.extensions import db, transaction
from academy.models import SentMail

_NEVER = (".invalid", ".example", ".test")  # no mailbox can exist there (RFC 6761): the sample people
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")  # ends of lines end headers; no-break spaces stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A calendar message that goes with a mail (RFC 6047)."""

    method: Literal["REQUEST", "CANCEL"]
    content: bytes


def is_sent(message_id: int, to: str) -> bool:
    """Whether this mail was handed over already, or could not be delivered anywhere."""
    if to.endswith(_NEVER):
        return True
    found = db.session.scalar(select(SentMail.id).where(SentMail.key == _key(message_id, to)))
    db.session.rollback()  # no read is held open while a mail server takes its time
    return found is not None


def send(
    message_id: int, topic: str, *, to: str, language: str, invitation: Invitation | None = None, **facts: object
) -> None:
    """Render `templates/mail/<topic>.txt|html` and hand the mail over; twice is harmless."""
    with force_locale(language):
        subject, text, html = _rendered(topic, {"language": language, **facts})
    mail = EmailMultiAlternatives(subject, text, to=[to], headers=_headers(message_id, to, language))
    mail.attach_alternative(html, "text/html")
    if invitation is not None:
        _invite(mail, invitation)
    if is_sent(message_id, to):
        return
    mail.send()
    try:
        with transaction() as session:
            session.add(SentMail(key=_key(message_id, to), to=to, subject=subject, sent_at=datetime.now(UTC)))
    except IntegrityError:  # another worker sent the same mail, with the same Message-ID, at the same moment
        db.session.rollback()


def _invite(mail: EmailMultiAlternatives, invitation: Invitation) -> None:
    """An alternative for mail readers that answer invitations (Gmail, Outlook), a file for those that open files."""
    mail.attach_alternative(invitation.content.decode(), f"text/calendar; method={invitation.method}")
    file = MIMEBase("application", "ics", name="invitation.ics")
    file.set_payload(invitation.content)
    encode_base64(file)
    file.add_header("Content-Disposition", "attachment", filename="invitation.ics")
    mail.attach(file)


def _rendered(topic: str, facts: dict[str, object]) -> tuple[str, str, str]:
    """Subject, text and HTML; the text template sets the subject."""
    settings = current_app.config["SETTINGS"]
    words = current_app.jinja_env.get_template(f"mail/{topic}.txt").make_module({"settings": settings, **facts})
    subject = _CONTROL.sub(" ", str(words.subject)).strip()[:300]  # pyright: ignore[reportAttributeAccessIssue]
    text = re.sub(r"\n{3,}", "\n\n", str(words)).strip() + "\n"
    template = current_app.jinja_env.get_template(f"mail/{topic}.html")
    return subject, text, template.render(settings=settings, subject=subject, **facts)


def _headers(message_id: int, to: str, language: str) -> dict[str, str]:
    settings = current_app.config["SETTINGS"]
    name = hashlib.sha256(f"{settings.secret_key}|{_key(message_id, to)}".encode()).hexdigest()[:32]
    return {
        "Message-ID": f"<{name}@{settings.host}>",  # the same if sent again: mailboxes fold doubles
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }


def _key(message_id: int, to: str) -> str:
    return f"{message_id}:{hashlib.sha256(to.encode()).hexdigest()[:32]}"
