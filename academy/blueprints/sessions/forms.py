"""The form that enrols: a name and an address, the first time only."""

from wtforms import SelectField
from wtforms.validators import DataRequired, Email, InputRequired, Length, ValidationError

from academy.domain.accounts import clean_name
from academy.models import OrganisationKind
from academy.web.forms import AddressField, Form, TrimmedField
from academy.web.labels import organisation_choices
from academy.web.locale import gettext as _, lazy_gettext as _l


class EnrolForm(Form):
    """A visitor asks for a place."""

    name = TrimmedField(
        _l("Votre nom"), [DataRequired(_l("Écrivez votre nom, comme on vous appelle.")), Length(max=120)]
    )
    email = AddressField(
        _l("Votre adresse électronique"),
        [
            DataRequired(_l("Écrivez votre adresse : le lien de confirmation y est envoyé.")),
            Length(max=254),
            Email(_l("Cette adresse n’est pas complète. Elle ressemble à nom@structure.fr.")),
        ],
    )

    organisation = TrimmedField(_l("Votre structure"), [Length(max=160)])
    kind = SelectField(_l("Votre structure est"), [InputRequired(_l("Choisissez ce qui s’en approche le plus."))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _("Choisissez")), *organisation_choices()]

    @property
    def stated_kind(self) -> OrganisationKind | None:
        """What their organisation is, where they said so."""
        said = self.kind.data if "kind" in self else None
        return OrganisationKind(said) if said in set(OrganisationKind) else None

    def validate_name(self, field: TrimmedField) -> None:
        if not clean_name(field.data or ""):
            raise ValidationError(_("Écrivez votre nom, comme on vous appelle."))
