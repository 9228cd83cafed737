"""The words of the desk for mails: what each is, when it leaves, what its placeholders stand for."""

from academy.web.locale import gettext


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_MAILS = {
    "enrolment_link": (_("Confirmer une inscription"), _("À qui demande une place sans être connecté.")),
    "enrolment_confirmed": (
        _("Place confirmée"),
        _("Quand une place est donnée, aussitôt ou depuis la liste d’attente."),
    ),
    "enrolment_waiting": (_("Liste d’attente"), _("À qui demande une place dans une session complète.")),
    "enrolment_cancelled": (_("Inscription annulée"), _("À qui rend sa place ou quitte la liste d’attente.")),
    "enrolment_requested": (_("Demande reçue"), _("À qui demande une place que l’équipe doit approuver.")),
    "enrolment_refused": (_("Demande refusée"), _("Quand l’équipe refuse une demande, avec sa raison.")),
    "enrolment_offered": (_("Place proposée"), _("À la tête de la liste d’attente, avec un délai pour répondre.")),
    "enrolment_offer_lapsed": (_("Place sans réponse"), _("Quand une place proposée passe à quelqu’un d’autre.")),
    "session_invited": (_("Invitation"), _("À chaque adresse invitée à une session sur invitation.")),
    "session_changed": (_("Session changée"), _("Quand la date, l’heure, le format ou le lieu change.")),
    "session_postponed": (_("Session reportée"), _("Quand la session perd sa date et garde ses places.")),
    "session_cancelled": (_("Session annulée"), _("Quand la session n’aura pas lieu.")),
    "reminder_week": (_("Rappel, une semaine avant"), _("À 9 h, à qui a une place.")),
    "reminder_day": (_("Rappel, la veille"), _("À 9 h, à qui a une place ; plus tard, à qui s’inscrit plus tard.")),
    "reminder_hour": (_("Une heure avant"), _("Avec le lien vidéo, s’il y en a un.")),
    "session_after": (_("Le lendemain"), _("À 9 h, avec les modules et les ressources de la session.")),
    "certificate_issued": (_("Attestation délivrée"), _("À qui vient de recevoir une attestation.")),
    "review_asked": (_("Relecture demandée"), _("À qui est prié de relire un texte, ou à toute l’équipe.")),
    "review_answered": (_("Réponse à un commentaire"), _("À l’auteur du texte et à qui a écrit dans ce fil.")),
    "review_accepted": (_("Texte accepté"), _("À qui avait demandé la relecture.")),
    "review_returned": (_("Texte à reprendre"), _("À qui avait demandé la relecture, avec la raison.")),
    "sign_in_link": (_("Lien de connexion"), _("À qui demande à se connecter.")),
    "password_set": (_("Mot de passe enregistré"), _("À qui vient de choisir un mot de passe.")),
    "no_account": (_("Adresse inconnue"), _("À qui demande un lien de connexion sans avoir de compte.")),
    "account_closed": (_("Compte fermé"), _("À qui demande un lien de connexion à un compte fermé.")),
    "wish_answered": (_("Demande de ressource"), _("Quand un texte répond à une demande.")),
}
_PLACEHOLDERS = {
    "name": _("le nom de la personne"),
    "session": _("le titre de la session"),
    "when": _("le jour et les heures, à Paris"),
    "where": _("le lieu et son adresse, ou « En ligne »"),
    "page": _("l’adresse de la page de la session"),
    "link": _("l’adresse où la personne agit : confirmer, voir, annuler"),
    "answer": _("l’adresse où l’on accepte ou refuse la place"),
    "deadline": _("jusqu’à quand la place est gardée"),
    "asker": _("le nom de qui demande, répond ou décide"),
    "reason": _("la raison que l’équipe a écrite"),
    "standing": _("une phrase : où en est sa place"),
    "position": _("son rang dans la liste d’attente"),
    "access": _("comment venir, d’après la fiche du lieu"),
    "video": _("le lien vidéo ; rien s’il n’y en a pas"),
    "readings": _("les modules et ressources de la session, un par ligne"),
    "sessions": _("l’adresse du calendrier des sessions"),
    "pass": _("l’adresse du code QR à montrer à l’entrée"),
    "question": _("ce qui avait été demandé"),
    "text": _("le titre du texte qui répond"),
}


def name_of(topic: str) -> str:
    """A mail, as the team calls it."""
    return gettext(_MAILS[topic][0])


def moment_of(topic: str) -> str:
    """When it leaves, and to whom."""
    return gettext(_MAILS[topic][1])


def meaning_of(placeholder: str) -> str:
    """What stands where a placeholder was."""
    return gettext(_PLACEHOLDERS[placeholder])
