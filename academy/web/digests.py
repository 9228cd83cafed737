"""The weekly mail of an alert: what is new, that everybody may read, and that answers its search."""

from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from academy import mail, search
from academy.domain import news
from academy.extensions import db
from academy.models import Alert
from academy.search import Hit
from academy.web.finding import filters_of, query_of
from academy.web.hits import KINDS
from academy.web.labels import type_label

MOST = 20  # texts in one mail


def send(message_id: int, *, alert: str, after: int, until: int) -> None:
    """Mail what is new since the last digest of an alert; nothing when nothing is, or when the alert has ended."""
    row = db.session.scalar(select(Alert).where(Alert.key == alert, Alert.confirmed_at.is_not(None)))
    new = news.new_editions(after=after, until=until, language=row.language) if row else set()
    if row is None or not new:
        return
    search.sync()  # cheap when the index is up to date; a fault of it is tried again later
    asked = row.question
    results = search.find(
        asked["q"],
        filters=filters_of(asked["chosen"]),
        per_page=MOST,
        language=row.language,
        sort="newest",
        kinds=KINDS,
        is_verbatim=asked["is_exact"],
        is_counted=False,
        only=frozenset(new),
    )
    if results.hits:
        query = {key: value for key, value in query_of(**asked).items() if value is not None}
        with force_locale(row.language):
            texts = [_text(hit) for hit in results.hits]
        mail.alert_digest(message_id, row, texts=texts, others=results.total - len(texts), query=query)


def _text(hit: Hit) -> dict[str, Any]:
    return {
        "key": hit.key,
        "title": hit.title,
        "title_language": hit.language,
        "label": type_label(hit.kind, hit.type),
        "summary": hit.summary,
    }
