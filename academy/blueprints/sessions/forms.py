"""The form that enrols: a name and an address, the first time only."""

from wtforms.validators import DataRequired, Email, Length, ValidationError

from academy.domain.accounts import clean_name
from academy.web.forms import AddressField, Form, TrimmedField
from academy.web.locale import gettext as _
from academy.web.locale import lazy_gettext as _l


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

    def validate_name(self, field: TrimmedField) -> None:
        if not clean_name(field.data or ""):
            raise ValidationError(_("Écrivez votre nom, comme on vous appelle."))
