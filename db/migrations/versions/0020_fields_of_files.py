"""fields of files"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CODES = ("cause", "finding", "emotion", "solution")


def upgrade() -> None:
    op.create_table(
        "file_accountability",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("file_id", _ID, nullable=False),
        sa.Column("staff_id", _ID, nullable=True),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("decided_by", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_file_accountability_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_file_accountability_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_file_accountability_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_accountability")),
    )
    for column in ("file_id", "staff_id"):
        op.create_index(
            op.f(f"ix_file_accountability_{column}"), "file_accountability", [column]
        )
    with op.batch_alter_table("file") as batch:
        batch.add_column(sa.Column("contact", sa.Text(), server_default="", nullable=False))
        for code in _CODES:
            batch.add_column(
                sa.Column(code, sa.String(length=64), server_default="", nullable=False)
            )
        batch.add_column(sa.Column("compensation", sa.Double(), nullable=True))
        batch.add_column(sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("deputy_id", _ID, nullable=True))
        batch.add_column(sa.Column("duplicate_of", _ID, nullable=True))
        batch.create_foreign_key(
            op.f("fk_file_deputy_id"), "user_account", ["deputy_id"], ["id"]
        )
        batch.create_foreign_key(op.f("fk_file_duplicate_of"), "file", ["duplicate_of"], ["id"])
        batch.create_index(op.f("ix_file_duplicate_of"), ["duplicate_of"])
        batch.drop_index(op.f("ix_file_received_at"))
        batch.create_index(op.f("ix_file_received_at_file_id"), ["received_at", "id"])
        batch.create_index(
            op.f("ix_file_station_id_file_received_at"), ["station_id", "received_at"]
        )
    with op.batch_alter_table("file") as batch:
        batch.alter_column("contact", server_default=None, existing_type=sa.Text())
        for code in _CODES:
            batch.alter_column(code, server_default=None, existing_type=sa.String(64))
    op.create_index(op.f("ix_file_event_owner_id"), "file_event", ["owner_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_file_event_owner_id"), "file_event")
    with op.batch_alter_table("file") as batch:
        batch.drop_index(op.f("ix_file_station_id_file_received_at"))
        batch.drop_index(op.f("ix_file_received_at_file_id"))
        batch.create_index(op.f("ix_file_received_at"), ["received_at"])
        batch.drop_index(op.f("ix_file_duplicate_of"))
        batch.drop_constraint(op.f("fk_file_duplicate_of"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_file_deputy_id"), type_="foreignkey")
        for column in ("duplicate_of", "deputy_id", "promised_at", "compensation"):
            batch.drop_column(column)
        for column in (*_CODES, "contact"):
            batch.drop_column(column)
    op.drop_table("file_accountability")
