"""sums of inspectors by facets"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_FACETS = ("business_line", "shift", "post", "language")
_GRAIN = ("checklist_version_id", "channel", "sample_class")
_NAMES = ("inspector_month", "double_item_month", "double_inspector_month")


def upgrade() -> None:
    """Until everything is rebuilt they hold later inspections only, and no page asks for them."""
    _inspector_months()
    _double_items()
    _double_inspectors()


def downgrade() -> None:
    for name in _NAMES:
        op.drop_table(f"rollup_faceted_{name}")


def _inspector_months() -> None:
    _faceted(
        "inspector_month",
        ("inspector_id", "month"),
        *(_number("inspector_id"), _number("month"), _number("n"), _number("unscored")),
        *(_sum("total_before"), _sum("squares_before"), _number("timed"), _sum("log_seconds")),
        *(_sum("log_squares"), _number("answered"), _number("na")),
    )


def _double_items() -> None:
    _faceted(
        "double_item_month",
        ("item_key", "month", "record", "second"),
        *(_code("item_key"), _number("month"), _number("record"), _number("second")),
        _number("n"),
    )


def _double_inspectors() -> None:
    sums = (
        *("own", "other", "own_squares", "other_squares", "product"),
        *("alike", "lost", "na", "alike_squares", "lost_squares", "na_squares"),
        *("alike_lost", "alike_na", "lost_na"),
    )
    _faceted(
        "double_inspector_month",
        ("inspector_id", "month", "is_record"),
        *(_number("inspector_id"), _number("month")),
        sa.Column("is_record", sa.Boolean(), nullable=False),
        *(_number("n"), _number("cases")),
        *map(_sum, sums),
    )


def _faceted(name: str, keys: tuple[str, ...], *columns: sa.Column[object]) -> None:
    table = f"rollup_faceted_{name}"
    op.create_table(
        table,
        *columns,
        *map(_code, _FACETS),
        *(_number("checklist_version_id"), _code("channel"), _code("sample_class")),
        sa.PrimaryKeyConstraint(*keys, *_FACETS, *_GRAIN, name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_month", table, ["month"])


def _code(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(64), nullable=False)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _sum(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Double(), nullable=False)
