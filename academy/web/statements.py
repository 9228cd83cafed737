"""What the law wants a site to say of itself: the words and facts that come from the settings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from babel.numbers import format_percent
from flask import Flask, current_app

from academy.config import Settings
from academy.web import clock
from academy.web.locale import gettext as _, language

AUDIT_LASTS = 3  # years: then it is no longer "en cours de validité"
_PERCENT = {"fr": "0.##\u202f%", "en": "0.##%"}
HALF = 50  # percent of the criteria: below, a site is not compliant
_NEEDED = (
    "operator_name",
    "operator_form",
    "operator_address",
    "operator_phone",
    "operator_email",
    "publication_director",
    "host_name",
    "host_address",
    "host_phone",
    "data_contact",
)


class Conformity(StrEnum):
    """The three states of a declaration (RGAA, obligations to declare)."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What stands above the text of a page: a template, its headings for the outline, a title that replaces the page's."""

    template: str
    headings: list[tuple[str, str]]
    title: str = ""
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def outline(self) -> list[dict[str, object]]:
        return [
            {"level": 2, "anchor": anchor, "title": title, "language": language()} for anchor, title in self.headings
        ]


def conformity(settings: Settings, *, today: date) -> Conformity:
    """What the last audit allows to declare; without one that still counts, nothing."""
    if settings.audit is None or is_outdated(settings, today=today):
        return Conformity.NONE
    rate, _day = settings.audit
    return Conformity.FULL if rate == 100 else Conformity.PARTIAL if rate >= HALF else Conformity.NONE


def is_outdated(settings: Settings, *, today: date) -> bool:
    """Whether there was an audit, too long ago."""
    if settings.audit is None:
        return False
    day = settings.audit[1]
    return (today.year - day.year, today.month, today.day) > (AUDIT_LASTS, day.month, day.day)


def accessibility_title() -> str:
    """The words of article 47 that stand on the home page, in every footer and over the statement."""
    words = {
        Conformity.FULL: _("Accessibilité : totalement conforme"),
        Conformity.PARTIAL: _("Accessibilité : partiellement conforme"),
        Conformity.NONE: _("Accessibilité : non conforme"),
    }
    return words[conformity(_settings(), today=_today())]


def statement_of(slug: str) -> Statement | None:
    """The statement that stands on the page of that address."""
    make = {"accessibilite": _accessibility, "mentions-legales": _legal_notice, "donnees-personnelles": _personal_data}
    return make[slug]() if slug in make else None


def unsaid(settings: Settings) -> Iterator[str]:
    """A sentence for each empty setting that the law wants the public to read."""
    for name in _NEEDED:
        if not getattr(settings, name):
            yield f"ACADEMY_{name.upper()} is empty: the legal pages say so to everybody"


def unaudited(settings: Settings, *, today: date) -> Iterator[str]:
    """Why the site declares itself not compliant, when no audit says otherwise."""
    if settings.audit is None:
        yield "ACADEMY_AUDIT_RATE is empty: without an audit the site declares itself not compliant with the RGAA"
    elif is_outdated(settings, today=today):
        yield f"ACADEMY_AUDIT_DATE is more than {AUDIT_LASTS} years ago: the site declares itself not compliant"


def shown(settings: Settings) -> str:
    """All that public pages show of the settings: a change of it is a change of those pages."""
    return repr([getattr(settings, name) for name in _NEEDED] + [settings.audit, settings.audit_author])


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(accessibility_title=accessibility_title)


def _accessibility() -> Statement:
    settings, today = _settings(), _today()
    rate, day = settings.audit or (None, None)
    return Statement(
        template="pages/_accessibility.html",
        title=accessibility_title(),
        headings=[
            ("etat", _("État de conformité")),
            ("resultats", _("Résultats des tests")),
            ("contact", _("Retour d’information et contact")),
        ],
        facts={
            "settings": settings,
            "conformity": conformity(settings, today=today),
            "rate": "" if rate is None else format_percent(rate / 100, _PERCENT[language()], locale=language()),
            "day": day,
            "is_outdated": is_outdated(settings, today=today),
        },
    )


def _legal_notice() -> Statement:
    headings = [
        ("editeur", _("Éditeur du site")),
        ("direction", _("Direction de la publication")),
        ("hebergeur", _("Hébergeur")),
    ]
    return Statement(template="pages/_legal_notice.html", headings=headings, facts={"settings": _settings()})


def _personal_data() -> Statement:
    headings = [("responsable", _("Qui est responsable ?"))]
    return Statement(template="pages/_personal_data.html", headings=headings, facts={"settings": _settings()})


def _settings() -> Settings:
    return current_app.config["SETTINGS"]


def _today() -> date:
    return clock.now().astimezone(clock.PARIS).date()
