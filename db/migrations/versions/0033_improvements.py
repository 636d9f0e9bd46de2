"""actions that are to improve something"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_PEOPLE = ("owner_id", "proposed_by", "agreed_by")


def upgrade() -> None:
    op.create_table(
        "improvement",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("subject_key", sa.String(64), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(64), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("finding_first", sa.Integer(), nullable=False),
        sa.Column("finding_last", sa.Integer(), nullable=False),
        sa.Column("before_first", sa.Integer(), nullable=False),
        sa.Column("before_last", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("lasts", sa.Integer(), nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("proposed_by", _ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", _ID, nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("effect", _JSON, nullable=True),
        sa.Column("verdict", sa.String(16), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(64), nullable=False),
        sa.Column("follows_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_improvement_station_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_improvement_{column}")
            )
            for column in _PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["improvement.id"], name=op.f("fk_improvement_follows_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement")),
    )
    op.create_index(op.f("ix_improvement_station_id"), "improvement", ["station_id"])
    op.create_index(op.f("ix_improvement_owner_id"), "improvement", ["owner_id"])
    op.create_index(
        op.f("ix_improvement_state_improvement_next_on_improvement_id"), "improvement", ["state", "next_on", "id"]
    )
    op.create_index(
        op.f("ix_improvement_state_improvement_ended_at_improvement_id"), "improvement", ["state", "ended_at", "id"]
    )
    op.create_index(
        op.f("ix_improvement_subject_improvement_subject_key"), "improvement", ["subject", "subject_key"]
    )
    op.create_table(
        "improvement_station",
        sa.Column("improvement_id", _ID, nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("is_control", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["improvement_id"],
            ["improvement.id"],
            name=op.f("fk_improvement_station_improvement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_improvement_station_station_id")
        ),
        sa.PrimaryKeyConstraint(
            "improvement_id", "station_id", name=op.f("pk_improvement_station")
        ),
    )
    op.create_index(
        op.f("ix_improvement_station_station_id"), "improvement_station", ["station_id"]
    )


def downgrade() -> None:
    op.drop_table("improvement_station")
    op.drop_table("improvement")
