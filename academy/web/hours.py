"""A field of forms: a date and an hour on the clocks of Paris."""

from datetime import UTC, datetime

from wtforms import Field
from wtforms.widgets import DateTimeLocalInput

from academy.domain import typed_values
from academy.web.clock import PARIS
from academy.web.locale import gettext as _

_YEARS = range(2000, 2100)


class HourField(Field):
    """A date and an hour of Paris; `data` is an aware instant in UTC, or None when empty."""

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.astimezone(PARIS):%Y-%m-%dT%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what a browser sends: `2027-02-04T18:00`, with seconds in some."""
        self.data = None
        if not valuelist or not (typed := valuelist[0].strip()):
            return
        try:
            self.data = typed_values.hour(typed[:16] if typed[16:] in {"", ":00"} else typed)
        except typed_values.BadValueError as bad:
            raise ValueError(_hour_words(bad.code)) from None
        if self.data.year not in _YEARS:
            self.data = None
            raise ValueError(_("Cette année est hors du calendrier. Vérifiez la date."))

    @property
    def happens_twice(self) -> bool:
        """Whether the clocks showed, or will show, this hour twice that night."""
        return isinstance(self.data, datetime) and _comes_twice(self.data)


def _hour_words(code: str) -> str:
    if code == "hour_skipped":
        return _(
            "Cette heure n’existe pas : cette nuit-là, les horloges passent de 2 h à 3 h. Choisissez-en une autre."
        )
    return _("Donnez une date et une heure, par exemple le 04/02/2027 à 18:00.")


def _comes_twice(instant: datetime) -> bool:
    """An hour comes twice when reading it back as the second one gives another instant."""
    wall = instant.astimezone(PARIS)
    return wall.replace(fold=0).astimezone(UTC) != wall.replace(fold=1).astimezone(UTC)
