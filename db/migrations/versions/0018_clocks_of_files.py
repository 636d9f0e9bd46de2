"""limits of clocks of files, opening hours of stations, clocks of one checklist"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import db.store.base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_CODES = ("kind", "step", "level", "channel", "status")


def upgrade() -> None:
    op.create_table(
        "file_limit",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in _CODES),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        *_changed(),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_file_limit_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_limit")),
    )
    op.create_table(
        "station_hours",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("openings", _JSON, nullable=False),
        sa.Column("free_days", _JSON, nullable=False),
        *_changed(),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_hours_station_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_station_hours_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_hours")),
    )
    op.create_index(
        op.f("ix_station_hours_station_id_station_hours_effective_from"),
        "station_hours",
        ["station_id", "effective_from"],
    )


    column = sa.Column("checklist", sa.String(length=64), server_default="", nullable=False)
    op.add_column("clock_change", column)


def _changed() -> tuple[sa.Column, ...]:
    return (
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("for_running", sa.Boolean(), nullable=False),
        sa.Column("changed_at", db.store.base.UtcDateTime(), nullable=False),
        sa.Column("changed_by", _ID, nullable=True),
    )


def downgrade() -> None:
    with op.batch_alter_table("clock_change") as batch:
        batch.drop_column("checklist")
    op.drop_table("station_hours")
    op.drop_table("file_limit")
