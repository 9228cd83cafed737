"""questions: what organisers ask of who enrols, and the answers

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KINDS = ("short", "long", "choice", "choices", "consent")


def upgrade() -> None:
    op.create_table(
        "enrolment_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="questionkind", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("label_fr", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), server_default="", nullable=False),
        sa.Column("help_fr", sa.String(length=500), server_default="", nullable=False),
        sa.Column("help_en", sa.String(length=500), server_default="", nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(cycle_id is null) <> (session_id is null)", name=op.f("ck_enrolment_question_of_a_cycle_or_a_session")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_enrolment_question_cycle_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cycle_session.id"], name=op.f("fk_enrolment_question_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_question")),
    )
    op.create_index("ix_enrolment_question_cycle_id", "enrolment_question", ["cycle_id"])
    op.create_index("ix_enrolment_question_session_id", "enrolment_question", ["session_id"])
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("picked", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_answer_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["question_id"], ["enrolment_question.id"], name=op.f("fk_answer_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("enrolment_id", "question_id", name=op.f("uq_answer_enrolment_id_question_id")),
    )
    op.create_index("ix_answer_question_id", "answer", ["question_id"])
    op.create_table(
        "pending_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_answers")),
    )
    op.create_index("ix_pending_answers_created_at", "pending_answers", ["created_at"])


def downgrade() -> None:
    op.drop_table("pending_answers")
    op.drop_table("answer")
    op.drop_table("enrolment_question")
