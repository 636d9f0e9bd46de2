"""encounters of closed files"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("interaction", sa.Column("must_inspect", sa.Boolean(), nullable=True))
    with op.batch_alter_table("file") as batch:
        batch.add_column(sa.Column("interaction_id", _ID, nullable=True))
        batch.create_foreign_key(
            op.f("fk_file_interaction_id"), "interaction", ["interaction_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_file_interaction_id"), ["interaction_id"])


def downgrade() -> None:
    with op.batch_alter_table("file") as batch:
        batch.drop_constraint(op.f("uq_file_interaction_id"), type_="unique")
        batch.drop_constraint(op.f("fk_file_interaction_id"), type_="foreignkey")
        batch.drop_column("interaction_id")
    op.drop_column("interaction", "must_inspect")
