"""early warnings, their signs and steps, and the rules"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "warning_rule",
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column("owner_id", _ID, nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_warning_rule_owner_id")
        ),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_warning_rule")),
    )
    op.create_table(
        "warning",
        sa.Column(
            "id",
            _ID,
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("station_id", _ID, nullable=False),
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_id", _ID, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_put_off", sa.Boolean(), nullable=False),
        sa.Column("is_subsided", sa.Boolean(), nullable=False),
        sa.Column("told", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("action_id", _ID, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_id"], ["improvement.id"], name=op.f("fk_warning_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_warning_owner_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_warning_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning")),
    )
    with op.batch_alter_table("warning", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_warning_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_warning_rule_warning_station_id_warning_subject_key"),
            ["rule", "station_id", "subject_key"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_warning_state_warning_since_warning_id"),
            ["state", "since", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_warning_station_id"), ["station_id"], unique=False)

    op.create_table(
        "warning_sign",
        sa.Column(
            "id",
            _ID,
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("warning_id", _ID, nullable=False),
        sa.Column("window_on", sa.Date(), nullable=False),
        sa.Column("alarm", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("chances", sa.Integer(), nullable=False),
        sa.Column("base_times", sa.Integer(), nullable=False),
        sa.Column("base_chances", sa.Integer(), nullable=False),
        sa.Column("p", sa.Double(), nullable=True),
        sa.Column("limit_value", sa.Double(), nullable=True),
        sa.Column("first_times", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["warning.id"], name=op.f("fk_warning_sign_warning_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_sign")),
        sa.UniqueConstraint(
            "warning_id", "window_on", name=op.f("uq_warning_sign_warning_id_window_on")
        ),
    )
    op.create_table(
        "warning_step",
        sa.Column(
            "id",
            _ID,
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("warning_id", _ID, nullable=False),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", _ID, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("action_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["action_id"], ["improvement.id"], name=op.f("fk_warning_step_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_warning_step_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["warning.id"], name=op.f("fk_warning_step_warning_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_step")),
    )
    with op.batch_alter_table("warning_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_warning_step_warning_id"), ["warning_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("warning_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_warning_step_warning_id"))

    op.drop_table("warning_step")
    op.drop_table("warning_sign")
    with op.batch_alter_table("warning", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_warning_station_id"))
        batch_op.drop_index(batch_op.f("ix_warning_state_warning_since_warning_id"))
        batch_op.drop_index(batch_op.f("ix_warning_rule_warning_station_id_warning_subject_key"))
        batch_op.drop_index(batch_op.f("ix_warning_owner_id"))

    op.drop_table("warning")
    op.drop_table("warning_rule")
