"""hidden revisions: an earlier public version that readers may no longer see, and why

Revision ID: 0007
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite adds and drops these columns in place.
    op.add_column("revision", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("revision", sa.Column("hidden_reason", sa.String(length=20), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("revision", "hidden_reason")
    op.drop_column("revision", "hidden_at")
