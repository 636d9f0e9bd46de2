"""limits of clocks from a day on"""

import sqlalchemy as sa
from alembic import op

import db.store.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'clock_change',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('item_id', sa.String(length=64), nullable=False),
        sa.Column('status', sa.String(length=64), nullable=False),
        sa.Column('limit_minutes', sa.Double(), nullable=True),
        sa.Column('effective_from', sa.Date(), nullable=False),
        sa.Column('changed_at', db.store.base.UtcDateTime(), nullable=False),
        sa.Column('changed_by', _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ['changed_by'], ['user_account.id'], name=op.f('fk_clock_change_changed_by')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_change')),
    )
    op.create_index(
        op.f('ix_clock_change_item_id_clock_change_effective_from'),
        'clock_change',
        ['item_id', 'effective_from'],
    )


def downgrade() -> None:
    op.drop_table('clock_change')
