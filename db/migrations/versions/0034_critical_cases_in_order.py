"""critical cases in the order of scores, with their months; languages of inspections"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_inspection_critical",
        "inspection",
        ["state", "purpose", "score", "id", "month", "critical"],
        sqlite_where=sa.text("critical IS 1"),
        postgresql_where=sa.text("critical IS TRUE"),
    )
    op.create_index(op.f("ix_inspection_language"), "inspection", ["language"])


def downgrade() -> None:
    op.drop_index(op.f("ix_inspection_language"), table_name="inspection")
    op.drop_index("ix_inspection_critical", table_name="inspection")
