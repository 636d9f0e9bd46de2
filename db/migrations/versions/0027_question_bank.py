"""question bank, time limits and certificates of exams"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "exam_question",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("course_id", _ID, nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("question", _JSON, nullable=False),
        sa.Column("options", _JSON, nullable=False),
        sa.Column("right", _JSON, nullable=False),
        sa.Column("why", _JSON, nullable=False),
        sa.Column("picture", sa.String(length=32), nullable=True),
        sa.Column("member_id", _ID, nullable=True),
        sa.Column("first_turn", sa.Integer(), nullable=True),
        sa.Column("last_turn", sa.Integer(), nullable=True),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("written_by", _ID, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["training_course.id"], name=op.f("fk_exam_question_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["case_set_member.id"],
            name=op.f("fk_exam_question_member_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_exam_question_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_question")),
    )
    for column in ("course_id", "picture", "member_id"):
        op.create_index(op.f(f"ix_exam_question_{column}"), "exam_question", [column])
    op.create_table(
        "exam_arrangement",
        sa.Column("course_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["training_course.id"], name=op.f("fk_exam_arrangement_course_id")
        ),
        sa.PrimaryKeyConstraint(
            "course_id", "kind", "subject", "level", name=op.f("pk_exam_arrangement")
        ),
    )
    with op.batch_alter_table("training_course") as batch:
        batch.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("training_course") as batch:
        batch.alter_column("version", server_default=None, existing_type=sa.Integer())
    with op.batch_alter_table("exam_attempt") as batch:
        batch.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "training_certificate",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("attempt_id", _ID, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("passed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["exam_attempt.id"], name=op.f("fk_training_certificate_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_certificate")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_training_certificate_attempt_id")),
    )


def downgrade() -> None:
    op.drop_table("training_certificate")
    with op.batch_alter_table("exam_attempt") as batch:
        batch.drop_column("closes_at")
    with op.batch_alter_table("training_course") as batch:
        batch.drop_column("version")
        batch.drop_column("minutes")
    op.drop_table("exam_arrangement")
    op.drop_table("exam_question")
