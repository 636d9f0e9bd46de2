"""note when the key n came to mean No in the pad"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = "0003"
branch_labels = None
depends_on = None

_META = sa.table('meta', sa.column('key', sa.String), sa.column('value', sa.String))
_KEY = 'n_is_no_since'


def upgrade() -> None:
    op.execute(_META.insert().values(key=_KEY, value=datetime.now(UTC).isoformat()))


def downgrade() -> None:
    op.execute(_META.delete().where(_META.c.key == _KEY))
