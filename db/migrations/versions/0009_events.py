"""events"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_COMPUTED = ("ranking_snapshot", "training_effect")
_BEHIND = "-1"
_IS_CURRENT = """inspection = (SELECT coalesce(max(id), 0) FROM inspection)
    AND amendment = (SELECT coalesce(max(id), 0) FROM amendment)"""
"""No event is counted yet, so what saw the newest rows is of version 0."""


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("ids", _JSON, nullable=False),
        sa.Column("details", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_table(
        "event_position",
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("last", _ID, nullable=False),
        sa.Column("total", _ID, nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_event_position")),
    )
    for table in _COMPUTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("data_version", _ID, nullable=False, server_default=_BEHIND)
            )
        computed = sa.table(table, sa.column("data_version"))
        op.execute(sa.update(computed).values(data_version=0).where(sa.text(_IS_CURRENT)))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("data_version", server_default=None)
            batch_op.drop_column("amendment")
            batch_op.drop_column("inspection")


def downgrade() -> None:
    """What was computed counts as behind, and is computed anew."""
    for table in _COMPUTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in ("inspection", "amendment"):
                batch_op.add_column(
                    sa.Column(name, sa.Integer(), nullable=False, server_default=_BEHIND)
                )
            batch_op.drop_column("data_version")
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in ("inspection", "amendment"):
                batch_op.alter_column(name, server_default=None)
    op.drop_table("event_position")
    op.drop_table("event")
