"""The forms of the studio: a new text, what is said of a file, why a version is hidden."""

import unicodedata

from wtforms import BooleanField, FileField, Label, SelectField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from academy.domain import typed_values
from academy.domain.credits import ALT_LENGTH, CREDIT_LENGTH, PICTURE_LICENCES, Credit
from academy.files import kinds
from academy.models import Attachment, HidingReason, Kind
from academy.web.forms import Form, TrimmedField
from academy.web.hiding_words import reason_labels
from academy.web.labels import licence_of
from academy.web.locale import gettext as _
from academy.web.locale import lazy_gettext as _l
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
    """Another file in the place of one."""

    file = FileField(_l("Nouveau fichier"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.file.flags.required = True


class FileForm(Form):
    """A file, and what is said of it when it is a picture."""

    file = FileField(_l("Fichier"))
    alt = TrimmedField(_l("Ce que l’image montre"), [Length(max=ALT_LENGTH)])
    is_decorative = BooleanField(_l("Image décorative : elle n’apprend rien de plus que le texte"))
    credit = TrimmedField(_l("Auteur de l’image"), [Length(max=CREDIT_LENGTH)])
    licence = SelectField(_l("Licence de l’image"), validate_choice=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.file.flags.required = True
        self.licence.choices = [
            ("", _("Pas encore connue")),
            *((code, licence_of(code).name) for code in PICTURE_LICENCES),
        ]
        self.is_picture = False

    def ask_for(self, name: str, data: bytes, *, is_picture: bool | None = None, is_new: bool = True) -> None:
        """Say what was sent: a picture needs words, or to be decorative."""
        self.is_picture = kinds.picture_suffix(data) != "" if is_picture is None else is_picture
        if not is_new:
            self.file.flags.required = False

    @property
    def credit_said(self) -> Credit:
        """What the form says; a decorative picture has no words."""
        said = typed_values.text
        return Credit(
            alt="" if self.is_decorative.data else said(ALT_LENGTH)(self.alt.data or ""),
            credit=said(CREDIT_LENGTH)(self.credit.data or ""),
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


def _refuse_hidden(field: TrimmedField, most: int) -> None:
    try:
        typed_values.text(most)(field.data or "")
    except typed_values.BadValueError:
        raise ValidationError(_("Cette ligne contient un caractère invisible. Retapez-la.")) from None
