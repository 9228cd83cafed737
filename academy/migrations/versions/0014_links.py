"""ways between texts, old addresses, and what a translation follows

Revision ID: 0014
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("anchor", sa.String(length=90), nullable=False),
        sa.Column("lent", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind in ('link', 'title', 'include')", name=op.f("ck_text_link_kind_is_known")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_text_link_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_link")),
        sa.UniqueConstraint(
            "edition_id", "kind", "target", "anchor", name=op.f("uq_text_link_edition_id_kind_target_anchor")
        ),
    )
    op.create_index(op.f("ix_text_link_target"), "text_link", ["target"])
    op.create_table(
        "old_address",
        sa.Column("address", sa.String(length=260), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_old_address_document_id")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_old_address")),
    )
    op.create_index(op.f("ix_old_address_document_id"), "old_address", ["document_id"])
    op.create_table(
        "translation",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_translation_edition_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["revision.id"], name=op.f("fk_translation_follows_id")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_translation")),
    )
    # Not in a batch: SQLite adds and drops this column in place, and a copied table would lose its checks.
    op.add_column("document", sa.Column("synced_path", sa.String(length=200), nullable=True))
    _know_what_is_synced()
    _know_what_follows()


def downgrade() -> None:
    op.drop_column("document", "synced_path")
    op.drop_table("translation")
    op.drop_table("old_address")
    op.drop_table("text_link")


def _know_what_is_synced() -> None:
    """Until now a text moved with its file only: what was exchanged once stands where it was exchanged."""
    op.execute(
        "UPDATE document SET synced_path = path "
        "WHERE id IN (SELECT document_id FROM edition WHERE synced_hash IS NOT NULL)"
    )


def _know_what_follows() -> None:
    """Nothing is known of how far translations follow: what is published today counts as the same."""
    op.execute(
        "INSERT INTO translation (edition_id, follows_id, noted_at) "
        "SELECT edition.id, twin.published_id, twin.updated_at FROM edition "
        "JOIN edition AS twin ON twin.document_id = edition.document_id AND twin.language <> edition.language "
        "WHERE edition.published_id IS NOT NULL AND twin.published_id IS NOT NULL AND twin.updated_at IS NOT NULL"
    )
