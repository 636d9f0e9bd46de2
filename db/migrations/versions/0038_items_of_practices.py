"""the items that a practice asks"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("practice_round") as batch:
        batch.add_column(sa.Column("items", _JSON, server_default="[]", nullable=False))
    with op.batch_alter_table("practice_round") as batch:
        batch.alter_column("items", server_default=None, existing_type=_JSON)


def downgrade() -> None:
    with op.batch_alter_table("practice_round") as batch:
        batch.drop_column("items")
