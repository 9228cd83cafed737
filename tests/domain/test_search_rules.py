"""What organisers teach the search: one line a word, pins in order, and every change seen by every node."""

import pytest
from sqlalchemy import select

from academy.domain import invariants, search_rules
from academy.domain.errors import Refused
from academy.extensions import db as database, transaction
from academy.models import AuditEntry, ContentHead, Document, Person, Pin, Synonym
from academy.web import clock
from tests.factories import a_document, a_person


@pytest.fixture
def olga(db) -> int:
    return a_person("Olga")


def seq() -> int:
    return database.session.scalar(select(ContentHead.seq)) or 0


def teach(olga: int, verb, *args, **values):
    with transaction() as session:
        rows = [session.get_one(type(it), it.id) if isinstance(it, (Synonym, Pin)) else it for it in args]
        return verb(*rows, **values, by=session.get_one(Person, olga), now=clock.now())


def synonym(olga: int, term: str = "IA", meanings=("intelligence artificielle",), language: str = "fr") -> Synonym:
    verb = search_rules.add_synonym
    return teach(olga, verb, term, list(meanings), language=language, is_mutual=True)


def pin(olga: int, question: str, document: int) -> Pin:
    with transaction() as session:
        by = session.get_one(Person, olga)
        return search_rules.add_pin(question, session.get_one(Document, document), by=by, now=clock.now())


def pinned(question: str = "port") -> list[int]:
    wanted = select(Pin.document_id).where(Pin.question == question).order_by(Pin.rank, Pin.id)
    return list(database.session.scalars(wanted))


def test_every_change_is_in_the_journal_and_in_the_change_log(olga):
    before = seq()
    it = synonym(olga)
    changed = {"term": "IA", "meanings": ["apprentissage automatique"], "language": "fr", "is_mutual": False}
    teach(olga, search_rules.change_synonym, it, **changed)
    teach(olga, search_rules.delete_synonym, it)
    first, second = pin(olga, "port", a_document()), pin(olga, "port", a_document())
    teach(olga, search_rules.raise_pin, second)
    teach(olga, search_rules.delete_pin, first)
    done = list(database.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    told = [action for action in done if action.startswith(("synonym", "pin"))]
    assert told == ["synonym.add", "synonym.change", "synonym.delete", "pin.add", "pin.add", "pin.raise", "pin.delete"]
    assert seq() - before == 7
    assert [said for said in invariants.broken(now=clock.now()) if "change log" in said] == []


def test_a_word_has_one_line_in_each_language(olga):
    it, english = synonym(olga), synonym(olga, language="en")
    with pytest.raises(Refused, match="synonym_exists"):
        synonym(olga)
    with pytest.raises(Refused, match="synonym_exists"):
        teach(olga, search_rules.change_synonym, english, term="IA", meanings=["x"], language="fr", is_mutual=True)
    assert it.id != english.id


def test_a_word_does_not_mean_itself(olga):
    assert synonym(olga, "ESS", ["ess", "économie sociale", "Économie sociale"]).meanings == ["économie sociale"]
    with pytest.raises(Refused, match="synonym_empty"):
        synonym(olga, "GNL", ["gnl"])


def test_the_same_line_again_changes_nothing(olga):
    it, before = synonym(olga), seq()
    same = {"term": it.term, "meanings": it.meanings, "language": "fr", "is_mutual": True}
    teach(olga, search_rules.change_synonym, it, **same)
    assert seq() == before


def test_pins_keep_their_order(olga):
    texts = [a_document() for _ in range(3)]
    pins = [pin(olga, "port", text) for text in texts]
    pin(olga, "quai", texts[0])
    teach(olga, search_rules.raise_pin, pins[2])
    assert pinned() == [texts[0], texts[2], texts[1]]
    teach(olga, search_rules.delete_pin, pins[0])
    teach(olga, search_rules.raise_pin, pins[1])
    before = seq()
    teach(olga, search_rules.raise_pin, pins[1])
    assert (pinned(), pinned("quai"), seq()) == ([texts[1], texts[2]], [texts[0]], before)


def test_a_text_is_pinned_once_if_it_is_published_and_there_is_room(olga):
    text = a_document()
    pin(olga, "port", text)
    with pytest.raises(Refused, match="pin_exists"):
        pin(olga, "port", text)
    with pytest.raises(Refused, match="document_hidden"):
        pin(olga, "port", a_document(is_published=False))
    for _ in range(search_rules.MOST_PINS - 1):
        pin(olga, "port", a_document())
    with pytest.raises(Refused, match="pins_full"):
        pin(olga, "port", a_document())
