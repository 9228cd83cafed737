"""alerts: searches followed by mail; the territory and the stakeholders of texts

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite adds and drops these columns in place.
    for name in ("territories", "stakeholders"):
        op.add_column("edition", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    for name in ("stakeholders", "territories"):
        op.drop_column("edition", name)
