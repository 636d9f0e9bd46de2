"""measures that somebody else computed"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OF_COMPANY = sa.text("station_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "given_measure",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("measure", sa.String(64), nullable=False),
        sa.Column("station_id", _ID, nullable=True),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_given_measure_station_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_measure")),
    )
    op.create_index(
        "uq_given_measure_of_station",
        "given_measure",
        ["station_id", "measure", "first", "last", "source"],
        unique=True,
    )
    op.create_index(
        "uq_given_measure_of_company",
        "given_measure",
        ["measure", "first", "last", "source"],
        unique=True,
        sqlite_where=_OF_COMPANY,
        postgresql_where=_OF_COMPANY,
    )


def downgrade() -> None:
    op.drop_table("given_measure")
