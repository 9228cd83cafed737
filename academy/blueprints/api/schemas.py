"""What the API answers, as schemas: what is sent and its description are made from them.

Texts are French msgids, translated when the description is shown.
"""

from typing import Any

from marshmallow import Schema, fields, validate

from academy.models import Mode, SessionState, SessionStatus
from academy.web.locale import LANGUAGES


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


def _given(field: type[fields.Field], said: str, **values: Any) -> fields.Field:
    return field(required=True, metadata={"description": said}, **values)


def _list(said: str) -> fields.Field:
    return fields.List(fields.String(), required=True, metadata={"description": said})


class Licence(Schema):
    id = _given(fields.String, _("Code, comme cc-by-4.0."))
    name = _given(fields.String, _("Nom d’usage."))
    url = _given(fields.String, _("Texte de la licence ; null : tous droits réservés."), allow_none=True)


class Urls(Schema):
    page = _given(fields.String, _("Page à lire, dans la langue du texte."))
    stable = _given(fields.String, _("Adresse qui ne change pas, même quand le texte est renommé."))
    source = _given(fields.String, _("Source Markdown ; null : le texte ne peut pas être réutilisé."), allow_none=True)


class Heading(Schema):
    level = _given(fields.Integer, _("Niveau du titre, de 2 à 6."))
    title = _given(fields.String, _("Titre de la section."))
    anchor = _given(fields.String, _("Fragment à ajouter à l’adresse de la page."))


class Text(Schema):
    """What a list says of every text."""

    id = _given(fields.String, _("Identifiant, qui ne change jamais."))
    language = _given(fields.String, _("Langue des mots de cette réponse."), validate=validate.OneOf(LANGUAGES))
    languages = _list(_("Langues dans lesquelles le texte est publié."))
    title = _given(fields.String, _("Titre."))
    summary = _given(fields.String, _("Résumé en une ou deux phrases."))
    topics = _list(_("Identifiants des thèmes."))
    authors = _list(_("Auteurs."))
    licence = fields.Nested(Licence, required=True, metadata={"description": _("Ce que l’on peut faire du texte.")})
    published_on = _given(fields.Date, _("Jour de publication."), allow_none=True)
    updated_at = _given(fields.AwareDateTime, _("Dernier changement."), allow_none=True)
    version = _given(fields.Integer, _("Numéro de la version publiée, dans cette langue."))
    urls = fields.Nested(Urls, required=True, metadata={"description": _("Adresses.")})


class Content(Schema):
    """The words themselves."""

    html = _given(fields.String, _("Texte en HTML, sans script ; ses liens sont des adresses complètes."))
    text = _given(fields.String, _("Texte sans balises."))
    outline = fields.List(
        fields.Nested(Heading), required=True, metadata={"description": _("Titres des sections, dans l’ordre.")}
    )


class Cycle(Text):
    slug = _given(fields.String, _("Mot de l’adresse, qui peut changer."))
    position = _given(fields.Integer, _("Rang parmi les cycles."))
    feed = _given(fields.String, _("Flux Atom du cycle."))
    calendar = _given(fields.String, _("Calendrier iCalendar du cycle."))


class CycleWhole(Cycle, Content):
    pass


class Document(Text):
    kind = _given(fields.String, _("module ou resource."))
    type = _given(fields.String, _("Type du document ; module pour un module."))
    cycle = _given(
        fields.String, _("Identifiant du cycle ; null : aucun, ou un cycle qui n’est pas public."), allow_none=True
    )
    territories = _list(_("Identifiants des communes et des lieux dont parle le texte."))
    stakeholders = _list(_("À qui le texte s’adresse, en codes ; vide : à tous."))
    level = _given(fields.String, _("Niveau : initiation, approfondissement ou expertise ; vide : non précisé."))
    duration = _given(fields.Integer, _("Durée en minutes ; null : non précisée."), allow_none=True)


class DocumentWhole(Document, Content):
    objectives = _list(_("Objectifs : ce que l’on saura faire."))
    prerequisites = _list(_("Identifiants des modules publics à lire avant."))


class SpeakerOf(Schema):
    name = _given(fields.String, _("Nom."))
    title = _given(fields.String, _("Fonction ; vide : non précisée."))


class Session(Text):
    cycle = _given(fields.String, _("Identifiant du cycle ; null : un cycle qui n’est pas public."), allow_none=True)
    status = _given(
        fields.String, _("Ce que l’organisation a décidé."), validate=validate.OneOf([str(it) for it in SessionStatus])
    )
    state = _given(
        fields.String,
        _("Ce qu’un visiteur peut faire maintenant."),
        validate=validate.OneOf([str(it) for it in SessionState]),
    )
    starts_at = _given(fields.AwareDateTime, _("Début, en UTC ; null : date à fixer."), allow_none=True)
    ends_at = _given(fields.AwareDateTime, _("Fin, en UTC ; null : non précisée."), allow_none=True)
    mode = _given(
        fields.String, _("Sur place, en ligne, ou les deux."), validate=validate.OneOf([str(it) for it in Mode])
    )
    venue = _given(fields.String, _("Identifiant du lieu ; null : aucun."), allow_none=True)
    capacity = _given(fields.Integer, _("Nombre de places ; null : sans limite."), allow_none=True)
    seats_left = _given(fields.Integer, _("Places libres ; null : sans limite."), allow_none=True)
    is_example = _given(fields.Boolean, _("Vrai pour une session d’exemple, qui n’aura pas lieu."))


class SessionWhole(Session, Content):
    speakers = fields.List(fields.Nested(SpeakerOf), required=True, metadata={"description": _("Qui intervient.")})
    modules = _list(_("Identifiants des modules publics à lire avant."))


class Words(Schema):
    fr = _given(fields.String, _("En français."))
    en = _given(fields.String, _("En anglais."))


class Topic(Schema):
    id = _given(fields.String, _("Identifiant, qui ne change jamais."))
    label = fields.Nested(Words, required=True, metadata={"description": _("Nom du thème.")})
    parent = _given(fields.String, _("Identifiant du thème plus large ; null : aucun."), allow_none=True)
    documents = _given(fields.Integer, _("Nombre de textes publics sur ce thème."))


class Venue(Schema):
    id = _given(fields.String, _("Identifiant, qui ne change jamais."))
    name = _given(fields.String, _("Nom."))
    address = _given(fields.String, _("Rue et numéro."))
    postcode = _given(fields.String, _("Code postal."))
    city = _given(fields.String, _("Commune."))
    latitude = _given(fields.Float, _("Degrés, WGS 84 ; null : pas un endroit sur la carte."), allow_none=True)
    longitude = _given(fields.Float, _("Degrés, WGS 84 ; null : pas un endroit sur la carte."), allow_none=True)
    is_totem = _given(fields.Boolean, _("Vrai pour un lieu totem."))
    access = fields.Nested(Words, required=True, metadata={"description": _("Comment venir.")})
    url = _given(fields.String, _("Page à lire."))


def listed(item: type[Schema]) -> type[Schema]:
    """The schema of a page of these."""
    next_url = fields.String(
        required=True, allow_none=True, metadata={"description": _("Adresse de la page suivante ; null : la dernière.")}
    )
    values: dict[str, Any] = {"items": fields.List(fields.Nested(item), required=True), "next": next_url}
    return type(f"{item.__name__}List", (Schema,), values)


class ProblemDetails(Schema):
    """RFC 9457."""

    type = _given(fields.String, _("about:blank : le statut dit tout."))
    title = _given(fields.String, _("Le statut, en mots."))
    status = _given(fields.Integer, _("Statut HTTP."))
    detail = _given(fields.String, _("Ce qu’il faut écrire à la place."))
    parameter = fields.String(metadata={"description": _("Le paramètre à corriger.")})


class Hit(Schema):
    id = _given(fields.String, _("Identifiant, qui ne change jamais."))
    slug = _given(fields.String, _("Mot de l’adresse, qui peut changer."))
    kind = _given(fields.String, _("cycle, module, resource ou session."))
    type = _given(fields.String, _("Type du document, ou sa nature."))
    language = _given(fields.String, _("Langue des mots de cette réponse."))
    title = _given(fields.String, _("Titre."))
    url = _given(fields.String, _("Page à lire, dans la langue du texte."))
    passage = _given(fields.String, _("Passage trouvé : du HTML sûr, où <mark> entoure les mots."))
    anchor = _given(fields.String, _("Fragment à ajouter à l’adresse de la page."))
    file = _given(
        fields.String, _("Adresse du passage dans un fichier du texte ; null : sur sa page."), allow_none=True
    )
    score = _given(fields.Float, _("Ordre des résultats ; ne se compare pas d’une réponse à l’autre."))


class FacetValue(Schema):
    value = _given(fields.String, _("Valeur du filtre."))
    count = _given(fields.Integer, _("Nombre de textes."))


class SearchAnswer(Schema):
    query = _given(fields.String, _("La question posée."))
    total = _given(fields.Integer, _("Nombre de textes trouvés."))
    hits = fields.List(fields.Nested(Hit), required=True, metadata={"description": _("Les résultats.")})
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(FacetValue)),
        required=True,
        metadata={"description": _("Par filtre : ses valeurs, et combien de textes chacune donnerait.")},
    )
    suggestion = _given(fields.String, _("Ce qui a été cherché à la place ; null : la question même."), allow_none=True)


class Said(Schema):
    status = _given(fields.Integer, _("Statut HTTP."))
    parameter = _given(fields.String, _("Le paramètre à corriger."))
    message = _given(fields.String, _("Ce qu’il faut écrire à la place."))


class SearchRefusal(Schema):
    error = fields.Nested(Said, required=True, metadata={"description": _("Pourquoi, et comment corriger.")})
