"""drafts of every kind of task in one table"""

import sqlalchemy as sa
from alembic import op

import db.store.base

revision = '0005'
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_TAKE = """
INSERT INTO draft
    (kind, task_id, version, answers, evidence, note, started_at, saved_at, active_seconds)
SELECT 'practice_task', id, version, answers, evidence, note, coalesce(opened_at, saved_at), saved_at,
    active_seconds
FROM practice_task WHERE state = 'open' AND version > 0"""
_EMPTY = """
UPDATE practice_task SET answers = '{}', evidence = '[]', note = '', active_seconds = 0
WHERE state = 'open'"""
_GIVE_BACK = """
UPDATE practice_task SET (version, answers, evidence, note, active_seconds, saved_at) = (
    SELECT version, answers, evidence, note, active_seconds, saved_at FROM draft
    WHERE kind = 'practice_task' AND task_id = practice_task.id
)
WHERE id IN (SELECT task_id FROM draft WHERE kind = 'practice_task')"""


def upgrade() -> None:
    with op.batch_alter_table('draft') as batch:
        batch.add_column(
            sa.Column('kind', sa.String(64), nullable=False, server_default='assignment')
        )
        batch.drop_constraint('fk_draft_assignment_id', type_='foreignkey')
        batch.drop_constraint('pk_draft', type_='primary')
        batch.alter_column('assignment_id', new_column_name='task_id', existing_type=_ID)
    with op.batch_alter_table('draft') as batch:
        batch.create_primary_key('pk_draft', ['kind', 'task_id'])
        batch.alter_column('kind', server_default=None, existing_type=sa.String(64))
    op.execute(_TAKE)
    op.execute(_EMPTY)
    with op.batch_alter_table('practice_task') as batch:
        batch.drop_column('version')
        batch.drop_column('saved_at')


def downgrade() -> None:
    with op.batch_alter_table('practice_task') as batch:
        batch.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('saved_at', db.store.base.UtcDateTime(), nullable=True))
    with op.batch_alter_table('practice_task') as batch:
        batch.alter_column('version', server_default=None, existing_type=sa.Integer())
    op.execute(_GIVE_BACK)
    op.execute("DELETE FROM draft WHERE kind <> 'assignment'")
    with op.batch_alter_table('draft') as batch:
        batch.drop_constraint('pk_draft', type_='primary')
        batch.drop_column('kind')
        batch.alter_column('task_id', new_column_name='assignment_id', existing_type=_ID)
    with op.batch_alter_table('draft') as batch:
        batch.create_primary_key('pk_draft', ['assignment_id'])
        batch.create_foreign_key(
            'fk_draft_assignment_id', 'assignment', ['assignment_id'], ['id']
        )
