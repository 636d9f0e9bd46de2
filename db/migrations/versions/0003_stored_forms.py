"""stored forms"""

import sqlalchemy as sa
from alembic import op

import db.store.base

revision = '0003'
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stored_form',
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stored_at', db.store.base.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_stored_form_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'token', name=op.f('pk_stored_form'))
    )


def downgrade() -> None:
    op.drop_table('stored_form')
