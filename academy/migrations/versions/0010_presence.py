"""presence: who was there in which half-day, the code of the room, the links of the door, the signatures

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room_code",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["cycle_session.id"], name=op.f("fk_room_code_session_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_room_code")),
    )
    op.create_table(
        "door_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_door_link_made_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["cycle_session.id"], name=op.f("fk_door_link_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_door_link_token_hash")),
    )
    op.create_index(op.f("ix_door_link_session_id"), "door_link", ["session_id"])
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "half",
            sa.Enum("morning", "afternoon", name="half", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("room", "door", "team", name="way", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("door_id", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["door_id"], ["door_link.id"], name=op.f("fk_attendance_door_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["cycle_session.id"], name=op.f("fk_attendance_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "session_id", "day", "half", "person_id", name=op.f("uq_attendance_session_id_day_half_person_id")
        ),
    )
    op.create_index(op.f("ix_attendance_person_id"), "attendance", ["person_id"])
    op.create_table(
        "roll_tap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["cycle_session.id"], name=op.f("fk_roll_tap_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_tap")),
        sa.UniqueConstraint("session_id", "nonce", name=op.f("uq_roll_tap_session_id_nonce")),
    )

    op.create_table(
        "sheet_head",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["cycle_session.id"], name=op.f("fk_sheet_head_session_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_sheet_head")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "signer",
            sa.Enum("participant", "trainer", name="signer", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "half",
            sa.Enum("morning", "afternoon", name="half", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("typed", sa.String(length=120), nullable=False),
        sa.Column("drawing", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["cycle_session.id"], name=op.f("fk_signature_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_signature_session_id_number")),
        sa.UniqueConstraint("session_id", "person_id", "day", "half", "signer", name="uq_signature_once"),
    )
    op.create_index(op.f("ix_signature_person_id"), "signature", ["person_id"])


def downgrade() -> None:
    for table in ("signature", "sheet_head", "roll_tap", "attendance", "door_link", "room_code"):
        op.drop_table(table)
