"""The forms of the studio: a new text, what is said of a file, why a version is hidden."""

import unicodedata

from wtforms import BooleanField, FileField, Label, SelectField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from academy.domain import typed_values
from academy.domain.content import names as content_names
from academy.domain.picture_credits import ALT_LENGTH, CREDIT_LENGTH, PICTURE_LICENCES, Credit
from academy.models import Attachment, HidingReason, Kind
from academy.web.forms import Form, TrimmedField
from academy.web.hiding_words import reason_labels
from academy.web.hours import HourField
from academy.web.labels import licence_of
from academy.web.locale import gettext as _, lazy_gettext as _l
from academy.web.spoken import choices

TITLE_LENGTH = 200
KINDS = [
    SelectChoice(Kind.MODULE.value, _l("Module d’un cycle")),
    SelectChoice(Kind.RESOURCE.value, _l("Ressource du centre")),
]
LANGUAGES = [SelectChoice("fr", "Français", {"lang": "fr"}), SelectChoice("en", "English", {"lang": "en"})]


class HidingForm(Form):
    """Why an earlier version is hidden; each version has its own."""

    reason = SelectField(
        validators=[
            AnyOf(list(HidingReason), _l("Choisissez pourquoi cette version est cachée : les lecteurs le sauront."))
        ],
        validate_choice=False,
    )

    def __init__(self, number: int, **kwargs):
        super().__init__(**kwargs)
        self.number, self.reason.id = number, f"reason-{number}"
        self.reason.label = Label(self.reason.id, _("Pourquoi cacher la version %(number)s ?", number=number))
        self.reason.flags.required = True
        self.reason.choices = [("", _("Choisir…")), *reason_labels().items()]


class _Successor(Form):
    """A form that may name the text to read once this one is gone."""

    successor = TrimmedField(_l("Texte à lire ensuite à la place"), [Length(max=80)])
    note = TrimmedField(_l("Pourquoi"), [Length(max=200)])

    own_key = ""

    def validate_successor(self, successor: TrimmedField) -> None:
        """The key of another text; nothing is as good."""
        if successor.data and successor.data == self.own_key:
            raise ValidationError(_("Un texte ne peut pas se remplacer lui-même."))
        if successor.data and successor.data not in content_names.of_academy().documents:
            raise ValidationError(_("Aucun texte n’a cet identifiant : c’est la clé « id » de son en-tête."))


class DatesForm(_Successor):
    """From when and until when readers see a text."""

    publish_at = HourField(_l("Publier le"))
    expires_at = HourField(_l("Retirer le"))


class WithdrawalForm(_Successor):
    """Why a text is taken away, and what replaces it."""

    def __init__(self, own_key: str, **kwargs):
        super().__init__(prefix="", **kwargs)
        self.own_key, self.successor.id, self.note.id = own_key, "withdrawn-successor", "withdrawn-note"
        for field in (self.successor, self.note):
            field.label = Label(field.id, field.label.text)


class NewForm(Form):
    """What a new text needs before its first line; the view gives the cycles and the topics that exist."""

    title = TrimmedField(_l("Titre"), [InputRequired(), Length(max=TITLE_LENGTH)])
    kind = SelectField(_l("Nature du texte"), [InputRequired()], choices=KINDS)
    cycle = SelectField(_l("Cycle"))
    topic = SelectField(_l("Thème principal"), [InputRequired()])
    language = SelectField(_l("Langue du texte"), [InputRequired()], choices=LANGUAGES)

    def __init__(self, *args, cycles: dict[str, str], topics: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        is_module = self.kind.data == Kind.MODULE
        self.cycle.choices = [
            SelectChoice("", _("Choisir un cycle") if is_module else _("Aucun cycle")),
            *choices(cycles),
        ]
        self.cycle.flags.required = is_module
        self.has_cycles = bool(cycles)
        self.topic.choices = [SelectChoice("", _("Choisir un thème")), *(SelectChoice(*topic) for topic in topics)]

    def validate_title(self, title: TrimmedField) -> None:
        try:
            typed_values.text(TITLE_LENGTH)(title.data)
        except typed_values.BadValueError:
            raise ValidationError(_("Ce titre contient un caractère invisible. Retapez-le.")) from None
        if not any(unicodedata.category(character)[0] in "LN" for character in title.data or ""):
            raise ValidationError(_("Un titre contient au moins une lettre ou un chiffre."))

    def validate_cycle(self, cycle: SelectField) -> None:
        if self.kind.data == Kind.MODULE and not cycle.data:
            raise ValidationError(_("Un module appartient à un cycle : choisissez lequel."))


class ReplaceForm(Form):
    """Another file in the place of one, whose row has that number."""

    file = FileField(_l("Nouveau fichier"))

    def __init__(self, number: int, **kwargs):
        super().__init__(**kwargs)
        self.number, self.file.id = number, f"replace-{number}"
        self.file.flags.required = True


class FileForm(Form):
    """A file, and what is said of it when it is a picture; *number* is that of its row, 0 of a new one."""

    file = FileField(_l("Fichier"))
    alt = TrimmedField(_l("Ce que l’image montre"), [Length(max=ALT_LENGTH)])
    is_decorative = BooleanField(_l("Image décorative : elle n’apprend rien de plus que le texte"))
    credit = TrimmedField(_l("Auteur de l’image"), [Length(max=CREDIT_LENGTH)])
    licence = SelectField(_l("Licence de l’image"), validate_choice=False)

    def __init__(self, number: int = 0, *, is_picture: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.number, self.is_picture = number, is_picture  # a picture needs words, or to be decorative
        self.file.flags.required = not number
        names = [(code, licence_of(code).name) for code in PICTURE_LICENCES]
        self.licence.choices = [("", _("Pas encore connue")), *names]
        for field in self if number else ():
            field.id = f"{field.name}-{number}"

    @property
    def credit_said(self) -> Credit:
        """What the form says; a decorative picture has no words."""
        return Credit(
            alt="" if self.is_decorative.data else _line(self.alt, ALT_LENGTH),
            credit=_line(self.credit, CREDIT_LENGTH),
            licence=self.licence.data or "",
            is_decorative=bool(self.is_decorative.data),
        )

    @staticmethod
    def said_of(row: Attachment) -> dict[str, object]:
        """What the form of a kept picture begins with."""
        return {"alt": row.alt, "is_decorative": row.is_decorative, "credit": row.credit, "licence": row.licence}

    def validate_alt(self, alt: TrimmedField) -> None:
        _refuse_hidden(alt, ALT_LENGTH)
        if self.is_picture and not alt.data and not self.is_decorative.data:
            raise ValidationError(
                _("Dites en une phrase ce que l’image montre, pour qui ne la voit pas ; ou cochez « décorative ».")
            )

    def validate_credit(self, credit: TrimmedField) -> None:
        _refuse_hidden(credit, CREDIT_LENGTH)

    def validate_licence(self, licence: SelectField) -> None:
        if licence.data and licence.data not in PICTURE_LICENCES:
            raise ValidationError(_("Choisissez une licence de la liste."))


def _line(field: TrimmedField, most: int) -> str:
    return typed_values.text(most)(field.data) if field.data else ""


def _refuse_hidden(field: TrimmedField, most: int) -> None:
    try:
        _line(field, most)
    except typed_values.BadValueError:
        raise ValidationError(_("Cette ligne contient un caractère invisible. Retapez-la.")) from None
