"""which versions of a text saved themselves, and since when without a stop

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("revision") as table:
        table.add_column(sa.Column("run_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_revision_run_at", ["run_at"])


def downgrade() -> None:
    with op.batch_alter_table("revision") as table:
        table.drop_index("ix_revision_run_at")
        table.drop_column("run_at")
