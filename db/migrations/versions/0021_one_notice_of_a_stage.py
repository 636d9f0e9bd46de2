"""one notice of a stage"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_OF_FILES = sa.text("kind = 'file'")


def upgrade() -> None:
    notice = sa.table("notice", *(sa.column(c) for c in ("id", "user_id", "kind", "record_id", "deed")))
    of_files = notice.c.kind == "file"
    told = sa.select(sa.func.min(notice.c.id)).where(of_files)
    first = told.group_by(notice.c.record_id, notice.c.deed, notice.c.user_id)
    op.execute(notice.delete().where(of_files, notice.c.id.not_in(first)))
    op.create_index(
        "uq_notice_stage",
        "notice",
        ["record_id", "deed", "user_id"],
        unique=True,
        sqlite_where=_OF_FILES,
        postgresql_where=_OF_FILES,
    )


def downgrade() -> None:
    op.drop_index("uq_notice_stage", "notice")
