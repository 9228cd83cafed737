"""Forms of the account."""

from typing import ClassVar

from wtforms import HiddenField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue]
from wtforms.validators import DataRequired, Email, Length, Optional, ValidationError

from academy.domain.accounts import clean_name
from academy.models import OrganisationKind
from academy.web.forms import AddressField, Form, TrimmedField
from academy.web.labels import organisation_choices
from academy.web.locale import gettext as _, lazy_gettext as _l

_ADDRESS = Email(_l("Cette adresse n’est pas complète. Elle ressemble à nom@structure.fr."))


class SignInForm(Form):
    """Ask for a link."""

    email = AddressField(_l("Votre adresse électronique"), [DataRequired(), Length(max=254), _ADDRESS])
    next = HiddenField(validators=[Length(max=500)])


class PasswordForm(Form):
    """Sign in with a password."""

    email = AddressField(_l("Votre adresse électronique"), [DataRequired(), Length(max=254), _ADDRESS])
    password = PasswordField(_l("Votre mot de passe"), [DataRequired(), Length(max=256)])
    next = HiddenField(validators=[Length(max=500)])


class DetailsForm(Form):
    """What people may change about themselves."""

    name = TrimmedField(_l("Votre nom"), [DataRequired(), Length(max=120)])
    language = RadioField(
        _l("Langue de vos messages"), choices=[SelectChoice("fr", "Français"), SelectChoice("en", "English")]
    )

    organisation = TrimmedField(_l("Votre structure"), [Length(max=160)])
    kind = SelectField(_l("Votre structure est"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _("Je ne précise pas")), *organisation_choices()]

    @property
    def stated_kind(self) -> OrganisationKind | None:
        """What their organisation is, where they said so."""
        return OrganisationKind(self.kind.data) if self.kind.data in set(OrganisationKind) else None

    def validate_name(self, field: TrimmedField) -> None:
        if not clean_name(field.data or ""):
            raise ValidationError(_("Écrivez votre nom, comme on vous appelle."))


class _WhenThereIsOne:
    """Needed by the view only when there is one: not announced as optional."""

    field_flags: ClassVar = {"silent": True}

    def __call__(self, form: Form, field: PasswordField) -> None:
        """Check nothing: the view compares."""


class NewPasswordForm(Form):
    """Set or change a password."""

    current = PasswordField(_l("Mot de passe actuel"), [_WhenThereIsOne(), Length(max=256)])
    new = PasswordField(_l("Nouveau mot de passe"), [DataRequired(), Length(max=256)])
