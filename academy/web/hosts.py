"""Render again the texts that show the title or the words of another which has changed."""

import logging

from academy.domain import links, renderings
from academy.domain.problems import ContentRefused
from academy.extensions import db, transaction
from academy.web import clock

log = logging.getLogger(__name__)


def renew(_message_id: int) -> None:
    """Bring every host up to date, each in its own transaction; what can no longer be rendered stays as it was."""
    stale = links.outdated()
    db.session.rollback()  # rendering takes a while: no read transaction is held meanwhile
    for edition_id in stale:
        try:
            made = renderings.render(edition_id)
        except ContentRefused as refused:
            log.warning("edition %s keeps its rendering: %s", edition_id, refused)
            continue
        with transaction():
            renderings.keep(made, now=clock.now())
