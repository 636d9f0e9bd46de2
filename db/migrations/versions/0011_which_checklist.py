"""which checklist an encounter names, and which is for what"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Encounters that are there name none; the shipped table stands until another is saved."""
    op.add_column("interaction", sa.Column("checklist", sa.String(length=64), nullable=True))
    op.create_table(
        "checklist_choice",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", _JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["user_account.id"], name=op.f("fk_checklist_choice_saved_by")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_checklist_choice")),
    )


def downgrade() -> None:
    op.drop_table("checklist_choice")
    op.drop_column("interaction", "checklist")
