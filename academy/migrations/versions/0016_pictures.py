"""pictures: what is shown of them, and what is said of them

Revision ID: 0016
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachment") as table:
        table.add_column(sa.Column("alt", sa.String(length=300), server_default="", nullable=False))
        table.add_column(sa.Column("is_decorative", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        table.add_column(sa.Column("credit", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("licence", sa.String(length=40), server_default="", nullable=False))
        table.add_column(sa.Column("picture", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("attachment") as table:
        for name in ("picture", "licence", "credit", "is_decorative", "alt"):
            table.drop_column(name)
