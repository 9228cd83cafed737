"""public versions: when readers first saw a revision, the session that a resource came out of, titles in order

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite adds and drops these columns in place.
    op.add_column("revision", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("document", sa.Column("session_key", sa.String(length=80), nullable=True))
    op.create_index(op.f("ix_document_session_key"), "document", ["session_key"])
    op.create_index(op.f("ix_edition_title"), "edition", ["title"])
    _tell_what_was_published()


def downgrade() -> None:
    op.drop_index(op.f("ix_edition_title"), table_name="edition")
    op.drop_index(op.f("ix_document_session_key"), table_name="document")
    op.drop_column("document", "session_key")
    op.drop_column("revision", "published_at")


def _tell_what_was_published() -> None:
    """The audit trail has a line for each publication, with the number of the revision."""
    at = sa.DateTime(timezone=True)
    audit = sa.table(
        "audit_entry",
        sa.column("id", sa.Integer),
        sa.column("at", at),
        sa.column("action", sa.String),
        sa.column("entity_id", sa.Integer),
        sa.column("detail", sa.JSON),
    )
    revisions = sa.table(
        "revision",
        sa.column("id", sa.Integer),
        sa.column("edition_id", sa.Integer),
        sa.column("number", sa.Integer),
        sa.column("created_at", at),
        sa.column("published_at", at),
    )
    editions = sa.table("edition", sa.column("published_id", sa.Integer))
    connection = op.get_bind()
    publications = connection.execute(
        sa.select(audit.c.at, audit.c.entity_id, audit.c.detail)
        .where(audit.c.action == "document.publish")
        .order_by(audit.c.id)
    )
    unknown = revisions.c.published_at.is_(None)
    for row in publications.all():
        connection.execute(
            sa.update(revisions)
            .where(revisions.c.edition_id == row.entity_id, revisions.c.number == row.detail.get("revision"), unknown)
            .values(published_at=row.at)
        )
    connection.execute(  # what readers see now they have seen, whatever the trail says
        sa.update(revisions)
        .where(revisions.c.id.in_(sa.select(editions.c.published_id)), unknown)
        .values(published_at=revisions.c.created_at)
    )
