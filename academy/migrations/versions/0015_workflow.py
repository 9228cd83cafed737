"""publication and expiry at an hour, what replaces a withdrawn text, texts kept aside, reviews

Revision ID: 0015
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_INSTANTS = ("publish_at", "expires_at", "gone_at")
_ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    for name in _INSTANTS:
        op.add_column("edition", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("edition", sa.Column("successor_key", sa.String(length=80), server_default="", nullable=False))
    # A reference that belongs to its column: SQLite adds and drops both in place.
    op.execute(
        "ALTER TABLE edition ADD COLUMN scheduled_id INTEGER CONSTRAINT fk_edition_scheduled_id REFERENCES revision (id)"
    )
    op.create_index("ix_edition_publish_at", "edition", ["publish_at"])
    op.create_index("ix_edition_expires_at", "edition", ["expires_at"])
    op.execute(
        "UPDATE edition SET gone_at = coalesce(updated_at, first_published_at)"
        " WHERE published_id IS NULL AND first_published_at IS NOT NULL"
    )
    op.add_column("revision", sa.Column("is_aside", sa.Boolean(), server_default=sa.false(), nullable=False))
    _create_reviews()
    _create_threads()


def downgrade() -> None:
    op.drop_table("comment")
    op.drop_table("thread")
    op.drop_table("review")
    op.drop_column("revision", "is_aside")
    op.drop_index("ix_edition_expires_at", "edition")
    op.drop_index("ix_edition_publish_at", "edition")
    for name in ("scheduled_id", "successor_key", *_INSTANTS):
        op.drop_column("edition", name)


def _create_reviews() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "accepted",
                "returned",
                "withdrawn",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_review_asked_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_review_closed_by_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_review_edition_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_review_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_edition_id"), "review", ["edition_id"])
    op.create_index(op.f("ix_review_reviewer_id"), "review", ["reviewer_id"])
    op.create_index(
        "uq_review_asked", "review", ["edition_id"], unique=True, sqlite_where=_ASKED, postgresql_where=_ASKED
    )


def _create_threads() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.String(length=300), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_thread_edition_id")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["person.id"], name=op.f("fk_thread_resolved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_edition_id"), "thread", ["edition_id"])
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_comment_thread_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_thread_id"), "comment", ["thread_id"])
