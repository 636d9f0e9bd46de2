"""trend notes"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "trend_note",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("station_id", _ID, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", _ID, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_trend_note_station_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_trend_note_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_note")),
    )
    op.create_index(op.f("ix_trend_note_day"), "trend_note", ["day"])
    op.create_index(op.f("ix_trend_note_station_id"), "trend_note", ["station_id"])


def downgrade() -> None:
    op.drop_table("trend_note")
