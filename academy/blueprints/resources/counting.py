"""What visitors ask and open is counted, so that the team learns what the centre lacks: never who asked."""

from typing import Any

from flask import request

from academy import search
from academy.blueprints.resources import finder
from academy.blueprints.resources.area import bp
from academy.blueprints.resources.asked import Asked
from academy.extensions import limiter
from academy.policies import Action
from academy.web import questions
from academy.web.guard import allow
from academy.web.remembered import remember


@limiter.limit("240 per minute")  # of what has to be looked for: an answer that is kept costs next to nothing
def found(asked: Asked) -> dict[str, Any]:
    """The context of the page that answers *asked*, and the question as it is counted ("" for what is not)."""
    context = finder.found(asked)
    question = _question(asked, context)
    remember("resources.question", asked.url(), make=lambda: question)
    return context | {"question": (context["searched"] or asked.q) if question else ""}


def count(asked: Asked) -> None:
    """Tell whoever sends this page which question it answers, each time that it is sent."""
    if asked.page == 1 and questions.asked(asked.q):
        request.environ["academy.asked"] = remember(
            "resources.question", asked.url(), make=lambda: _question(asked, finder.found(asked))
        )


@bp.post("/ouvert")
@limiter.limit("60 per minute")
@allow(Action.PUBLIC_READ)
def opened():
    """Hear that an answer was followed: the question, and nothing else."""
    text = " ".join(request.form.get("q", "")[: 2 * questions.LONGEST].split())
    question = questions.asked(text)
    if question is not None and not questions.is_robot(request.environ):
        questions.tally().open(question)
    return "", 204


def _question(asked: Asked, context: dict[str, Any]) -> questions.Asked | None:
    """Nothing found under a filter says nothing of the centre; nor while the index is being built."""
    is_answered = bool(context["total"] or asked.chosen or not search.engine().is_ready())
    return questions.asked(context["searched"] or asked.q, typed=asked.q, is_answered=is_answered)
