"""search memory and attachments: what organisers teach the search, what it tells them, the files of documents

and what the change log says to harvesters

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("synced_files", sa.JSON(), server_default="{}", nullable=False))
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("typed", sa.String(length=200), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("day", "language", "words", name=op.f("uq_question_day_language_words")),
    )
    op.create_index(op.f("ix_question_day"), "question", ["day"])

    op.create_table(
        "synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("term", sa.String(length=100), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.Column("is_mutual", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
        sa.UniqueConstraint("language", "term", name=op.f("uq_synonym_language_term")),
    )
    op.create_table(
        "wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_attachment_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("document_id", "name", name=op.f("uq_attachment_document_id_name")),
    )
    op.create_index(op.f("ix_attachment_digest"), "attachment", ["digest"])

    op.create_table(
        "pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_pin_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin")),
        sa.UniqueConstraint("question", "document_id", name=op.f("uq_pin_question_document_id")),
    )

    # Not in a batch: SQLite adds and drops this column in place.
    op.add_column("change", sa.Column("is_public", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute(
        "UPDATE change SET is_public = true WHERE edition_id IN ("
        "SELECT edition.id FROM edition JOIN document ON document.id = edition.document_id"
        " WHERE edition.published_id IS NOT NULL AND document.audience = 'public')"
    )


def downgrade() -> None:
    op.drop_column("document", "synced_files")
    op.drop_column("change", "is_public")
    op.drop_table("pin")
    op.drop_index(op.f("ix_attachment_digest"), "attachment")

    op.drop_table("attachment")
    op.drop_table("wish")
    op.drop_table("synonym")
    op.drop_index(op.f("ix_question_day"), "question")

    op.drop_table("question")
