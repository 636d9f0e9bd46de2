"""the key of the database"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('database_key',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('key_id', sa.String(length=16), nullable=False),
    sa.Column('next_id', sa.String(length=16), nullable=True),
    sa.CheckConstraint('id = 1', name=op.f('ck_database_key_only_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_database_key'))
    )


def downgrade() -> None:
    op.drop_table('database_key')
