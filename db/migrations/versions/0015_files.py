"""files"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_COUNTED = sa.text("struck_at IS NULL")


def upgrade() -> None:
    _files()
    op.create_table(
        "file_event",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("file_id", _ID, nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("told_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("owner_id", _ID, nullable=True),
        sa.Column("absent", _JSON, nullable=False),
        sa.Column("not_agreed", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by", _ID, nullable=True),
        sa.Column("struck_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_file_event_file_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_file_event_{column}")
            )
            for column in ("user_id", "owner_id", "struck_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_event")),
    )
    for column in ("file_id", "user_id"):
        op.create_index(op.f(f"ix_file_event_{column}"), "file_event", [column])
    op.create_index(
        "uq_file_event_counted",
        "file_event",
        ["file_id", "step", "at"],
        unique=True,
        sqlite_where=_COUNTED,
        postgresql_where=_COUNTED,
    )


def _files() -> None:
    op.create_table(
        "file",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.String(length=128), nullable=False),
        sa.Column("first_kind", sa.String(length=64), nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("business_line", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("sub_topic", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=True),
        sa.Column("marks", _JSON, nullable=False),
        sa.Column("customer_ref", sa.String(length=64), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("owner_id", _ID, nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_file_owner_id")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_file_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint(
            "source", "external_id", name=op.f("uq_file_source_external_id")
        ),
    )
    for columns in (
        ("station_id", "next_due_at"),
        ("state", "next_due_at", "id"),
        ("customer_ref", "topic", "received_at"),
        ("received_at",),
        ("owner_id",),
        ("late_since",),
    ):
        first, *others = columns
        name = "_".join([f"ix_file_{first}", *(f"file_{other}" for other in others)])
        op.create_index(op.f(name), "file", list(columns))


def downgrade() -> None:
    op.drop_table("file_event")
    op.drop_table("file")
