"""The words of the desk for codes: roles, what the journal recorded, the facts that changed."""

from academy.models import Mode, Role, SessionStatus
from academy.web.locale import gettext


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_ROLES = {
    Role.STAKEHOLDER: _("Participation"),
    Role.TRAINER: _("Formation"),
    Role.ORGANISER: _("Organisation"),
    Role.ADMIN: _("Administration"),
}
_STATUSES = {
    SessionStatus.SCHEDULED: _("prévue"),
    SessionStatus.POSTPONED: _("reportée"),
    SessionStatus.CANCELLED: _("annulée"),
}
_MODES = {
    Mode.ONSITE: _("Sur place"),
    Mode.ONLINE: _("En ligne"),
    Mode.BLENDED: _("Sur place et en ligne"),
}
_ACTIONS = {
    "account.ask_link": _("lien de connexion demandé"),
    "account.change_details": _("coordonnées changées"),
    "account.change_role": _("rôle changé"),
    "account.close": _("compte fermé"),
    "account.create": _("compte créé"),
    "account.reopen": _("compte rouvert"),
    "account.set_password": _("mot de passe choisi"),
    "account.sign_in": _("connexion"),
    "account.sign_out": _("déconnexion"),
    "account.sign_out_everywhere": _("toutes les connexions fermées"),
    "attachment.attach": _("fichier joint"),
    "attachment.remove": _("fichier retiré"),
    "attachment.reread": _("fichier relu"),
    "content.dump": _("fichiers de contenu écrits"),
    "content.load": _("fichiers de contenu chargés"),
    "document.create": _("texte créé"),
    "document.publish": _("texte publié"),
    "document.restore": _("ancienne version reprise"),
    "document.save_draft": _("brouillon enregistré"),
    "document.withdraw": _("texte retiré"),
    "revision.hide": _("ancienne version cachée aux lecteurs"),
    "revision.unhide": _("ancienne version montrée de nouveau"),
    "enrolment.add": _("inscription par l’équipe"),
    "enrolment.ask_link": _("lien d’inscription demandé"),
    "enrolment.cancel": _("inscription annulée"),
    "enrolment.join": _("inscription demandée"),
    "enrolment.restore": _("inscription rétablie"),
    "enrolment.seat": _("place donnée"),
    "pin.add": _("texte mis en tête"),
    "pin.delete": _("texte retiré de la tête"),
    "pin.raise": _("texte monté d’une place"),
    "question.purge": _("questions anciennes oubliées"),
    "rendering.renew": _("pages refaites"),
    "session.cancel": _("session annulée"),
    "session.copy": _("session copiée d’une autre"),
    "session.create": _("session créée"),
    "session.describe": _("faits repris du texte"),
    "session.edit": _("session modifiée"),
    "session.resize": _("nombre de places changé"),
    "synonym.add": _("synonyme ajouté"),
    "synonym.change": _("synonyme changé"),
    "synonym.delete": _("synonyme supprimé"),
    "wish.close": _("demande close"),
    "wish.forget_addresses": _("adresses de demandes effacées"),
    "wish.make": _("ressource demandée"),
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


def status_word(status: str) -> str:
    """The status of a session, as one says it of the session."""
    return gettext(_STATUSES[SessionStatus(status)])


def mode_word(mode: str) -> str:
    """Where a session takes place."""
    return gettext(_MODES[Mode(mode)])


def action_words(action: str) -> str:
    """What was done; an action that has no words yet is shown as it is."""
    return gettext(_ACTIONS[action]) if action in _ACTIONS else action


def fact_word(name: str) -> str:
    """A fact of a session."""
    return gettext(_FACTS[name]) if name in _FACTS else name
