"""The words of the desk for codes: roles, what the journal recorded, the facts that changed."""

from academy.models import Role
from academy.web.locale import gettext


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_ROLES = {
    Role.STAKEHOLDER: _("Participant"),
    Role.TRAINER: _("Formation"),
    Role.ORGANISER: _("Organisation"),
    Role.ADMIN: _("Administration"),
}
_ACTIONS = {
    "account.ask_link": _("a demandé un lien de connexion"),
    "account.change_details": _("a changé ses coordonnées"),
    "account.change_role": _("a changé le rôle"),
    "account.create": _("a créé le compte"),
    "account.set_password": _("a choisi un mot de passe"),
    "account.sign_in": _("s’est connecté"),
    "account.sign_out": _("s’est déconnecté"),
    "account.sign_out_everywhere": _("a fermé toutes les connexions"),
    "content.dump": _("a écrit les fichiers de contenu"),
    "content.load": _("a chargé les fichiers de contenu"),
    "document.create": _("a créé le texte"),
    "document.publish": _("a publié le texte"),
    "document.restore": _("a repris une ancienne version"),
    "document.save_draft": _("a enregistré un brouillon"),
    "document.withdraw": _("a retiré le texte"),
    "enrolment.add": _("a inscrit quelqu’un"),
    "enrolment.ask_link": _("a demandé un lien d’inscription"),
    "enrolment.cancel": _("a annulé l’inscription"),
    "enrolment.join": _("s’est inscrit"),
    "enrolment.seat": _("a donné une place"),
    "rendering.renew": _("a refait les pages"),
    "session.cancel": _("a annulé la session"),
    "session.create": _("a créé la session"),
    "session.describe": _("a reporté les faits du texte"),
    "session.edit": _("a modifié la session"),
    "session.resize": _("a changé le nombre de places"),
}
_FACTS = {
    "starts_at": _("début"),
    "ends_at": _("fin"),
    "opens_at": _("ouverture des inscriptions"),
    "closes_at": _("clôture des inscriptions"),
    "venue": _("lieu"),
    "mode": _("format"),
    "capacity": _("places"),
    "waiting_list": _("liste d’attente"),
    "trainers": _("animation"),
    "modules": _("modules"),
}


def role_word(role: str) -> str:
    """A role as people call it."""
    return gettext(_ROLES[Role(role)])


def action_words(action: str) -> str:
    """What was done; an action that has no words yet is shown as it is."""
    return gettext(_ACTIONS[action]) if action in _ACTIONS else action


def fact_word(name: str) -> str:
    """A fact of a session."""
    return gettext(_FACTS[name]) if name in _FACTS else name
