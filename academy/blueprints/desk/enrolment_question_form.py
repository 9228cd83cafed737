"""The form of a question to who enrols."""

from wtforms import BooleanField, Field, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from academy.domain import typed_values
from academy.domain.question_words import CHOICE_LENGTH, HELP_LENGTH, LABEL_LENGTH, Wording
from academy.models import EnrolmentQuestion, QuestionKind
from academy.web.forms import Form, TextField, TrimmedField
from academy.web.labels import question_kind_choices
from academy.web.locale import gettext as _, lazy_gettext as _l


class QuestionForm(Form):
    """What is asked, how it is answered; English may be left out."""

    label_fr = TrimmedField(_l("Question en français"), [DataRequired(_l("Écrivez la question."))])
    label_en = TrimmedField(_l("Question en anglais"))
    help_fr = TrimmedField(_l("Aide en français"))
    help_en = TrimmedField(_l("Aide en anglais"))
    kind = SelectField(_l("Forme de la réponse"), [InputRequired()])
    choices = TextField(_l("Choix, un par ligne"))
    is_required = BooleanField(_l("Il faut répondre pour s’inscrire"))
    is_sensitive = BooleanField(_l("Réponse sensible : accès, santé, régime"))

    def __init__(self, *args, question: EnrolmentQuestion | None = None, is_answered: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind.choices = question_kind_choices()
        self._question = question
        if question is not None and is_answered:  # what is left out stays as it is
            del self.kind
            if question.is_sensitive:
                del self.is_sensitive
            if not question.kind.has_choices:
                del self.choices

    @property
    def wording(self) -> Wording:
        """What was typed, once it is valid."""
        was = self._question
        return Wording(
            kind=QuestionKind(self.kind.data) if "kind" in self or was is None else was.kind,
            label_fr=self.label_fr.data or "",
            label_en=self.label_en.data or "",
            help_fr=self.help_fr.data or "",
            help_en=self.help_en.data or "",
            choices=self.pairs,
            is_required=bool(self.is_required.data),
            is_sensitive=bool(self.is_sensitive.data) if "is_sensitive" in self or was is None else was.is_sensitive,
        )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The choices: French, and English where there is a bar."""
        typed = self.choices.data or "" if "choices" in self else ""
        lines = [line.partition("|") for line in typed.splitlines() if line.strip()]
        return [(fr.strip(), en.strip()) for fr, _bar, en in lines]

    def validate_label_fr(self, field: Field) -> None:
        field.data = _words(field.data, LABEL_LENGTH)

    def validate_label_en(self, field: Field) -> None:
        field.data = _words(field.data, LABEL_LENGTH)

    def validate_help_fr(self, field: Field) -> None:
        field.data = _words(field.data, HELP_LENGTH)

    def validate_help_en(self, field: Field) -> None:
        field.data = _words(field.data, HELP_LENGTH)

    def validate_choices(self, field: Field) -> None:
        for fr, en in self.pairs:
            if not fr:
                raise ValidationError(_("Chaque ligne commence par le choix en français."))
            for words in (fr, en):
                if _words(words, CHOICE_LENGTH) != words:
                    raise ValidationError(_("Ce texte contient un caractère invisible. Retapez-le."))


def question_form(question: EnrolmentQuestion, *, is_answered: bool) -> QuestionForm:
    """The form of a question as it is."""
    choices = "\n".join(f"{it['fr']} | {it['en']}" if it["en"] else it["fr"] for it in question.choices)
    data = {name: getattr(question, name) for name in ("label_fr", "label_en", "help_fr", "help_en", "kind")}
    data |= {"is_required": question.is_required, "is_sensitive": question.is_sensitive, "choices": choices}
    return QuestionForm(formdata=None, data=data, question=question, is_answered=is_answered)


def _words(typed: str | None, most: int) -> str:
    """A line of words that nobody is misled by."""
    try:
        return typed_values.text(most)(typed or "") if typed else ""
    except typed_values.BadValueError as problem:
        if problem.code == "text_too_long":
            raise ValidationError(_("Ce texte est trop long : %(most)s caractères au plus.", most=most)) from None
        raise ValidationError(_("Ce texte contient un caractère invisible. Retapez-le.")) from None
