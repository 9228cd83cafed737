"""Two trainers publish one module at once, from two processes: one line of history, a change log without holes."""

import multiprocessing

from flask import Flask
from sqlalchemy import select

from academy.domain import invariants, preparing, publishing
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import Edition, Kind, Person as PersonRow, Revision, Role
from academy.web import clock
from tests.factories import a_person, a_source, a_text

FORK = multiprocessing.get_context("fork")
ROUNDS = 8


def _publish_all(app: Flask, edition_id: int, trainer: int, texts: list, start, answers) -> None:
    """Publish each text on top of what was last seen; look again after a conflict."""
    with app.app_context():
        database.engine.dispose(close=False)  # the parent's connections are the parent's
        start.wait()
        conflicts, problems = 0, []
        for text in texts:
            for _ in range(200):
                seen = database.session.get_one(Edition, edition_id, populate_existing=True).head_id
                try:
                    with transaction() as it:
                        edition, by = it.get_one(Edition, edition_id), it.get_one(PersonRow, trainer)
                        publishing.publish(edition, text, base_id=seen, by=by, now=clock.now())
                    break
                except Refused:
                    conflicts += 1
                except Exception as problem:  # what the test is about
                    problems.append(repr(problem))
                    break
        database.session.remove()
        answers.put((conflicts, problems))


def _text(trainer: int, number: int) -> preparing.Prepared:
    body = f"Version {number} de {trainer}."
    source = a_source("escale", Kind.MODULE, title="Escale", summary="Résumé.", body=body, is_published=True)
    return preparing.prepare(source, kind=Kind.MODULE, language="fr")


def test_two_processes_make_one_history(app: Flask):
    with app.app_context():
        a_text("port", kind=Kind.CYCLE, slug="port")
        edition_id = a_text("escale", kind=Kind.MODULE, cycle="port")
        trainers = [a_person(role=Role.TRAINER), a_person(role=Role.TRAINER)]
        texts = {trainer: [_text(trainer, number) for number in range(ROUNDS)] for trainer in trainers}
        database.session.remove()
        database.engine.dispose()
    start, answers = FORK.Event(), FORK.Queue()
    both = [
        FORK.Process(target=_publish_all, args=(app, edition_id, trainer, texts[trainer], start, answers))
        for trainer in trainers
    ]
    for process in both:
        process.start()
    start.set()
    assert [problems for _, problems in (answers.get(timeout=60) for _ in both)] == [[], []]
    for process in both:
        process.join(timeout=10)
    with app.app_context():
        wanted = select(Revision).where(Revision.edition_id == edition_id).order_by(Revision.number)
        history = list(database.session.scalars(wanted))
        assert [revision.number for revision in history] == list(range(1, len(history) + 1))
        assert [revision.base_id for revision in history] == [None, *(revision.id for revision in history[:-1])]
        by_trainer = {t: [r.source for r in history if r.author_id == t] for t in trainers}
        assert by_trainer == {t: [text.source for text in texts[t]] for t in trainers}
        edition = database.session.get_one(Edition, edition_id)
        assert edition.published_id == edition.head_id == history[-1].id
        assert list(invariants.broken(now=clock.now())) == []
