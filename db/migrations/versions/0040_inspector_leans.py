"""inspector leans"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "inspector_lean",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(length=64), nullable=False),
        sa.Column("facet_value", sa.String(length=64), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("own_others", sa.Integer(), nullable=False),
        sa.Column("colleagues", sa.Integer(), nullable=False),
        sa.Column("theirs", sa.Integer(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_inspector_lean_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspector_lean")),
        sa.UniqueConstraint(
            *("user_id", "month", "facet", "facet_value"),
            name=op.f("uq_inspector_lean_user_id_month_facet_facet_value"),
        ),
    )


def downgrade() -> None:
    op.drop_table("inspector_lean")
