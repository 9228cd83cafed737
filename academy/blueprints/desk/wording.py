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
    "account.bounce": _("adresse refusée par son serveur"),
    "account.change_details": _("coordonnées changées"),
    "account.change_role": _("rôle changé"),
    "account.close": _("compte fermé"),
    "account.create": _("compte créé"),
    "account.reach": _("adresse de nouveau joignable"),
    "account.reopen": _("compte rouvert"),
    "account.set_password": _("mot de passe choisi"),
    "account.sign_in": _("connexion"),
    "account.sign_out": _("déconnexion"),
    "account.sign_out_everywhere": _("toutes les connexions fermées"),
    "agenda.renew": _("adresse d’agenda renouvelée"),
    "answer.purge": _("réponses sensibles effacées"),
    "answer.purge_pending": _("réponses non confirmées effacées"),
    "attachment.attach": _("fichier joint"),
    "attachment.remove": _("fichier retiré"),
    "attachment.reread": _("fichier relu"),
    "attendance.mark": _("présence notée"),
    "attendance.unmark": _("présence retirée"),
    "attendance.purge": _("preuves de présence de plus de six ans effacées"),
    "certificate.issue": _("attestation délivrée"),
    "certificate.purge": _("attestations de plus de trois ans effacées"),
    "certificate.revoke": _("attestation révoquée"),
    "content.dump": _("fichiers de contenu écrits"),
    "content.load": _("fichiers de contenu chargés"),
    "cycle.follow": _("cycle suivi"),
    "cycle.question_add": _("question ajoutée au cycle"),
    "cycle.question_change": _("question du cycle changée"),
    "cycle.question_close": _("question du cycle fermée"),
    "cycle.question_delete": _("question du cycle supprimée"),
    "cycle.question_move": _("question du cycle déplacée"),
    "cycle.question_reopen": _("question du cycle posée de nouveau"),
    "document.create": _("texte créé"),
    "alert.ask": _("alerte demandée"),
    "alert.confirm": _("alerte confirmée"),
    "alert.end": _("alerte arrêtée"),
    "alert.promise_digests": _("nouveautés de la semaine promises"),
    "alert.purge": _("alertes non confirmées effacées"),
    "document.expire": _("texte expiré"),
    "document.keep_aside": _("texte gardé à part"),
    "document.leave_aside": _("texte à part laissé de côté"),
    "document.merge": _("deux textes réunis"),
    "document.publish": _("texte publié"),
    "document.restore": _("ancienne version reprise"),
    "document.save_draft": _("brouillon enregistré"),
    "document.schedule": _("publication programmée"),
    "document.unschedule": _("publication programmée annulée"),
    "document.withdraw": _("texte retiré"),
    "door.close": _("lien de la porte fermé"),
    "door.open": _("lien de la porte créé"),
    "review.accepted": _("texte relu et accepté"),
    "review.answer": _("réponse à un commentaire"),
    "review.ask": _("relecture demandée"),
    "review.comment": _("paragraphe commenté"),
    "review.purge": _("relectures anciennes effacées"),
    "review.reopen": _("fil de commentaires rouvert"),
    "review.resolve": _("fil de commentaires réglé"),
    "review.returned": _("texte relu et renvoyé"),
    "review.withdrawn": _("relecture annulée"),
    "revision.hide": _("ancienne version cachée aux lecteurs"),
    "revision.unhide": _("ancienne version montrée de nouveau"),
    "account.make_member": _("devient membre"),
    "account.change_speaker": _("nom parmi qui anime changé"),
    "account.end_membership": _("n’est plus membre"),
    "enrolment.accept": _("place proposée acceptée"),
    "enrolment.approve": _("demande approuvée"),
    "enrolment.offer": _("place proposée"),
    "enrolment.offer_lapse": _("place proposée sans réponse"),
    "enrolment.refuse": _("demande refusée"),
    "enrolment.add": _("inscription par l’équipe"),
    "enrolment.anonymise": _("inscriptions anciennes rendues anonymes"),
    "enrolment.ask_link": _("lien d’inscription demandé"),
    "enrolment.cancel": _("inscription annulée"),
    "enrolment.change_answers": _("réponses changées"),
    "enrolment.join": _("inscription demandée"),
    "enrolment.restore": _("inscription rétablie"),
    "enrolment.renew_pass": _("code personnel changé"),
    "enrolment.seat": _("place donnée"),
    "invitation.purge": _("invitations anciennes effacées"),
    "journal.purge": _("lignes anciennes du journal effacées"),
    "sign_in.purge": _("connexions expirées oubliées"),
    "thread.purge": _("commentaires anciens effacés"),
    "ticket.purge": _("liens expirés oubliés"),
    "mail.purge": _("envois anciens oubliés"),
    "revision.purge": _("enregistrements automatiques dépassés effacés"),
    "mail_text.restore": _("texte d’origine d’un message repris"),
    "mail_text.write": _("message récrit"),
    "pin.add": _("texte mis en tête"),
    "pin.delete": _("texte retiré de la tête"),
    "pin.raise": _("texte monté d’une place"),
    "question.purge": _("questions anciennes oubliées"),
    "reminder.promise": _("rappels envoyés"),
    "rendering.renew": _("pages refaites"),
    "room.open": _("code de la salle créé"),
    "scan.add": _("feuille numérisée jointe"),
    "scan.remove": _("feuille numérisée supprimée"),
    "sheet.sign": _("demi-journée signée"),
    "session.accompany": _("lien vidéo, rappels ou cofinancement changés"),
    "session.cancel": _("session annulée"),
    "session.copy": _("session copiée d’une autre"),
    "session.create": _("session créée"),
    "session.describe": _("faits repris du texte"),
    "session.edit": _("session modifiée"),
    "session.invite": _("personnes invitées"),
    "session.postpone": _("session reportée"),
    "session.question_add": _("question ajoutée"),
    "session.question_change": _("question changée"),
    "session.question_close": _("question fermée"),
    "session.question_delete": _("question supprimée"),
    "session.question_move": _("question déplacée"),
    "session.question_reopen": _("question posée de nouveau"),
    "session.reschedule": _("nouvelle date fixée"),
    "session.set_rules": _("règles d’inscription changées"),
    "session.withdraw_invitation": _("invitation retirée"),
    "session.resize": _("nombre de places changé"),
    "synonym.add": _("synonyme ajouté"),
    "synonym.change": _("synonyme changé"),
    "synonym.delete": _("synonyme supprimé"),
    "wish.close": _("demande close"),
    "wish.forget_addresses": _("adresses de demandes effacées"),  # of before: the journal keeps it
    "wish.make": _("ressource demandée"),
    "wish.purge": _("demandes closes effacées"),
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
    "access": _("qui peut s’inscrire"),
    "needs_approval": _("approbation"),
    "offer_hours": _("délai des places libérées, en heures"),
    "quota_company": _("quota des entreprises"),
    "quota_public_body": _("quota des organismes publics"),
    "quota_association": _("quota des associations"),
    "quota_education": _("quota de l’enseignement"),
    "speaker": _("nom parmi qui anime"),
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
