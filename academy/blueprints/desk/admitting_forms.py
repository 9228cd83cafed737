"""Forms of the desk: the rules of a session's enrolment, its invitations, its new date."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from wtforms import BooleanField, Field, IntegerField, SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import NumberInput

from academy.blueprints.desk.fields import SeatsField
from academy.domain.admission import MOST_INVITED, MOST_OFFER_HOURS
from academy.models import OrganisationKind
from academy.web.forms import Form, TextField
from academy.web.hours import HourField
from academy.web.labels import access_choices
from academy.web.locale import gettext as _, lazy_gettext as _l, ngettext

MOST_SAID = 10  # addresses to repair, each on its line


def _is_address(text: str) -> bool:
    """Whether this looks like an e-mail address, for a column that holds one."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return len(text) <= 254


class RulesForm(Form):
    """Who may enrol in a session, and how its seats are given."""

    access = SelectField(_l("Qui peut s’inscrire"), [InputRequired()])
    needs_approval = BooleanField(_l("L’équipe approuve chaque demande avant qu’elle ne prenne une place"))
    offer_hours = IntegerField(
        _l("Délai pour accepter une place libérée, en heures"),
        [Optional(), NumberRange(1, MOST_OFFER_HOURS, _l("Écrivez un nombre d’heures, de 1 à 336 (deux semaines)."))],
        widget=NumberInput(min=1, max=MOST_OFFER_HOURS),
    )
    company = SeatsField(_l("Entreprises"))
    public_body = SeatsField(_l("Organismes publics"))
    association = SeatsField(_l("Associations"))
    education = SeatsField(_l("Enseignement"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.access.choices = access_choices()

    @property
    def quotas(self) -> dict[OrganisationKind, Field]:
        """The four numbers of seats."""
        return {kind: self[str(kind)] for kind in OrganisationKind}


class InvitationsForm(Form):
    """Addresses to invite, one a line."""

    emails = TextField(_l("Adresses électroniques, une par ligne"), [DataRequired(_l("Écrivez au moins une adresse."))])

    def validate_emails(self, field: TextField) -> None:
        if len(self.addresses) > MOST_INVITED:
            raise ValidationError(
                _(
                    "%(count)s adresses, c’est trop : envoyez-en %(most)s au plus à la fois.",
                    count=len(self.addresses),
                    most=MOST_INVITED,
                )
            )
        bad = [(number, text) for number, text in self._lines if not _is_address(text)]
        said = [
            _("Ligne %(number)s : « %(text)s » n’est pas une adresse complète.", number=number, text=text[:80])
            for number, text in bad[:MOST_SAID]
        ]
        if more := len(bad) - len(said):
            said.append(ngettext("Et %(num)s autre adresse.", "Et %(num)s autres adresses.", more))
        field.errors = [*field.errors, *said]

    @property
    def addresses(self) -> list[str]:
        """What was typed, without the empty lines."""
        return [text for _number, text in self._lines]

    @property
    def _lines(self) -> list[tuple[int, str]]:
        lines = (self.emails.data or "").splitlines()
        return [(number, line.strip(" \t,;")) for number, line in enumerate(lines, 1) if line.strip(" ,;")]


class DateForm(Form):
    """The new date of a postponed session."""

    starts_at = HourField(_l("Début"), [InputRequired()])
    ends_at = HourField(_l("Fin"))
    opens_at = HourField(_l("Ouverture des inscriptions"))
    closes_at = HourField(_l("Clôture des inscriptions"))

    def __init__(self, *args, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self._now = now

    def validate_starts_at(self, field: HourField) -> None:
        if field.data and field.data <= self._now:
            raise ValidationError(_("Cette date est déjà passée. Vérifiez l’année et le mois."))

    def validate_ends_at(self, field: HourField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("La fin vient avant le début. Inversez-les, ou vérifiez le jour."))

    def validate_closes_at(self, field: HourField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_("La clôture vient avant l’ouverture. Inversez-les, ou vérifiez le jour."))
