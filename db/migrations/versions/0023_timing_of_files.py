"""how files count in figures"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_OUTCOMES = ("answered", "handled", "told")
_MOMENTS = ("answer_due_at", "handling_due_at", "telling_due_at", "worked_until")


def upgrade() -> None:
    op.add_column("file", sa.Column("weekday_hour", sa.Integer(), nullable=True))
    for name in _OUTCOMES:
        op.add_column("file", sa.Column(name, sa.String(16), nullable=True))
    for name in _MOMENTS:
        op.add_column("file", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("file", sa.Column("is_handled", sa.Boolean(), nullable=True))


def downgrade() -> None:
    for name in ("is_handled", *reversed(_MOMENTS), *reversed(_OUTCOMES), "weekday_hour"):
        op.drop_column("file", name)
