"""How the form of the front matter names its keys, and what is to be said of some."""

from typing import Any

from academy.domain import contract
from academy.models import Audience, Mode
from academy.web import labels
from academy.web.locale import gettext as _, lazy_gettext as _l

LABELS: dict[str, Any] = {
    "title": _l("Titre"),
    "summary": _l("Résumé"),
    "published_on": _l("Publié pour la première fois le"),
    "publish_at": _l("Publier le"),
    "expires_at": _l("Retirer le"),
    "successor": _l("Texte à lire ensuite à la place"),
    "audience": _l("Pour qui"),
    "topics": _l("Thèmes"),
    "licence": _l("Licence"),
    "territory": _l("Lieux dont parle le texte"),
    "stakeholders": _l("Publics"),
    "authors": _l("Auteurs"),
    "objectives": _l("Objectifs"),
    "duration": _l("Durée"),
    "level": _l("Niveau"),
    "prerequisites": _l("Modules à suivre avant"),
    "type": _l("Sorte de ressource"),
    "cycle": _l("Cycle"),
    "session": _l("Session dont vient la ressource"),
    "starts_at": _l("Début"),
    "ends_at": _l("Fin"),
    "opens_at": _l("Ouverture des inscriptions"),
    "closes_at": _l("Clôture des inscriptions"),
    "venue": _l("Lieu"),
    "mode": _l("Sur place ou à distance"),
    "capacity": _l("Nombre de places"),
    "waiting_list": _l("Liste d’attente"),
    "trainers": _l("Intervenants"),
    "modules": _l("Modules préparés"),
    "example": _l("Session d’exemple"),
}


def label_of_choice(key: str, value: str) -> str:
    """How a value that is chosen from a list is named; one that is none of the list stands for itself."""
    if key == "licence":
        return labels.licence_of(value).name if value in contract.LICENCES else value
    if key == "level":
        return labels.level_label(value) if value in contract.LEVELS else value
    if key == "type":
        return labels.type_label("resource", value) if value in contract.TYPES else value
    known = {
        Audience.PUBLIC: _("Tout le monde"),
        Audience.MEMBERS: _("Les personnes qui ont un compte"),
        Audience.ENROLLED: _("Les personnes inscrites"),
        Audience.TEAM: _("L’équipe et les formateurs"),
        Mode.ONSITE: _("Sur place"),
        Mode.ONLINE: _("À distance"),
        Mode.BLENDED: _("Sur place et à distance"),
        "yes": _("Oui"),
        "no": _("Non"),
    }
    return known.get(value, value)


def hint_of(key: str, *, is_list: bool) -> str:
    """How to fill in a field, if it is not plain."""
    hints = {
        "duration": _("Par exemple 45 min, ou 1 h 30."),
        "summary": _("Une ou deux phrases, 240 caractères au plus."),
        "published_on": _("Année-mois-jour, comme 2026-09-01."),
    }
    if key in {"publish_at", "expires_at", "starts_at", "ends_at", "opens_at", "closes_at"}:
        return _("Heure de Paris, comme 2026-09-01 18:00.")
    if key in {"cycle", "session", "venue", "successor"}:
        return _("Son identifiant.")
    if key in {"territory", "prerequisites", "trainers", "modules"}:
        return _("Un identifiant par ligne.")
    return hints.get(key) or (_("Un par ligne.") if is_list else "")
