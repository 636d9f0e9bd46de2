"""replies to customers"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("file_event", sa.Column("reply", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("file_event", "reply")
