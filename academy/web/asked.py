"""Enrolment questions on a page: each in its language, with what is known or typed and what is wrong with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from academy.domain import answers, enrolment_questions
from academy.domain.answers import BadAnswerError, Given, Said
from academy.models import CycleSession, EnrolmentQuestion, QuestionKind
from academy.web.locale import gettext as _, language
from academy.web.spoken import Spoken, mark


@dataclass(frozen=True)
class Asked:
    """One question of a form; `picked` are the values of its choices that are picked."""

    name: str
    kind: QuestionKind
    label: Spoken
    help: Spoken
    choices: Sequence[tuple[str, Spoken]]
    is_required: bool
    is_sensitive: bool
    most: int  # characters; 0 where nothing is typed
    text: str = ""
    picked: frozenset[str] = frozenset()
    error: str = ""


@dataclass(frozen=True)
class Filled:
    """A form that was sent: the questions as they are shown again, and the answers that can be read."""

    asked: list[Asked]
    said: dict[str, Said] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        return any(one.error for one in self.asked)


def shown(questions: Iterable[EnrolmentQuestion]) -> list[Asked]:
    """The questions of an empty form."""
    return [_shown(one, Said()) for one in questions]


def shown_with(known: Given) -> list[Asked]:
    """The questions of a form with the answers that are known."""
    return [_shown(one, said) for one, said in known]


def told(known: Given) -> list[tuple[Markup, str]]:
    """Answers to read only: the question and the words, "" where there is no answer."""
    return [(mark(label_of(one)), words_of(one, said)) for one, said in known]


def filled(questions: Iterable[EnrolmentQuestion], typed: MultiDict[str, str], *, is_strict: bool = True) -> Filled:
    """Read what was sent; with *is_strict* what must be answered is. Nothing typed is lost."""
    asked, said = [], {}
    for one in questions:
        name, error, answer = answers.key(one), "", Said()
        values = typed.getlist(name)
        try:
            answer = said[name] = answers.read(one, values)
        except BadAnswerError as bad:
            error = _too_long(one, values) if bad.code == "too_long" else _("Choisissez dans la liste.")
        if is_strict and one.is_required and not answer and not error:
            error = _missing(one)
        again = Said("\n".join(values)[:20_000]) if one.kind in answers.LONGEST else answer
        asked.append(_shown(one, again, error))
    return Filled(asked, said)


def again(session: CycleSession, typed: MultiDict[str, str]) -> list[Asked]:
    """What the session asks since it refused what was sent, with what was sent."""
    return filled(enrolment_questions.asked(session), typed).asked


def label_of(question: EnrolmentQuestion) -> Spoken:
    """Its words, in the language that there is."""
    return _in(question.label_fr, question.label_en)


def words_of(question: EnrolmentQuestion, said: Said) -> str:
    """An answer as a page shows it; "" when there is none."""
    if question.kind == QuestionKind.CONSENT:
        return _("oui") if said.picked else ""
    if question.kind.has_choices:
        return Markup(" · ").join(mark(_in(it["fr"], it["en"])) for it in _picked(question, said))
    return said.text


def plain_words_of(question: EnrolmentQuestion, said: Said) -> str:
    """An answer as a cell of a spreadsheet holds it."""
    if question.kind.has_choices:
        return " | ".join(_in(it["fr"], it["en"]) for it in _picked(question, said))
    return str(words_of(question, said))


def _picked(question: EnrolmentQuestion, said: Said) -> list[dict[str, str]]:
    return [it for it in question.choices if it["id"] in said.picked]


def _shown(question: EnrolmentQuestion, said: Said, error: str = "") -> Asked:
    return Asked(
        name=answers.key(question),
        kind=question.kind,
        label=label_of(question),
        help=_in(question.help_fr, question.help_en),
        choices=[(str(it["id"]), _in(it["fr"], it["en"])) for it in question.choices],
        is_required=question.is_required,
        is_sensitive=question.is_sensitive,
        most=answers.LONGEST.get(question.kind, 0),
        text=said.text,
        picked=frozenset(map(str, said.picked)),
        error=error,
    )


def _in(fr: str, en: str) -> Spoken:
    return Spoken(en, "en") if language() == "en" and en else Spoken(fr, "fr")


def _missing(question: EnrolmentQuestion) -> str:
    if question.kind == QuestionKind.CONSENT:
        return _("Cochez cette case pour vous inscrire.")
    return _("Choisissez une réponse.") if question.kind.has_choices else _("Répondez à cette question.")


def _too_long(question: EnrolmentQuestion, values: Sequence[str]) -> str:
    most = answers.LONGEST[question.kind]
    return _("Votre réponse a %(count)s caractères : raccourcissez-la à %(most)s.", count=len(values[0]), most=most)
