"""certificates, scans of signed sheets, and the personal pass of a place

Revision ID: 0012
Revises: 0011
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "attendance",
                "completion",
                "realisation",
                name="certificatekind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=28), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_certificate_issued_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["cycle_session.id"], name=op.f("fk_certificate_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
    )
    op.create_index(op.f("ix_certificate_person_id"), "certificate", ["person_id"])
    op.create_index(op.f("ix_certificate_issued_at"), "certificate", ["issued_at"])
    op.create_index(
        "uq_certificate_live",
        "certificate",
        ["session_id", "person_id", "kind"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "sheet_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_sheet_scan_added_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["cycle_session.id"], name=op.f("fk_sheet_scan_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_scan")),
        sa.UniqueConstraint("session_id", "digest", name=op.f("uq_sheet_scan_session_id_digest")),
    )
    op.create_index(op.f("ix_sheet_scan_digest"), "sheet_scan", ["digest"])
    op.add_column("enrolment", sa.Column("pass_token", sa.String(length=40), server_default="", nullable=False))
    _give_passes()
    op.create_index(op.f("ix_enrolment_pass_token"), "enrolment", ["pass_token"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_enrolment_pass_token"), "enrolment")
    op.drop_column("enrolment", "pass_token")
    op.drop_table("sheet_scan")
    op.drop_table("certificate")


def _give_passes() -> None:
    """One to each place that exists."""
    enrolment = sa.table("enrolment", sa.column("id", sa.Integer), sa.column("pass_token", sa.String))
    connection = op.get_bind()
    rows = connection.execute(sa.select(enrolment.c.id)).scalars().all()
    passes = [{"row": number, "token": secrets.token_urlsafe(20)} for number in rows]
    if passes:
        change = sa.update(enrolment).where(enrolment.c.id == sa.bindparam("row"))
        connection.execute(change.values(pass_token=sa.bindparam("token")), passes)
