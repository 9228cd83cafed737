"""The words for what is wrong with a list of people, or with one of its lines, and how to repair it."""

from academy.domain.errors import Refused
from academy.domain.roll_lists import PRESENT, TWICE
from academy.formats.tables import LONGEST, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, BadTable
from academy.web.locale import gettext
from academy.web.refusals import WORDS, words_of


def _(message: str) -> str:
    """Mark for extraction; translated at use."""
    return message


_FILES = {
    "bomb": _(
        "Ce classeur ne ressemble pas à une liste de personnes. Copiez la liste dans un classeur neuf, puis enregistrez-le."
    ),
    "broken": _(
        "Ce fichier est abîmé et ne se lit pas jusqu’au bout. Ouvrez-le dans votre tableur, puis enregistrez-le en « CSV UTF-8 » ou en XLSX."
    ),
    "empty": _("Ce fichier est vide."),
    "encoding": _(
        "Les caractères de ce fichier ne se lisent pas. Dans votre tableur, enregistrez-le en « CSV UTF-8 »."
    ),
    "heavy": _(
        "Ce fichier est trop lourd : %(kilobytes)s ko au plus. Gardez les colonnes du nom, de l’adresse et de la structure, ou coupez la liste en deux."
    ),
    "kind": _(
        "Ce fichier n’est ni un CSV ni un XLSX. Ouvrez-le dans votre tableur, puis enregistrez-le en « CSV UTF-8 » ou en XLSX."
    ),
    "long_cell": _("Une case dépasse %(longest)s caractères. Raccourcissez-la."),
    "many_columns": _(
        "Cette ligne a plus de %(columns)s colonnes. Gardez celles du nom, de l’adresse et de la structure."
    ),
    "many_rows": _("Cette liste a plus de %(rows)s lignes. Coupez-la en deux."),
    "old_excel": _(
        "Ce classeur est protégé par un mot de passe, ou d’un ancien format (XLS). Enregistrez-le en XLSX, sans mot de passe."
    ),
}
_LINES = {
    PRESENT: _("Déjà sur la liste de la session."),
    TWICE: _("Même adresse qu’une ligne plus haut."),
    "line_address": _("Cette adresse n’est pas complète. Elle ressemble à nom@structure.fr."),
    "line_cancelled": _("Annulée, refusée ou à approuver dans la liste : laissée de côté."),
    "line_formula": _("Une case commence par =, +, - ou @, comme une formule. Retirez ce signe."),
    "line_long": _("Le nom dépasse 120 caractères, ou la structure 160. Raccourcissez."),
}


def file_words(bad: BadTable) -> str:
    """Why a file is not taken, with its line, and what to do."""
    limits = {"kilobytes": MOST_BYTES // 1000, "longest": LONGEST, "columns": MOST_COLUMNS, "rows": MOST_ROWS}
    told = gettext(_FILES[bad.code], **limits)
    return gettext("Ligne %(line)s : %(told)s", line=bad.line, told=told) if bad.line else told


def line_words(code: str) -> str:
    """Why a line enrols nobody."""
    if code in _LINES:
        return gettext(_LINES[code])
    return words_of(Refused(code)) if code in WORDS else code
