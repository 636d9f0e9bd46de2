"""targets of stations"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "station_target",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("checklist_id", _ID, nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", _ID, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_station_target_{column}")
            )
            for column, table in (
                ("station_id", "station"),
                ("checklist_id", "checklist"),
                ("changed_by", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_target")),
    )
    op.create_index(
        op.f("ix_station_target_checklist_id_station_target_effective_from"),
        "station_target",
        ["checklist_id", "effective_from"],
    )


def downgrade() -> None:
    op.drop_table("station_target")
