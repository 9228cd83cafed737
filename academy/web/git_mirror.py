"""Let the Git repository of `ACADEMY_CONTENT_GIT` follow the change log, after the commit, never instead of it."""

import logging
from pathlib import Path

from flask import current_app

log = logging.getLogger(__name__)


def follow(message_id: int) -> None:
    """Commit what was published since; a failure is the message's, is told on the desk, and is tried again."""
    settings = current_app.config["SETTINGS"]
    if not settings.content_git:
        return
    from academy.domain.content import git as content_git  # starts programs: only where somebody asked for it

    if made := content_git.follow(Path(settings.content_git).resolve(), host=settings.host):
        log.info("git: %s commits in %s", made, settings.content_git)
