"""The wording of every refusal, in the person's language, with what to do next."""

from academy.domain.errors import Refused
from academy.web.locale import gettext


def _(message: str) -> str:
    """Mark for extraction; `words_of` translates at use."""
    return message


WORDS = {
    "file_used": _(
        "Ce fichier sert encore : les textes sont nommés à côté de lui. Retirez-le d’abord de ces textes, publiez-les, puis supprimez-le."
    ),
    "picture_words": _(
        "Ces mots ne peuvent pas être gardés : ils sont trop longs ou contiennent un caractère invisible."
    ),
    "account_disabled": _("Ce compte est fermé. Écrivez à l’équipe de l’académie pour le rouvrir."),
    "alerts_full": _(
        "Cette adresse suit déjà %(most)s recherches. Arrêtez-en une d’abord, par le lien d’un de ses messages."
    ),
    "answers_missing": _(
        "Cette session pose une question à laquelle il faut répondre : elle a été ajoutée ou changée entre-temps. Répondez ci-dessous, puis envoyez de nouveau."
    ),
    "answers_over": _("Ces réponses ne se changent plus : la session a commencé, ou l’inscription est annulée."),
    "certificates_broken_chain": _(
        "La chaîne des signatures de cette session est rompue : aucune heure ne peut en être tirée. La feuille d’émargement dit où."
    ),
    "certificates_no_date": _(
        "Cette session n’a pas de date de début et de fin, ou elle n’a pas lieu : personne n’a d’heures à attester."
    ),
    "certificates_too_early": _("La session n’est pas finie : les attestations se délivrent après sa dernière heure."),
    "certificates_unsigned": _(
        "En formation déclarée, seules comptent les demi-journées signées. Faites signer la feuille d’émargement, ou joignez la numérisation de celle qui a été signée sur papier."
    ),
    "check_in_closed": _(
        "Aucune demi-journée n’est en cours : on se note présent d’une heure avant le début jusqu’à la fin. Oubli ? Dites-le à l’équipe."
    ),
    "check_in_code": _(
        "Ce code n’est pas, ou n’est plus, celui de cette salle : il change toutes les vingt secondes. Tapez celui qui est à l’écran en ce moment."
    ),
    "check_in_no_place": _(
        "Vous n’avez pas de place confirmée dans cette session. Êtes-vous connecté avec l’adresse de votre inscription ? Sinon, voyez l’équipe à l’entrée."
    ),
    "choices_double": _("Deux choix portent les mêmes mots. Changez l’un des deux."),
    "choices_many": _("Une question a au plus %(most)s choix."),
    "choices_missing": _("Écrivez au moins deux choix, un par ligne."),
    "cycle_missing": _("Un module appartient à un cycle : choisissez lequel."),
    "cycle_unpublished": _(
        "Ce cycle n’a pas encore de présentation publiée, dont la session reprend les thèmes. Publiez-la d’abord dans l’atelier."
    ),
    "document_hidden": _(
        "Ce texte n’est pas, ou n’est plus, publié pour tous. Choisissez-en un autre, ou publiez-le d’abord."
    ),
    "comment_empty": _("Écrivez votre commentaire."),
    "comment_hidden": _("Ce texte contient un caractère invisible. Retapez-le."),
    "comment_long": _("Ce texte dépasse %(most)s caractères. Raccourcissez-le : rien n’est perdu."),
    "door_no_day": _("Cette session n’a pas, ou plus, de journée à venir : un lien n’ouvrirait rien."),
    "edited_meanwhile": _(
        "Quelqu’un a enregistré une version plus récente pendant que vous écriviez. Rien n’est perdu : comparez les deux textes ci-dessous."
    ),
    "enrolment_cancelled": _(
        "Cette session est annulée : on ne peut plus s’y inscrire. Les autres sessions du cycle sont sur sa page."
    ),
    "enrolment_closed": _(
        "Les inscriptions à cette session sont closes. Les prochaines sessions sont dans le calendrier."
    ),
    "enrolment_ended": _("Cette session a déjà eu lieu. Ses ressources sont dans le centre de ressources."),
    "enrolment_full": _(
        "Cette session est complète et n’a pas de liste d’attente. Voyez les autres sessions du cycle."
    ),
    "enrolment_not_yet_open": _("Les inscriptions à cette session ne sont pas encore ouvertes."),
    "enrolment_invitation": _(
        "Cette session est ouverte sur invitation, et votre adresse n’est pas sur la liste. Demandez une invitation à l’équipe de l’académie, ou connectez-vous avec l’adresse qui l’a reçue."
    ),
    "enrolment_kept": _(
        "Les places qui restent sont gardées pour d’autres structures, et cette session n’a pas de liste d’attente. Celles qui ne servent pas s’ouvrent à tous trois jours avant."
    ),
    "enrolment_members": _(
        "Cette session est réservée aux membres de l’académie. Connectez-vous si vous l’êtes ; sinon, demandez à l’équipe de l’académie comment le devenir."
    ),
    "enrolment_postponed": _("Cette session est reportée : on pourra s’y inscrire quand sa nouvelle date sera connue."),
    "enrolment_to_schedule": _("La date de cette session n’est pas encore fixée : on ne peut pas encore s’y inscrire."),
    "invitation_over": _(
        "Cette invitation n’est plus valable : les inscriptions sont closes. Les autres sessions sont dans le calendrier."
    ),
    "link_expired": _("Ce lien a expiré : il vaut trente minutes. Demandez-en un autre, il arrive aussitôt."),
    "link_unknown": _(
        "Ce lien n’est pas le nôtre, ou il a été coupé. Copiez l’adresse entière, ou demandez un autre lien."
    ),
    "link_used": _("Ce lien a déjà servi : il ne vaut qu’une fois. Demandez-en un autre, il arrive aussitôt."),
    "list_columns": _(
        "La première ligne doit nommer les colonnes, dont « Nom » et « Adresse électronique ». Ajoutez-la, puis renvoyez la liste."
    ),
    "name_missing": _("Écrivez votre nom, comme on vous appelle."),
    "offer_over": _(
        "Cette place ne vous est plus proposée : le délai est passé, ou vous avez déjà répondu. Votre espace dit où vous en êtes."
    ),
    "password_common": _("Ce mot de passe se devine trop vite. Choisissez une phrase qui n’appartient qu’à vous."),
    "password_short": _("Un mot de passe a au moins %(least)s caractères. Une petite phrase fait l’affaire."),
    "pin_exists": _("Ce texte est déjà parmi les premiers pour cette question."),
    "pins_full": _("Cette question a déjà %(most)s textes en tête. Retirez-en un d’abord."),
    "question_answered": _(
        "Quelqu’un a déjà répondu à cette question : ses mots et ses choix ne changent plus. Ajoutez des choix, ou fermez-la et posez-en une autre."
    ),
    "questions_full": _(
        "Une session pose au plus %(most)s questions, celles du cycle comprises. Fermez-en une d’abord."
    ),
    "quotas_above_capacity": _(
        "Les quotas réservent %(kept)s places, et la session n’en a que %(capacity)s. Baissez les quotas, ou ajoutez des places."
    ),
    "quotas_without_limit": _(
        "Des quotas réservent une part des places : donnez d’abord à la session un nombre de places, ou effacez les quotas."
    ),
    "reason_missing": _("Écrivez la raison du refus : elle est envoyée à la personne."),
    "review_asked": _("Une relecture est déjà demandée pour ce texte. Elle est ci-dessous."),
    "review_changed": _("Ce texte a changé pendant que vous le lisiez. Relisez-le ci-dessous, puis décidez."),
    "review_over": _("Cette relecture est finie, ou quelqu’un y a déjà répondu."),
    "review_reason": _("Écrivez pourquoi vous renvoyez ce texte : c’est ce que l’auteur lira."),
    "role_above": _("Seule l’administration donne ou retire ce rôle. Demandez-le à une personne qui l’a."),
    "role_own": _("On ne change pas son propre rôle : demandez-le à quelqu’un de l’équipe."),
    "session_cancelled": _("Cette session est annulée : elle ne se modifie plus. Créez-en une autre."),
    "session_date_missing": _("Donnez la nouvelle date : un début à venir."),
    "session_not_postponed": _("Cette session n’est pas reportée : sa date se change avec « Modifier la session »."),
    "session_ended": _("Cette session a déjà eu lieu : on ne peut plus l’annuler."),
    "revocation_reason": _("Écrivez pourquoi cette attestation est révoquée : la raison est gardée."),
    "scan_kind": _(
        "Ce fichier n’est pas un PDF, un JPEG ou un PNG entier. Numérisez la feuille dans un de ces formats."
    ),
    "scan_missing": _("Choisissez d’abord le fichier de la feuille numérisée."),
    "scan_too_big": _("Ce fichier dépasse %(limit)s Mo. Numérisez en gris, à 150 ou 200 points par pouce."),
    "scan_too_many": _("Cette session a déjà %(limit)s fichiers : supprimez-en un d’abord."),
    "sign_drawing": _("Ce dessin n’a pas pu être lu. Effacez-le et recommencez, ou écrivez votre nom."),
    "sign_empty": _("Signez du doigt, ou écrivez votre nom."),
    "sign_not_now": _(
        "Cette demi-journée ne se signe pas maintenant : on signe de son début à deux jours après sa fin. Voyez l’équipe."
    ),
    "sign_not_present": _(
        "Vous n’êtes pas noté présent dans cette demi-journée : notez-vous avec le code de la salle, ou voyez l’équipe. Puis signez."
    ),
    "sign_not_trainer": _(
        "Seule une personne qui anime cette session, ou l’équipe, signe à ce titre. Si vous l’animez, demandez à l’équipe de relier votre compte à votre nom dans la liste des formatrices et formateurs."
    ),
    "slug_bad": _(
        "Une adresse a des minuscules sans accent, des chiffres et des tirets, 80 caractères au plus : par exemple « une-escale »."
    ),
    "slug_taken": _("Un autre texte a déjà cette adresse. Choisissez-en une autre."),
    "speaker_taken": _("Ce nom est déjà relié à un autre compte : déliez-le d’abord sur la page de ce compte."),
    "speaker_unknown": _("Choisissez un nom de la liste."),
    "synonym_empty": _("Donnez au moins un sens, autre que le mot lui-même."),
    "synonym_exists": _("Ce mot a déjà sa ligne dans cette langue : complétez-la."),
    "tap_no_place": _(
        "Cette personne n’a plus de place confirmée : rien n’est noté. Voyez la liste à jour ci-dessous."
    ),
    "tap_signed": _("Cette personne a signé cette demi-journée : sa présence ne se retire plus."),
    "tap_unreadable": _("Ce geste n’a pas été compris : rien n’est noté. Rechargez la page et recommencez."),
    "text_included": _(
        "Ce texte est inclus dans d’autres textes publiés : %(hosts)s. Retirez-le d’abord de ces textes, puis recommencez."
    ),
    "twin_changed": _(
        "L’autre langue a changé entre-temps, ou n’est plus publiée : relisez les différences ci-dessous, puis recommencez."
    ),
    "version_current": _(
        "C’est la version que les lecteurs voient : publiez d’abord un texte corrigé, puis cachez celle-ci."
    ),
    "version_not_public": _("Cette version n’est sur aucune page publique : il n’y a rien à cacher."),
    "video_url_bad": _(
        "Ce lien vidéo ne va pas. Copiez l’adresse entière de la salle : elle commence par https:// et n’a pas d’espace."
    ),
    "wish_closed": _("Cette demande est déjà close."),
}


def words_of(refusal: Refused) -> str:
    """What to tell the person; an unknown code is a bug that a test catches."""
    return gettext(WORDS[refusal.code], **refusal.details)
