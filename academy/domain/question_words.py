"""The words of a question to who enrols: what an organiser writes, what may be changed once somebody has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from academy.domain.errors import Refused
from academy.models import EnrolmentQuestion, QuestionKind

MOST_CHOICES = 30
LABEL_LENGTH, HELP_LENGTH, CHOICE_LENGTH = 200, 500, 200


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What an organiser writes of a question; English may be empty, choices are pairs of French and English."""

    kind: QuestionKind
    label_fr: str
    label_en: str = ""
    help_fr: str = ""
    help_en: str = ""
    choices: Sequence[tuple[str, str]] = ()
    is_required: bool = False
    is_sensitive: bool = False


def write(question: EnrolmentQuestion, wording: Wording) -> None:
    """Give the question these words, where they are others; a choice that stays keeps its number."""
    for name in ("kind", "label_fr", "label_en", "help_fr", "help_en", "is_required", "is_sensitive"):
        if getattr(question, name) != getattr(wording, name):
            setattr(question, name, getattr(wording, name))
    known = {choice["fr"]: choice["id"] for choice in question.choices or ()}
    new = max(known.values(), default=0)
    choices = []
    for fr, en in wording.choices if wording.kind.has_choices else ():
        new = new if fr in known else new + 1
        choices.append({"id": known.get(fr, new), "fr": fr, "en": en})
    if choices != question.choices:
        question.choices = choices


def refuse_choices(wording: Wording) -> None:
    """Refuse fewer than two choices, too many, two that are the same."""
    if not wording.kind.has_choices:
        return
    if len(wording.choices) < 2:
        raise Refused("choices_missing")
    if len(wording.choices) > MOST_CHOICES:
        raise Refused("choices_many", most=MOST_CHOICES)
    if len({fr for fr, _en in wording.choices}) < len(wording.choices):
        raise Refused("choices_double")


def words_of(question: EnrolmentQuestion) -> tuple[Any, ...]:
    """What gives an answer its meaning, of a question as it is."""
    choices = [(choice["fr"], choice["en"]) for choice in question.choices]
    return question.kind, question.label_fr, question.label_en, question.help_fr, question.help_en, choices


def words_in(wording: Wording) -> tuple[Any, ...]:
    """The same of what an organiser writes."""
    choices = list(wording.choices) if wording.kind.has_choices else []
    return wording.kind, wording.label_fr, wording.label_en, wording.help_fr, wording.help_en, choices


def refuse_other_meaning(question: EnrolmentQuestion, wording: Wording) -> None:
    """Refuse what would give another meaning to answers that exist."""
    kind, label_fr, label_en, help_fr, help_en, choices = words_of(question)
    new = dict(wording.choices)
    is_same = (
        (kind, label_fr, help_fr) == (wording.kind, wording.label_fr, wording.help_fr)
        and all(not was or was == now for was, now in ((label_en, wording.label_en), (help_en, wording.help_en)))
        and all(fr in new and (not en or en == new[fr]) for fr, en in choices)
        and (wording.is_sensitive or not question.is_sensitive)
    )
    if not is_same:
        raise Refused("question_answered")
