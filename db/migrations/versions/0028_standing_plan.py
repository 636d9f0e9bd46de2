"""standing plan"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("sampling_plan") as batch:
        batch.add_column(
            sa.Column("kind", sa.String(length=64), server_default="by_hand", nullable=False)
        )
        batch.add_column(sa.Column("day", sa.Date(), nullable=True))
        batch.alter_column("drawn_by", existing_type=_ID, nullable=True)
    plan = sa.table("sampling_plan", sa.column("day", sa.Date), sa.column("drawn_at", sa.DateTime))
    op.execute(plan.update().values(day=sa.func.date(plan.c.drawn_at)))
    with op.batch_alter_table("sampling_plan") as batch:
        batch.alter_column("kind", server_default=None, existing_type=sa.String(64))
        batch.alter_column("day", existing_type=sa.Date(), nullable=False)
    op.create_table(
        "standing_plan",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settings", _JSON, nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["user_account.id"], name=op.f("fk_standing_plan_saved_by")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_standing_plan")),
    )
    op.create_table(
        "inspector_absence",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_inspector_absence_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["user_account.id"], name=op.f("fk_inspector_absence_noted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_absence")),
    )
    op.create_index(op.f("ix_inspector_absence_last_day"), "inspector_absence", ["last_day"])
    op.create_table(
        "draw_chance",
        sa.Column("interaction_id", _ID, autoincrement=False, nullable=False),
        sa.Column("plan_id", _ID, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("drawn_in", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
            name=op.f("fk_draw_chance_interaction_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["sampling_plan.id"], name=op.f("fk_draw_chance_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_draw_chance_station_id")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_in"], ["sampling_plan.id"], name=op.f("fk_draw_chance_drawn_in")
        ),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_draw_chance")),
    )
    op.create_index(op.f("ix_draw_chance_drawn_in"), "draw_chance", ["drawn_in"])
    op.create_index(
        "ix_draw_chance_cell",
        "draw_chance",
        ["month", "person", "station_id", "channel"],
    )


def downgrade() -> None:
    op.drop_table("draw_chance")
    op.drop_table("inspector_absence")
    op.drop_table("standing_plan")
    with op.batch_alter_table("sampling_plan") as batch:
        batch.alter_column("drawn_by", existing_type=_ID, nullable=False)
        batch.drop_column("day")
        batch.drop_column("kind")
