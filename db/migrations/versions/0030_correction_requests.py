"""correction requests"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "correction_request",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("inspection_id", _ID, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_correction_request_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_correction_request_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_request")),
    )
    op.create_index(
        op.f("ix_correction_request_inspection_id"), "correction_request", ["inspection_id"]
    )
    op.create_index(op.f("ix_correction_request_user_id"), "correction_request", ["user_id"])
    op.create_index(
        "ix_correction_request_waiting", "correction_request", ["state", "due_on", "id"]
    )
    op.create_index(
        "uq_correction_request_open",
        "correction_request",
        ["inspection_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("correction_request")
