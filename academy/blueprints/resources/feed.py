"""The feed of what was published last in the resource centre."""

from flask import Response, url_for

from academy.blueprints.resources.area import bp
from academy.formats import atom
from academy.models import Edition
from academy.policies import Action
from academy.web.guard import allow
from academy.web.links import absolute
from academy.web.locale import gettext as _
from academy.web.locale import language
from academy.web.text_cards import TextCard, latest_cards

LATEST = 30


@bp.get("/flux.atom")
@allow(Action.PUBLIC_READ)
def flux():
    """The newest texts in the page's language."""
    cards = latest_cards({}, Edition.language == language(), limit=LATEST)
    feed = atom.Feed(
        title=_("Académie One Provence : le centre de ressources"),
        subtitle=_("Les derniers modules et ressources publiés."),
        url=absolute(url_for("resources.index")),
        feed_url=absolute(url_for("resources.flux")),
        language=language(),
    )
    return Response(atom.write(feed, [_entry(card) for card in cards]), content_type=atom.CONTENT_TYPE)


def _entry(card: TextCard) -> atom.Entry:
    return atom.Entry(
        id=absolute(url_for("home.stable", key=card.key)),  # stays when the text is renamed
        url=absolute(card.url),
        title=card.title,
        summary=card.summary,
        authors=card.authors,
        rights=card.licence,
        published_on=card.published_on,
        updated_at=card.updated_at,
    )
