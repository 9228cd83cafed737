"""every reference leads an index: without it, what is deleted is looked for in the whole table that may point to it

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COLUMNS = (
    ("attendance", "door_id"),
    ("certificate", "issued_by_id"),
    ("certificate", "session_id"),
    ("change", "edition_id"),
    ("comment", "author_id"),
    ("cycle_session", "venue_id"),
    ("door_link", "made_by_id"),
    ("edition", "head_id"),
    ("edition", "scheduled_id"),
    ("pin", "document_id"),
    ("review", "asked_by_id"),
    ("review", "closed_by_id"),
    ("revision", "author_id"),
    ("revision", "base_id"),
    ("session_speaker", "speaker_id"),
    ("sheet_scan", "added_by_id"),
    ("speaker", "person_id"),
    ("thread", "resolved_by_id"),
    ("topic", "parent_id"),
    ("translation", "follows_id"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        op.drop_index(f"ix_{table}_{column}", table)
