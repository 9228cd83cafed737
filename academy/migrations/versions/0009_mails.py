"""mails: reminders, words of organisers, refused addresses, secret calendars, links of virtual rooms

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = ("reminder_week", "reminder_day", "reminder_hour", "session_after")


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="reminderkind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_reminder_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("enrolment_id", "kind", "due_at", name=op.f("uq_reminder_enrolment_id_kind_due_at")),
    )
    op.create_table(
        "mail_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text")),
        sa.UniqueConstraint("topic", "language", name=op.f("uq_mail_text_topic_language")),
    )
    op.create_table(
        "personal_agenda",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personal_agenda_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_personal_agenda")),
        sa.UniqueConstraint("token", name=op.f("uq_personal_agenda_token")),
    )
    # In place: a table that SQLite rebuilds makes checks of its own out of those of its columns, and 0008 could not go.
    op.add_column("cycle_session", sa.Column("video_url", sa.String(length=500), server_default="", nullable=False))
    op.add_column(
        "cycle_session", sa.Column("has_reminders", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("person", sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("bounce_reason", sa.String(length=300), server_default="", nullable=False))
    op.add_column("sent_mail", sa.Column("refused", sa.String(length=300), server_default="", nullable=False))
    op.create_index("ix_sent_mail_to", "sent_mail", ["to"])


def downgrade() -> None:
    op.drop_index("ix_sent_mail_to", table_name="sent_mail")
    for table, columns in (
        ("sent_mail", ["refused"]),
        ("person", ["bounce_reason", "bounced_at"]),
        ("cycle_session", ["has_reminders", "video_url"]),
    ):
        for column in columns:
            op.drop_column(table, column)
    op.drop_table("personal_agenda")
    op.drop_table("mail_text")
    op.drop_table("reminder")
