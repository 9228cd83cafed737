"""How a mail leaves: a readable file, or SMTP with verified TLS."""

import hashlib
import os
import smtplib
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app
from flask_mailman.backends.base import BaseEmailBackend
from flask_mailman.backends.smtp import EmailBackend as _Smtp


class FileEmailBackend(BaseEmailBackend):
    """Write each mail to one `.eml` file named by its time and a digest of its recipient."""

    def send_messages(self, email_messages) -> int:
        folder = Path(self.mailman.file_path)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            whose = hashlib.sha256("".join(message.recipients()).encode()).hexdigest()[:10]
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{whose}.eml"
            half = folder / f".{name}.{os.getpid()}"
            half.write_bytes(message.message().as_bytes())
            half.rename(folder / name)  # whoever reads the folder sees whole mails only
        return len(email_messages)


class SmtpEmailBackend(_Smtp):
    """SMTP; unlike its parent, STARTTLS checks the server's certificate, and every connection is closed."""

    def send_messages(self, email_messages) -> int:
        try:
            return super().send_messages(email_messages)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                self.close()  # also after a refusal, which its parent leaves open

    def open(self) -> bool:
        if self.connection:
            return False
        hello = current_app.config["SETTINGS"].host
        if self.use_ssl:
            self.connection = smtplib.SMTP_SSL(
                self.host, self.port, local_hostname=hello, timeout=self.timeout, context=self.ssl_context
            )
        else:
            self.connection = smtplib.SMTP(self.host, self.port, local_hostname=hello, timeout=self.timeout)
        if self.use_tls:
            self.connection.starttls(context=ssl.create_default_context())
        if self.username and self.password:
            self.connection.login(self.username, self.password)
        return True
