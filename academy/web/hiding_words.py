"""Why an earlier version is hidden: a word for the team, a sentence for readers."""

from academy.models import HidingReason
from academy.web.locale import gettext


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_LABELS = {
    HidingReason.PERSONAL_DATA: _("Données personnelles publiées par erreur"),
    HidingReason.RIGHTS: _("Droits d’un auteur ou d’une image"),
    HidingReason.MISTAKE: _("Erreur qui pourrait nuire"),
    HidingReason.LAW: _("Demande de la loi ou d’un juge"),
}
_SENTENCES = {
    HidingReason.PERSONAL_DATA: _("Elle contenait des données personnelles."),
    HidingReason.RIGHTS: _("Elle contenait ce dont nous n’avions pas les droits."),
    HidingReason.MISTAKE: _("Elle contenait une erreur qui pouvait nuire."),
    HidingReason.LAW: _("La loi ou une décision de justice l’a demandé."),
}


def reason_labels() -> dict[str, str]:
    """The reasons to choose from, by their codes."""
    return {str(code): gettext(label) for code, label in _LABELS.items()}


def hidden_words(reason: str) -> str:
    """What a reader is told in the place of the version."""
    known = _SENTENCES.get(HidingReason(reason)) if reason in set(HidingReason) else None
    gone = gettext("L’équipe de l’Académie a retiré cette ancienne version.")
    return f"{gone} {gettext(known)}" if known else gone
