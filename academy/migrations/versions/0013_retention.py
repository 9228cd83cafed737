"""what is kept of old enrolments and of co-financed sessions; the seats of venues

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from academy.rendering import frontmatter

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "cycle_session", sa.Column("is_cofinanced", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("venue", sa.Column("capacity", sa.Integer(), nullable=True))
    _read_seats()
    _let_be_nobodys(True)


def downgrade() -> None:
    """The places that are nobody's any more go."""
    nobodys = "SELECT id FROM enrolment WHERE person_id IS NULL"
    for table in ("answer", "reminder"):
        op.execute(f"DELETE FROM {table} WHERE enrolment_id IN ({nobodys})")  # noqa: S608 -- two names of ours
    op.execute("DELETE FROM enrolment WHERE person_id IS NULL")
    _let_be_nobodys(False)
    op.drop_column("venue", "capacity")
    op.drop_column("cycle_session", "is_cofinanced")


def _read_seats() -> None:
    """Take the seats from the list of venues that was last loaded: until now they stood nowhere else."""
    connection = op.get_bind()
    source = connection.scalar(sa.text("SELECT source FROM content_file WHERE path = 'venues.yml'"))
    for row in frontmatter.load_list(source) if source else []:
        if (seats := row.get("capacity", "").strip()).isdecimal():
            change = sa.text("UPDATE venue SET capacity = :seats WHERE slug = :slug")
            connection.execute(change, {"seats": int(seats), "slug": row["slug"].strip()})


def _let_be_nobodys(may: bool) -> None:
    """Allow an enrolment without a person, or no longer."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("enrolment", "person_id", nullable=may)
        return
    # SQLite: as its manual says, a new table in the words of the old one. Alembic's own copy would lose the checks.
    connection = op.get_bind()
    master = "SELECT sql FROM sqlite_master WHERE tbl_name = 'enrolment' AND type = :type AND sql IS NOT NULL"
    told = connection.scalar(sa.text(master), {"type": "table"})
    indexes = connection.scalars(sa.text(master), {"type": "index"}).all()
    was, now = ("person_id INTEGER NOT NULL", "person_id INTEGER")[:: 1 if may else -1]
    _head, columns = told.replace(was, now).split("(", 1)
    op.execute(f"CREATE TABLE enrolment_anew ({columns}")
    op.execute("INSERT INTO enrolment_anew SELECT * FROM enrolment")
    op.execute("DROP TABLE enrolment")
    op.execute("ALTER TABLE enrolment_anew RENAME TO enrolment")
    for index in indexes:
        op.execute(index)
