"""What the API may be asked, as schemas: its checks and its description are made from them.

Texts are French msgids, translated when they are shown. `repair` is what the refusal of a parameter says.
"""

from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from academy.blueprints.api.asked import LONGEST_QUERY
from academy.blueprints.api.paging import DEFAULT, MOST
from academy.models import Kind
from academy.web.labels import STAKEHOLDERS, TYPES
from academy.web.locale import LANGUAGES

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


def _asked(field: type[fields.Field], said: str, repair: str, **values: Any) -> fields.Field:
    return field(metadata={"description": said, "repair": repair}, **values)


def _any_of(said: str, repair: str, **values: Any) -> fields.Field:
    return fields.List(fields.String(**values), metadata={"description": said, "repair": repair})


class Question(Schema):
    """What every call may be asked: nothing that we do not know is passed over in silence."""

    class Meta:
        unknown = RAISE


class PageAsked(Question):
    """A page of a list."""

    limit = _asked(
        fields.Integer,
        _("Nombre d’éléments par réponse, de 1 à 100."),
        _("Écrivez un nombre entier de 1 à 100, ou laissez ce paramètre de côté pour 50."),
        load_default=DEFAULT,
        validate=validate.Range(1, MOST),
    )
    cursor = _asked(
        fields.String,
        _("Où commence la page : suivez « next » d’une réponse, sans le modifier."),
        _("Suivez « next » tel quel, ou recommencez sans curseur."),
    )


_IN_CYCLE = {
    "said": _("Identifiant d’un cycle ; peut être répété : l’un d’eux."),
    "repair": _("Écrivez l’identifiant d’un cycle, comme le donne /api/v1/cycles."),
}
_SINCE = {
    "said": _("Seulement ce qui a changé depuis cet instant (RFC 3339) ; sans fuseau, en UTC."),
    "repair": _("Écrivez un instant, comme 2026-11-22T08:00:00Z, ou un jour, comme 2026-11-22."),
    "default_timezone": UTC,
    "validate": validate.Range(EARLIEST, LATEST),
}
_LANGUAGE = {
    "said": _("Langue du texte : seulement ce qui est publié dans cette langue. Sans elle, la langue de l’adresse."),
    "repair": _("Écrivez fr ou en, ou laissez ce paramètre de côté."),
    "validate": validate.OneOf(LANGUAGES),
}


class CyclesAsked(PageAsked):
    updated_since = _asked(fields.AwareDateTime, **_SINCE)


class SessionsAsked(PageAsked):
    cycle = _any_of(**_IN_CYCLE)
    starts_after = _asked(
        fields.AwareDateTime,
        _("Seulement les sessions qui commencent après cet instant (RFC 3339) ; sans fuseau, en UTC."),
        _SINCE["repair"],
        default_timezone=UTC,
        validate=validate.Range(EARLIEST, LATEST),
    )
    updated_since = _asked(fields.AwareDateTime, **_SINCE)


class DocumentsAsked(PageAsked):
    kind = _asked(
        fields.String,
        _("module ou resource ; les deux sans ce paramètre."),
        _("Écrivez module ou resource, ou laissez ce paramètre de côté."),
        validate=validate.OneOf([str(Kind.MODULE), str(Kind.RESOURCE)]),
    )
    cycle = _any_of(**_IN_CYCLE)
    topic = _any_of(
        _("Identifiant d’un thème ; peut être répété : l’un d’eux."),
        _("Écrivez l’identifiant d’un thème, comme le donne /api/v1/topics."),
    )
    type = _any_of(
        _("Type de document ; peut être répété : l’un d’eux."),
        _("Écrivez l’un des types de la description de l’API."),
        validate=validate.OneOf([name for name in TYPES if name not in {"cycle", "session", "page"}]),
    )
    language = _asked(fields.String, **_LANGUAGE)
    updated_since = _asked(fields.AwareDateTime, **_SINCE)


class DocumentAsked(Question):
    language = _asked(fields.String, **_LANGUAGE)


class SearchAsked(Question):
    q = fields.String(
        metadata={
            "description": _(
                "Ce que l’on cherche, comme dans le champ de recherche. Vide : tout, le plus récent d’abord."
            )
        },
        validate=validate.Length(max=LONGEST_QUERY),
    )
    limit = fields.Integer(
        metadata={"description": _("Nombre de résultats ; au-delà de 100, 100.")}, validate=validate.Range(1)
    )
    page = fields.Integer(metadata={"description": _("Page, à partir de 1.")}, validate=validate.Range(1))
    cycle = fields.List(fields.String(), metadata={"description": _("Mot de l’adresse d’un cycle ; peut être répété.")})
    topic = fields.List(fields.String(), metadata={"description": _("Identifiant d’un thème ; peut être répété.")})
    type = fields.List(
        fields.String(validate=validate.OneOf(TYPES)),
        metadata={"description": _("Type de document ; peut être répété.")},
    )
    territory = fields.List(
        fields.String(), metadata={"description": _("Identifiant d’une commune ou d’un lieu ; peut être répété.")}
    )
    stakeholder = fields.List(
        fields.String(validate=validate.OneOf(STAKEHOLDERS)),
        metadata={"description": _("À qui le texte s’adresse ; peut être répété.")},
    )
    language = fields.List(
        fields.String(validate=validate.OneOf(LANGUAGES)),
        metadata={"description": _("Langue du texte ; peut être répétée.")},
    )
