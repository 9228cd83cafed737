"""access and quotas: who may enrol, offers with a deadline, requests, seats kept for kinds of organisations

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LIVE = sa.text("status <> 'cancelled'")
_KINDS = ("company", "public_body", "association", "education")


def _among(table: str, name: str, column: str, values: tuple[str, ...]) -> str:
    known = ", ".join(f"'{value}'" for value in values)
    return f"CONSTRAINT ck_{table}_{name} CHECK ({column} IN ({known}))"


# A check that belongs to its column: SQLite adds and drops both in place, where a rebuilt table would lose the others.
_COLUMNS = {
    "cycle_session": {
        "access": f"VARCHAR(20) DEFAULT 'open' NOT NULL {_among('cycle_session', 'access', 'access', ('open', 'members', 'invitation'))}",
        "needs_approval": "BOOLEAN DEFAULT false NOT NULL",
        "offer_hours": "INTEGER CONSTRAINT ck_cycle_session_offer_hours_are_some CHECK (offer_hours > 0)",
        **{
            f"quota_{kind}": f"INTEGER CONSTRAINT ck_cycle_session_quota_{kind}_is_not_negative CHECK (quota_{kind} >= 0)"
            for kind in _KINDS
        },
    },
    "person": {
        "organisation": "VARCHAR(160) DEFAULT '' NOT NULL",
        "organisation_kind": f"VARCHAR(20) {_among('person', 'organisationkind', 'organisation_kind', _KINDS)}",
        "is_member": "BOOLEAN DEFAULT false NOT NULL",
    },
    "enrolment": {
        "ending": f"VARCHAR(20) {_among('enrolment', 'ending', 'ending', ('refused', 'declined', 'expired'))}",
        "reason": "VARCHAR(1000) DEFAULT '' NOT NULL",
        "organisation_kind": f"VARCHAR(20) {_among('enrolment', 'organisationkind', 'organisation_kind', _KINDS)}",
    },
}
_STATUSES = ("waiting", "confirmed", "cancelled")
_PURPOSES = ("sign_in", "enrol")


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cycle_session.id"], name=op.f("fk_invitation_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("session_id", "email", name=op.f("uq_invitation_session_id_email")),
    )
    _widen(("requested", "waiting", "offered", "confirmed", "cancelled"), ("sign_in", "enrol", "offer"))
    op.add_column("enrolment", sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_enrolment_offered_until", "enrolment", ["offered_until"])
    for table, columns in _COLUMNS.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


def downgrade() -> None:
    """Who was promised or asked for a seat waits for one again; links to offers go."""
    for table, columns in _COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
    op.drop_index("ix_enrolment_offered_until", table_name="enrolment")
    op.drop_column("enrolment", "offered_until")
    op.execute("UPDATE enrolment SET status = 'waiting' WHERE status IN ('requested', 'offered')")
    op.execute("DELETE FROM ticket WHERE purpose = 'offer'")
    _widen(_STATUSES, _PURPOSES)
    op.drop_table("invitation")


def _widen(statuses: tuple[str, ...], purposes: tuple[str, ...]) -> None:
    """Let the two columns hold these words. The rebuilt table of SQLite has lost its only check, and gets this one."""
    op.drop_index("uq_enrolment_live", table_name="enrolment")
    _check("enrolment", "enrolmentstatus", sa.column("status").in_(statuses))
    op.create_index(
        "uq_enrolment_live",
        "enrolment",
        ["session_id", "person_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    _check("ticket", "purpose", sa.column("purpose").in_(purposes))


def _check(table: str, name: str, rule: sa.ColumnElement[bool]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
        return
    with op.batch_alter_table(table, recreate="always") as batch:
        batch.create_check_constraint(batch.f(f"ck_{table}_{name}"), rule)
