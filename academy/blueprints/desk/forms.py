"""Forms of the desk: a session, its seats, a person."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from academy.blueprints.desk.fields import SeatsField, SummaryField
from academy.domain import contract, typed_values, video_rooms
from academy.domain.accounts import clean_name
from academy.domain.errors import Refused
from academy.models import Mode, OrganisationKind, Role
from academy.web.forms import AddressField, Form, TextField, TrimmedField
from academy.web.hours import HourField
from academy.web.labels import organisation_choices
from academy.web.locale import gettext as _, lazy_gettext as _l
from academy.web.refusals import words_of
from academy.web.spoken import choices

TITLE_LENGTH = 300
_ADDRESS = Email(_l("Cette adresse n’est pas complète. Elle ressemble à nom@structure.fr."))


def visible(form: Form, field: TrimmedField) -> None:
    """Refuse invisible and direction characters, which disguise a name."""
    try:
        if field.data:
            typed_values.text(TITLE_LENGTH + contract.SUMMARY_LENGTH)(field.data)
    except typed_values.BadValueError:
        raise ValidationError(_("Ce texte contient un caractère invisible. Retapez-le.")) from None


def with_letters(form: Form, field: TrimmedField) -> None:
    """A title becomes an address: it needs a letter or a digit."""
    if field.data and not any(unicodedata.category(character)[0] in "LN" for character in field.data):
        raise ValidationError(_("Un titre contient au moins une lettre ou un chiffre."))


class SessionForm(Form):
    """A session: when, where, who, how many, and its words in both languages."""

    title = TrimmedField(_l("Titre"), [InputRequired(), Length(max=TITLE_LENGTH), visible, with_letters])
    summary = SummaryField(_l("Résumé"), [InputRequired(), Length(max=contract.SUMMARY_LENGTH), visible])
    cycle = SelectField(_l("Cycle"), validators=[InputRequired()])
    starts_at = HourField(_l("Début"))
    ends_at = HourField(_l("Fin"))
    mode = SelectField(_l("Format"), [InputRequired()])
    venue = SelectField(_l("Lieu"))
    capacity = SeatsField(_l("Nombre de places"))
    waiting_list = BooleanField(_l("Ouvrir une liste d’attente quand la session est complète"))
    opens_at = HourField(_l("Ouverture des inscriptions"))
    closes_at = HourField(_l("Clôture des inscriptions"))
    trainers = SelectMultipleField(_l("Formatrices et formateurs"))
    modules = SelectMultipleField(_l("Modules à lire avant de venir"))
    video_url = TrimmedField(_l("Lien vidéo"), [Length(max=video_rooms.LENGTH)])
    has_reminders = BooleanField(_l("Envoyer les rappels"))
    is_cofinanced = BooleanField(_l("Session cofinancée par un fonds public"))
    programme = TextField(_l("Programme, en Markdown"))
    title_en = TrimmedField(_l("Titre en anglais"), [Length(max=TITLE_LENGTH), visible, with_letters])
    summary_en = SummaryField(_l("Résumé en anglais"), [Length(max=contract.SUMMARY_LENGTH), visible])
    programme_en = TextField(_l("Programme en anglais, en Markdown"))
    base_fr = HiddenField()
    base_en = HiddenField()
    copied_from = HiddenField()

    def __init__(
        self,
        *args,
        cycles: Mapping[str, str],
        venues: Sequence[tuple[str, str]],
        speakers: Sequence[tuple[str, str]],
        modules: Mapping[str, tuple[str, str]],
        not_before: datetime | None = None,
        **kwargs,
    ):
        """*modules* gives (cycle, title) by key; a start before *not_before* is refused."""
        super().__init__(*args, **kwargs)
        self._cycles, self._modules = cycles, modules
        self.not_before = not_before
        self.cycle.choices = choices(cycles)
        self.venue.choices = [("", _("Pas encore choisi")), *venues]
        self.mode.choices = [
            (Mode.ONSITE, _("Sur place")),
            (Mode.ONLINE, _("En ligne")),
            (Mode.BLENDED, _("Sur place et en ligne")),
        ]
        self.trainers.choices = list(speakers)
        self.modules.choices = [(key, title) for key, (_cycle, title) in modules.items()]

    @property
    def module_groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The modules by cycle, headed by its title where there are several."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (cycle, title) in self._modules.items():
            groups.setdefault(cycle, []).append((key, title))
        return [(self._cycles.get(cycle, cycle) if len(groups) > 1 else "", found) for cycle, found in groups.items()]

    @property
    def has_english(self) -> bool:
        """Whether anything was written in English."""
        return bool(self.title_en.data or self.summary_en.data or (self.programme_en.data or "").strip())

    def validate_starts_at(self, field: HourField) -> None:
        if field.data and self.not_before and field.data < self.not_before:
            raise ValidationError(_("Cette date est déjà passée. Vérifiez l’année et le mois."))

    def validate_ends_at(self, field: HourField) -> None:
        if field.data and not self.starts_at.data and not self.starts_at.errors:
            raise ValidationError(_("Donnez aussi le début, ou effacez la fin."))
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("La fin vient avant le début. Inversez-les, ou vérifiez le jour."))

    def validate_closes_at(self, field: HourField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_("La clôture vient avant l’ouverture. Inversez-les, ou vérifiez le jour."))

    def validate_modules(self, field: SelectMultipleField) -> None:
        own = {key for key, (cycle, _title) in self._modules.items() if cycle == self.cycle.data}
        elsewhere = set(field.data or ()) & set(self._modules) - own
        if elsewhere and self.not_before:  # a session that exists may already point to another cycle
            raise ValidationError(_("Choisissez des modules du cycle de la session."))

    def validate_video_url(self, field: TrimmedField) -> None:
        try:
            field.data = video_rooms.clean_url(field.data or "")
        except Refused as refusal:
            raise ValidationError(words_of(refusal)) from None

    def validate_programme(self, field: TextField) -> None:
        if "\0" in (field.data or ""):
            raise ValidationError(_("Ce texte contient un caractère interdit (NUL). Supprimez-le."))

    validate_programme_en = validate_programme

    def validate_title_en(self, field: TrimmedField) -> None:
        if self.base_en.data and not self.has_english:
            raise ValidationError(_("La version anglaise existe : pour la retirer, passez par l’atelier."))
        if self.has_english and not field.data:
            raise ValidationError(_("Donnez le titre en anglais, ou effacez les autres champs anglais."))

    def validate_summary_en(self, field: SummaryField) -> None:
        if self.has_english and not field.data:
            raise ValidationError(_("Donnez le résumé en anglais, ou effacez les autres champs anglais."))


class CapacityForm(Form):
    """The number of seats alone."""

    capacity = SeatsField(_l("Nombre de places"))


class EnrolForm(Form):
    """Somebody to enrol on the spot."""

    name = TrimmedField(_l("Nom"), [DataRequired(), Length(max=120)])
    email = AddressField(_l("Adresse électronique"), [DataRequired(), Length(max=254), _ADDRESS])

    organisation = TrimmedField(_l("Structure"), [Length(max=160)])
    kind = SelectField(_l("La structure est"), [Optional()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _("Non précisé")), *organisation_choices()]

    @property
    def stated_kind(self) -> OrganisationKind | None:
        """What their organisation is, where it is known."""
        return OrganisationKind(self.kind.data) if self.kind.data in set(OrganisationKind) else None

    def validate_name(self, field: TrimmedField) -> None:
        if not clean_name(field.data or ""):
            raise ValidationError(_("Écrivez le nom de la personne."))


class PersonForm(EnrolForm):
    """A new account."""

    role = SelectField(_l("Rôle"), [InputRequired()], default=Role.STAKEHOLDER)
