"""The form that all others extend: messages in the page's language, trimmed text, a token when signed in."""

from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TextAreaField
from wtforms.i18n import get_translations

from academy.web import identity
from academy.web.locale import language


class Form(FlaskForm):
    """A form of ours. Visitors' forms hold no token: web/csrf.py checks the origin of every POST."""

    class Meta(FlaskForm.Meta):
        locales = ("fr",)

        @property
        def csrf(self) -> bool:
            return identity.token() is not None

        def get_translations(self, form):
            return get_translations([language()])


class TrimmedField(StringField):
    """One line of text without spaces at its ends."""

    def process_formdata(self, valuelist):
        super().process_formdata([value.strip() for value in valuelist])


class AddressField(EmailField, TrimmedField):
    """An e-mail address without spaces at its ends."""


class TextField(TextAreaField):
    """Several lines, kept as they were typed."""
