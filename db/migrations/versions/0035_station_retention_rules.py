"""times of keeping of a station and all below it"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "station_retention_rule",
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["station.id"],
            name=op.f("fk_station_retention_rule_station_id"),
        ),
        sa.PrimaryKeyConstraint("station_id", "kind", name=op.f("pk_station_retention_rule")),
    )


def downgrade() -> None:
    op.drop_table("station_retention_rule")
