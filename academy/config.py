"""The settings of an academy: read once from `ACADEMY_*` variables, then frozen."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from sqlalchemy.engine import make_url

REPOSITORY = Path(__file__).resolve().parent.parent
_PATIENCE_OF_REDIS = ("socket_timeout", "socket_connect_timeout")  # seconds


class UnsafeSettings(RuntimeError):
    """The settings cannot be used; the message says how to repair them."""


def _setting(doc: str, default: Any = ...) -> Any:
    metadata = {"doc": doc}
    return field(metadata=metadata) if default is ... else field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between two academies. Each field is `ACADEMY_<NAME>`."""

    instance: Path = _setting("Folder of everything that lives: database, index, files, mails, secret key.")
    database_url: str = _setting("SQLAlchemy address of the database; SQLite in the instance folder by default.")
    secret_key: str = _setting("Signs cookies and links; made in the instance folder on the first embedded start.")
    public_url: str = _setting(
        "Address that people see, written into mails and feeds, never read from a request.", "http://127.0.0.1:8000"
    )
    mail_url: str = _setting(
        "Where mails go: `file:<folder>`, `console:`, or `smtp://user:password@host:port` (`smtps://` for TLS)."
    )
    mail_from: str = _setting("Sender of every mail.", "Académie One Provence <academie@localhost>")
    demo: bool = _setting("1: first start adds sample people and sessions, and sign-in links are printed.", False)
    production: bool = _setting("1: refuse settings that are unsafe in public, send HSTS, secure cookies.", False)
    content: Path = _setting("Folder of the starter content.", REPOSITORY / "content")
    files_url: str = _setting(
        "Where the bytes of files are kept: `file:///folder`, or `s3://bucket/prefix` with the keys in AWS_* variables."
    )
    jobs: str = _setting(
        "`inline`: a thread of this process sends mails and indexes; `worker`: `flask jobs work` does.", "inline"
    )
    redis_url: str = _setting(
        "Shared counters of the rate limits (`redis://…`); memory of each process when empty.", ""
    )
    search_engine: str = _setting("`whoosh`, or `tantivy` (an optional package) for a very large collection.", "whoosh")
    write_gate: bool = _setting("1: SQLite writers queue on a file lock, which shortens the longest wait.", True)
    page_cache_mb: int = _setting("Memory for whole anonymous pages in front of Flask, in MB; 0 turns it off.", 32)
    trusted_proxies: int = _setting("Number of reverse proxies in front, whose X-Forwarded-* headers are believed.", 0)

    # Who answers for the site: shown on the pages that the law asks for. `flask check` names those that are empty.
    operator_name: str = _setting("Name of the body that publishes the site and answers for the data.", "")
    operator_form: str = _setting("Its legal form, capital and registration number (SIREN, RNA).", "")
    operator_address: str = _setting("Its head office.", "")
    operator_phone: str = _setting("Its telephone.", "")
    operator_email: str = _setting("Its e-mail, also for lacks of accessibility and content to report.", "")
    publication_director: str = _setting("Name of the director of publication.", "")
    host_name: str = _setting("Name of the host.", "")
    host_address: str = _setting("Address of the host.", "")
    host_phone: str = _setting("Telephone of the host.", "")
    data_contact: str = _setting("Data protection officer, or whom to write to about personal data.", "")
    content_git: str = _setting(
        "Folder of a Git repository that follows what is published, one commit a change; on one node only.", ""
    )
    training_evidence: bool = _setting(
        "1: sessions are declared training; certificates are the two papers that its evidence asks for.", False
    )
    training_number: str = _setting("Registration number of the declaration of training activity (NDA).", "")
    training_signatory: str = _setting("Name and quality of who signs the papers of training evidence.", "")
    training_place: str = _setting("Where they are signed.", "")
    audit_rate: str = _setting(
        "Share of the RGAA criteria met at the last audit, 0 to 100; it decides the words: 100 fully, 50 partially.", ""
    )
    audit_date: str = _setting("Day of that audit, as 2027-03-31; it counts for three years.", "")
    audit_author: str = _setting("Who made that audit.", "")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; refuse what is malformed or unsafe in production."""
        environ = os.environ if environ is None else environ
        given = {f.name: environ[name] for f in fields(cls) if (name := f"ACADEMY_{f.name.upper()}") in environ}
        instance = Path(given.pop("instance", "") or REPOSITORY / "instance").resolve()
        values: dict[str, object] = {"instance": instance}
        for name, text in given.items():
            values[name] = _typed(cls, name, text)
        values.setdefault("database_url", f"sqlite:///{instance / 'academy.db'}")
        values["database_url"] = _driver(str(values["database_url"]))
        values["files_url"] = values.get("files_url") or f"file://{quote(str(instance / 'files'))}"
        values.setdefault("mail_url", f"file:{instance / 'mails'}")
        if not values.get("secret_key"):
            values["secret_key"] = _kept_secret(instance, production=bool(values.get("production")))
        settings = cls(**values)  # pyright: ignore[reportArgumentType]
        settings.refuse_unsafe()
        return settings

    @property
    def is_sqlite(self) -> bool:
        return make_url(self.database_url).get_backend_name() == "sqlite"

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def audit(self) -> tuple[float, date] | None:
        """Rate in percent and day of the accessibility audit; None while there is none."""
        if not self.audit_rate:
            return None
        return float(self.audit_rate.replace(",", ".")), date.fromisoformat(self.audit_date)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    def refuse_unsafe(self) -> None:
        """Raise with every repair that is needed, in one message."""
        if repairs := [*_malformed(self), *(_unsafe_in_production(self) if self.production else ())]:
            raise UnsafeSettings("\n".join(repairs))

    def flask_config(self) -> dict[str, object]:
        """The same, in the words of Flask and its extensions."""
        return {
            "SETTINGS": self,
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SERVER_NAME": urlsplit(self.public_url).netloc,
            "PREFERRED_URL_SCHEME": urlsplit(self.public_url).scheme,
            "TRUSTED_HOSTS": [self.host] if self.production else None,
            "MAX_CONTENT_LENGTH": 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 512 * 1024,
            "SESSION_COOKIE_NAME": "__Host-academy_session" if self.is_https else "academy_session",
            "SESSION_COOKIE_PATH": "/",
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.is_https,
            "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
            "WTF_CSRF_CHECK_DEFAULT": False,  # web/csrf.py decides, for every POST
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,  # web/csrf.py checks the origin itself
            "RATELIMIT_STORAGE_URI": self.redis_url or "counts://",  # extensions.Counts
            # A Redis that does not answer delays a sender for half a second, then each process counts by itself.
            "RATELIMIT_STORAGE_OPTIONS": dict.fromkeys(_PATIENCE_OF_REDIS, 0.5) if self.redis_url else {},
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(self.redis_url),
            "RATELIMIT_HEADERS_ENABLED": True,
            "BABEL_DEFAULT_LOCALE": "fr",
            "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
            **_mail(self.mail_url, self.mail_from),
        }


def _mail(url: str, sender: str) -> dict[str, object]:
    """Where mails go, in the words of Flask-Mailman. A password never travels in clear, except to this machine."""
    scheme, _, rest = url.partition(":")
    values: dict[str, object] = {"MAIL_DEFAULT_SENDER": sender, "MAIL_TIMEOUT": 10}
    if scheme == "file":
        folder = rest.removeprefix("//") or "mails"
        return values | {"MAIL_BACKEND": "academy.mail.transport.FileEmailBackend", "MAIL_FILE_PATH": folder}
    if scheme == "console":
        return values | {"MAIL_BACKEND": "console"}
    parts = urlsplit(url)
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return values | {
        "MAIL_BACKEND": "academy.mail.transport.SmtpEmailBackend",
        "MAIL_SERVER": parts.hostname or "localhost",
        "MAIL_PORT": parts.port or (465 if scheme == "smtps" else 587 if parts.username else 25),
        "MAIL_USERNAME": unquote(parts.username or "") or None,
        "MAIL_PASSWORD": unquote(parts.password or "") or None,
        "MAIL_USE_SSL": scheme == "smtps",
        "MAIL_USE_TLS": scheme == "smtp" and bool(parts.username) and not is_here,
    }


def _typed(cls, name: str, text: str) -> object:
    kind = next(f.type for f in fields(cls) if f.name == name)
    if kind is bool:
        if text.lower() not in {"0", "1", "false", "true", "no", "yes", ""}:
            raise UnsafeSettings(f"ACADEMY_{name.upper()}={text!r}: write 0 or 1.")
        return text.lower() in {"1", "true", "yes"}
    if kind is int:
        if not text.isascii() or not text.isdigit():
            raise UnsafeSettings(f"ACADEMY_{name.upper()}={text!r}: write a whole number.")
        return int(text)
    return Path(text).resolve() if kind is Path else text


def _driver(url: str) -> str:
    """`postgresql://` and `postgres://` mean psycopg 3 here."""
    scheme, colon, rest = url.partition("://")
    return f"postgresql+psycopg{colon}{rest}" if scheme in {"postgresql", "postgres"} else url


def _kept_secret(instance: Path, *, production: bool) -> str:
    kept = instance / "secret_key"
    if kept.exists():
        return kept.read_text("ascii").strip()
    if production:
        return ""
    instance.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first
        return kept.read_text("ascii").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secret := secrets.token_urlsafe(48))
    return secret


def _malformed(settings: Settings):
    if urlsplit(settings.public_url).scheme not in {"http", "https"} or not settings.host:
        yield f"ACADEMY_PUBLIC_URL={settings.public_url!r}: write the whole address, as https://academie.example."
    if settings.mail_url.partition(":")[0] not in {"file", "console", "smtp", "smtps"}:
        yield "ACADEMY_MAIL_URL: write file:<folder>, console:, or smtp://user:password@host:port."
    files = urlsplit(settings.files_url)
    if not (files.scheme == "s3" and files.netloc) and not (files.scheme == "file" and files.path.startswith("/")):
        yield f"ACADEMY_FILES_URL={settings.files_url!r}: write file:///folder, or s3://bucket/prefix."
    if settings.jobs not in {"inline", "worker"}:
        yield f"ACADEMY_JOBS={settings.jobs!r}: write inline or worker."
    if settings.search_engine not in {"whoosh", "tantivy"}:
        yield f"ACADEMY_SEARCH_ENGINE={settings.search_engine!r}: write whoosh or tantivy."
    yield from _malformed_redis(settings.redis_url)
    yield from _malformed_audit(settings)
    yield from _untold_training(settings)


def _malformed_redis(url: str):
    if url and urlsplit(url).scheme not in {"redis", "rediss"}:
        yield f"ACADEMY_REDIS_URL={url!r}: write redis://user:password@host:6379/0, or rediss://… for TLS."
    elif url and find_spec("redis") is None:
        yield (
            "ACADEMY_REDIS_URL needs the optional package redis: install it with"
            ' `.venv/bin/python -m pip install "redis>=6"`, or leave it empty.'
        )


def _untold_training(settings: Settings):
    """Papers of training evidence that do not say whose they are prove nothing."""
    needed = ("operator_name", "operator_address", "training_number", "training_signatory", "training_place")
    empty = [f"ACADEMY_{name.upper()}" for name in needed if not getattr(settings, name).strip()]
    if settings.training_evidence and empty:
        yield f"ACADEMY_TRAINING_EVIDENCE=1 prints what is missing on every paper: set {', '.join(empty)}."


def _malformed_audit(settings: Settings):
    """An audit is believed whole or not at all: nobody declares a conformity that nobody measured."""
    given = (settings.audit_rate, settings.audit_date, settings.audit_author)
    if any(given) and not all(given):
        yield "ACADEMY_AUDIT_RATE, ACADEMY_AUDIT_DATE and ACADEMY_AUDIT_AUTHOR go together: set all three, or none."
        return
    try:
        rate = settings.audit[0] if settings.audit else 0
    except ValueError:
        rate = -1
    if not 0 <= rate <= 100:
        yield "ACADEMY_AUDIT_RATE is a number from 0 to 100, ACADEMY_AUDIT_DATE a day written as 2027-03-31."


def _unsafe_in_production(settings: Settings):
    if len(settings.secret_key) < 32:
        yield (
            "ACADEMY_SECRET_KEY is missing or shorter than 32 characters: set it to the output of"
            ' `python -c "import secrets; print(secrets.token_urlsafe(48))"`, the same on every node.'
        )
    if not settings.is_https:
        yield "ACADEMY_PUBLIC_URL must start with https:// in production: sign-in links and cookies travel over it."
    if settings.demo:
        yield "ACADEMY_DEMO must be 0 in production: it prints links that sign anybody in."
    if not settings.mail_url.startswith("smtp"):
        yield "ACADEMY_MAIL_URL must be smtp://… or smtps://… in production: people wait for their links."
    if "@localhost" in settings.mail_from:
        yield "ACADEMY_MAIL_FROM must be an address of your own domain in production."
