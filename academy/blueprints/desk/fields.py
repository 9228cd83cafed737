"""Fields of the desk: a number of seats, a summary."""

import re

from wtforms import Field
from wtforms.widgets import NumberInput, TextArea

from academy.domain import typed_values
from academy.web.forms import TrimmedField
from academy.web.locale import gettext as _

_BREAKS = re.compile(r"\s*[\r\n]+\s*")


class SummaryField(TrimmedField):
    """One paragraph, seen whole while it is typed; its line breaks are spaces."""

    widget = TextArea()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([_BREAKS.sub(" ", value) for value in valuelist])


class SeatsField(Field):
    """A number of seats; None, an empty field, is no limit."""

    widget = NumberInput(min=0, max=typed_values.MOST_SEATS)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = typed_values.seats(valuelist[0])
        except typed_values.BadValueError:
            most = typed_values.MOST_SEATS
            raise ValueError(
                _("Écrivez un nombre entier de 0 à %(most)s, ou rien s’il n’y a pas de limite.", most=most)
            ) from None
