"""What an enrolment is called on the page, and what to say once somebody made one."""

from academy.models import EnrolmentStatus
from academy.web.locale import gettext


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_STATUSES = {
    EnrolmentStatus.CONFIRMED: _("Confirmée"),
    EnrolmentStatus.OFFERED: _("Place proposée"),
    EnrolmentStatus.WAITING: _("En attente"),
    EnrolmentStatus.REQUESTED: _("À approuver"),
    EnrolmentStatus.CANCELLED: _("Annulée"),
}
_ENROLLED = {
    EnrolmentStatus.CONFIRMED: _("Votre inscription est confirmée."),
    EnrolmentStatus.OFFERED: _("Une place vous est proposée : acceptez-la avant la date indiquée."),
    EnrolmentStatus.WAITING: _("Vous êtes sur la liste d’attente."),
    EnrolmentStatus.REQUESTED: _("Votre demande est arrivée : l’équipe de l’académie vous répond par message."),
    EnrolmentStatus.CANCELLED: _("Cette inscription est annulée."),
}


def status_word(status: EnrolmentStatus) -> str:
    """The status of an enrolment, as the team sees it."""
    return gettext(_STATUSES[status])


def enrolled_words(status: EnrolmentStatus) -> str:
    """What to tell somebody who has just enrolled."""
    return gettext(_ENROLLED[status])
