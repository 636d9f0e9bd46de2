"""notices"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NOTICES = """INSERT INTO notice (user_id, kind, record_id, deed, at, seen_at)
    SELECT user_id, 'appeal', id,
        CASE WHEN state = 'closed' THEN 'close_appeal' ELSE 'decide_appeal' END,
        coalesce(ended_at, raised_at), seen_at
    FROM appeal WHERE state IN ('kept', 'changed', 'closed') ORDER BY id"""
_SEEN = """UPDATE appeal SET seen_at =
    (SELECT max(seen_at) FROM notice WHERE kind = 'appeal' AND record_id = appeal.id)"""


def upgrade() -> None:
    """The end of an appeal that the person has not read of is a notice from now on."""
    op.create_table(
        "notice",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("record_id", _ID, nullable=False),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(
        op.f("ix_notice_user_id_notice_kind_notice_record_id"),
        "notice",
        ["user_id", "kind", "record_id"],
    )
    op.execute(_NOTICES)
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_column("seen_at")


def downgrade() -> None:
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_SEEN)
    op.drop_table("notice")
