"""open forms"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "open_form",
        sa.Column("user_id", _ID, nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.Column("choices", _JSON, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_open_form_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "form", name=op.f("pk_open_form")),
    )


def downgrade() -> None:
    op.drop_table("open_form")
