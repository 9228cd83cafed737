"""An archive between its upload and the confirmation: its bytes in the store, the rest in a signed address.

Nothing refers to the bytes, so the daily sweep of the store removes them a day or two later.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from tempfile import TemporaryFile
from typing import BinaryIO

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from academy.files.store import LostFile, store

LIFETIME = timedelta(hours=20)  # shorter than what the store grants bytes that nobody needs
OWN = "academy"  # a folder of our own, not a course made elsewhere
AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """An archive that waits: who sent it, what they said of it. `owner_id` is what the policy of its report asks."""

    digest: str
    size: int
    owner_id: int
    name: str  # of the file, to be shown
    maker: str = AUTO
    cycle: str = ""
    language: str = "fr"

    @property
    def token(self) -> str:
        """The address of its report: whoever guesses, or changes a letter, finds nothing."""
        return str(_signer().dumps(asdict(self)))


def upload_of(upload: str) -> Upload | None:
    """The archive that an address names; None when it is not one of ours, or too old."""
    try:
        return Upload(**_signer().loads(upload, max_age=int(LIFETIME.total_seconds())))
    except (BadData, TypeError):
        return None


@contextmanager
def bytes_of(upload: Upload) -> Iterator[BinaryIO]:
    """The archive as a file; raise LostFile when the store has swept it away."""
    with TemporaryFile() as file:
        for part in store().opened(upload.digest, upload.size):
            file.write(part)
        if file.tell() != upload.size:
            raise LostFile(upload.digest)
        file.seek(0)
        yield file


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="studio-upload")
