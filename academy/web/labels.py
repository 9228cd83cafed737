"""What the codes of the front matter are called on the page: types, levels, licences."""

from dataclasses import dataclass

from academy.models import Access, Kind, OrganisationKind, QuestionKind
from academy.web.locale import gettext


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_TYPES = {
    "note": _("Note"),
    "guide": _("Guide"),
    "report": _("Compte rendu"),
    "glossary": _("Glossaire"),
    "kit": _("Boîte à outils"),
    "pitch": _("Argumentaire"),
    "photo-library": _("Photothèque"),
    "reading-list": _("Bibliographie"),
}
_KINDS = {
    Kind.CYCLE: _("Cycle"),
    Kind.MODULE: _("Module"),
    Kind.SESSION: _("Session"),
    Kind.RESOURCE: _("Ressource"),
    Kind.PAGE: _("Page"),
}
_STAKEHOLDERS = {
    "companies": _("Entreprises"),
    "public-bodies": _("Collectivités et services publics"),
    "elected-officials": _("Élus"),
    "associations": _("Associations"),
    "education": _("Enseignement et formation"),
    "students": _("Étudiants"),
    "residents": _("Habitants"),
    "trainers": _("Formateurs de l’Académie"),
}
_LEVELS = {
    "initiation": _("Initiation"),
    "approfondissement": _("Approfondissement"),
    "expertise": _("Expertise"),
}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as people know it; without address, nothing may be reused unasked."""

    name: str
    url: str = ""

    @property
    def is_open(self) -> bool:
        return bool(self.url)


_LICENCES = {
    "licence-ouverte-2.0": Licence(
        "Licence Ouverte 2.0", "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"
    ),
    "cc-by-4.0": Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "cc-by-sa-4.0": Licence("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "cc-by-nc-4.0": Licence("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
    "cc0-1.0": Licence("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "domaine-public": Licence(_("Domaine public")),
    "tous-droits-reserves": Licence(_("Tous droits réservés")),
}

STAKEHOLDERS = tuple(_STAKEHOLDERS)
_ORGANISATIONS = {
    OrganisationKind.COMPANY: _("Une entreprise"),
    OrganisationKind.PUBLIC_BODY: _("Un organisme public"),
    OrganisationKind.ASSOCIATION: _("Une association"),
    OrganisationKind.EDUCATION: _("Un établissement d’enseignement"),
}
_ORGANISATIONS_OF_A_KIND = {
    OrganisationKind.COMPANY: _("Entreprises"),
    OrganisationKind.PUBLIC_BODY: _("Organismes publics"),
    OrganisationKind.ASSOCIATION: _("Associations"),
    OrganisationKind.EDUCATION: _("Enseignement"),
}
_ACCESSES = {
    Access.OPEN: _("Tout le monde"),
    Access.MEMBERS: _("Les membres"),
    Access.INVITATION: _("Les personnes invitées"),
}
_QUESTION_KINDS = {
    QuestionKind.SHORT: _("Une ligne de texte"),
    QuestionKind.LONG: _("Quelques lignes de texte"),
    QuestionKind.CHOICE: _("Un choix"),
    QuestionKind.CHOICES: _("Plusieurs choix"),
    QuestionKind.CONSENT: _("Une case à cocher (consentement)"),
}

TYPES = (*_TYPES, *(str(kind) for kind in _KINDS))


def type_label(kind: str, type: str = "") -> str:
    """The word for a document: its type, else its kind; an unknown code stays as it is."""
    word = _TYPES.get(type) or _KINDS.get(type) or _KINDS.get(kind)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return gettext(word) if word else type


def level_label(level: str) -> str:
    return gettext(_LEVELS[level]) if level in _LEVELS else level


def stakeholder_label(code: str) -> str:
    return gettext(_STAKEHOLDERS[code]) if code in _STAKEHOLDERS else code


def licence_of(code: str) -> Licence:
    """The licence of a code; an unknown code is shown as it is and reused by nobody."""
    found = _LICENCES.get(code, Licence(code))
    return found if found.url else Licence(gettext(found.name) if found.name else "")


def organisation_label(kind: str | None) -> str:
    """What an organisation is; nothing when nobody said."""
    return gettext(_ORGANISATIONS[OrganisationKind(kind)]) if kind else ""


def organisations_label(kind: str) -> str:
    """All the organisations of a kind."""
    return gettext(_ORGANISATIONS_OF_A_KIND[OrganisationKind(kind)])


def organisation_choices() -> list[tuple[str, str]]:
    """The kinds of organisations, to choose from."""
    return [(str(kind), gettext(label)) for kind, label in _ORGANISATIONS.items()]


def question_kind_label(kind: str) -> str:
    """How a question is answered."""
    return gettext(_QUESTION_KINDS[QuestionKind(kind)])


def question_kind_choices() -> list[tuple[str, str]]:
    """How a question may be answered, to choose from."""
    return [(str(kind), gettext(label)) for kind, label in _QUESTION_KINDS.items()]


def access_label(access: str) -> str:
    """Who may enrol."""
    return gettext(_ACCESSES[Access(access)])


def access_choices() -> list[tuple[str, str]]:
    """Who may enrol, to choose from."""
    return [(str(access), gettext(label)) for access, label in _ACCESSES.items()]
