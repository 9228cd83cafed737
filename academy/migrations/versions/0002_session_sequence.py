"""session sequence: calendars learn from it that a session moved or was called off

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite adds and drops these columns in place, and a copied table would lose its checks.
    op.add_column("cycle_session", sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("cycle_session", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("cycle_session", "changed_at")
    op.drop_column("cycle_session", "sequence")
