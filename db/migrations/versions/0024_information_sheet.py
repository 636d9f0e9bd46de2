"""information sheet"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_account(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], ["user_account.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "information_sheet",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("texts", _JSON, nullable=False),
        sa.Column("asks_again", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", _ID, nullable=False),
        _of_account("information_sheet", "issued_by"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_information_sheet")),
    )
    op.create_table(
        "sheet_reading",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        _of_account("sheet_reading", "user_id"),
        sa.PrimaryKeyConstraint("user_id", "number", name=op.f("pk_sheet_reading")),
    )


def downgrade() -> None:
    op.drop_table("sheet_reading")
    op.drop_table("information_sheet")
