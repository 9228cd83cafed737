"""Two languages: what one says anew, the other has to take over, until it did or its author says so."""

import pytest

from academy.domain import translations
from academy.domain.errors import Refused
from academy.extensions import transaction
from academy.models import Change, Edition
from tests.factories import a_text, at, republished, withdrawn

NOW = at(2026, 11, 22)


@pytest.fixture
def both(db) -> tuple[int, int]:
    """The ids of the French and the English edition of a text, the same today."""
    return a_text("quai", title="Le quai"), a_text("quai", title="The quay", language="en")


def behind() -> list[tuple[str, str]]:
    return [(it.language, it.title) for it in translations.stale()]


def test_a_change_in_one_language_leaves_the_other_behind(db, both):
    french, english = both
    assert behind() == []
    republished(french, "Texte changé.")
    assert behind() == [("en", "The quay")]
    base = translations.base_of(db.session.get_one(Edition, english))
    assert "Texte." in base.source
    republished(english, "Changed text.")
    assert behind() == []
    republished(english, "Text that is new.")
    assert behind() == [("fr", "Le quai")]


def test_the_same_text_again_changes_nothing(db, both):
    republished(both[0], "Texte.")
    assert behind() == []


def test_several_changes_are_one_difference(db, both):
    for body in ("Un.", "Deux."):
        republished(both[0], body)
    base = translations.base_of(db.session.get_one(Edition, both[1]))
    assert "Texte." in base.source
    assert behind() == [("en", "The quay")]


def test_a_text_without_a_public_twin_is_never_behind(db, both):
    republished(both[0], "Texte changé.")
    withdrawn(both[0])
    assert behind() == []
    a_text("seul")
    assert behind() == []


def test_an_author_says_that_a_text_is_up_to_date(db, both):
    french, english = both
    republished(french, "Texte changé.")
    edition = db.session.get_one(Edition, english)
    seen = db.session.get_one(Edition, french).published_id
    changes = db.session.query(Change).count()
    with pytest.raises(Refused, match="twin_changed"), transaction():
        translations.agree(edition, twin_revision=seen - 1, by=None, now=NOW)
    with transaction():
        translations.agree(edition, twin_revision=seen, by=None, now=NOW)
    assert behind() == []
    assert db.session.query(Change).count() == changes + 1
