"""facets of inspections, and sums by them"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_FACETS = ("business_line", "shift", "post", "language")
_GRAIN = ("checklist_version_id", "channel", "sample_class")
_SLICE = ("first", "last", "checklist_id", "channel", "sample_class")
_CUT = {
    "rollup_station_day": ("station_id", "day"),
    "rollup_score_cell": ("station_id", "staff_id", "inspector_id", "month", "stratum"),
}
_SHIFTS = ("night",) * 5 + ("early",) * 7 + ("late",) * 6 + ("evening",) * 6
_AT_ONCE = 10_000
_KNOWN = """UPDATE inspection SET
    business_line = coalesce(
        (SELECT i.business_line FROM interaction i WHERE i.id = interaction_id), ''),
    language = coalesce((SELECT i.language FROM interaction i WHERE i.id = interaction_id), ''),
    post = coalesce((SELECT s.post FROM staff s WHERE s.id = inspection.staff_id), '')"""
_SHIFT_IN_POSTGRESQL = """UPDATE inspection SET shift = CASE
        WHEN at.hour < 5 THEN 'night' WHEN at.hour < 12 THEN 'early'
        WHEN at.hour < 18 THEN 'late' ELSE 'evening' END
    FROM (SELECT i.id, extract(hour FROM i.occurred_at AT TIME ZONE s.timezone) AS hour
        FROM inspection i JOIN station s ON s.id = i.station_id) at
    WHERE at.id = inspection.id"""


def upgrade() -> None:
    _of_inspections()
    for table, keys in _CUT.items():
        _cut(table, keys)
    op.create_index(
        "ix_rollup_station_day_unfaceted",
        "rollup_station_day",
        ["shift"],
        sqlite_where=sa.text("shift = ''"),
        postgresql_where=sa.text("shift = ''"),
    )
    _station_months()
    _sections()
    _items()
    for table in ("ranking_snapshot", "ranking_request"):
        _keyed_by_facets(table)


def downgrade() -> None:
    """Sums by facets are deleted where they have no place: rebuild makes the others anew."""
    for table in ("ranking_snapshot", "ranking_request"):
        op.execute(sa.delete(sa.table(table)))
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"uq_{table}_slice", type_="unique")
            batch.drop_column("facets")
            batch.create_unique_constraint(op.f(f"uq_{table}_{'_'.join(_SLICE)}"), list(_SLICE))
    for name in ("station_month", "station_section_month", "station_item_month"):
        op.drop_table(f"rollup_faceted_{name}")
    op.drop_index("ix_rollup_station_day_unfaceted", "rollup_station_day")
    for table, keys in _CUT.items():
        op.execute(sa.delete(sa.table(table)))
        with op.batch_alter_table(table, recreate=_recreate()) as batch:
            batch.drop_constraint(f"pk_{table}", type_="primary")
            for facet in _FACETS:
                batch.drop_column(facet)
            batch.create_primary_key(f"pk_{table}", [*keys, *_GRAIN])
    op.drop_index(op.f("ix_inspection_post"), "inspection")
    for facet in _FACETS:
        op.drop_column("inspection", facet)


def _of_inspections() -> None:
    for facet in _FACETS:
        op.add_column("inspection", _code(facet, server_default=""))
    op.execute(_KNOWN)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_SHIFT_IN_POSTGRESQL)
    else:
        _shifts_in_sqlite()
    op.create_index(op.f("ix_inspection_post"), "inspection", ["post"])


def _shifts_in_sqlite() -> None:
    """SQLite knows no time zones."""
    bind = op.get_bind()
    of_places = sa.text(
        "SELECT i.id, i.occurred_at, s.timezone FROM inspection i"
        " JOIN station s ON s.id = i.station_id WHERE i.id > :last ORDER BY i.id LIMIT :most"
    )
    last = 0
    while rows := bind.execute(of_places, {"last": last, "most": _AT_ONCE}).all():
        last = rows[-1][0]
        bind.execute(
            sa.text("UPDATE inspection SET shift = :shift WHERE id = :id"),
            [
                {"id": key, "shift": _SHIFTS[_hour(str(occurred_at), zone)]}
                for key, occurred_at, zone in rows
            ],
        )


def _hour(stored: str, zone: str) -> int:
    moment = datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone)).hour


def _cut(table: str, keys: tuple[str, ...]) -> None:
    """Add the facets to the key of a table; sums that are there have none recorded."""
    with op.batch_alter_table(table, recreate=_recreate()) as batch:
        for facet in _FACETS:
            batch.add_column(_code(facet, server_default=""))
        batch.drop_constraint(f"pk_{table}", type_="primary")
        batch.create_primary_key(f"pk_{table}", [*keys, *_FACETS, *_GRAIN])


def _station_months() -> None:
    _faceted(
        "station_month",
        ("station_id", "month"),
        *(_number("station_id"), _number("month")),
        *(_number("key_n"), _sum("key_total"), _sum("key_squares"), _number("answered")),
        *(_number("na"), _number("n"), _sum("total"), _sum("squares"), _sum("total_before")),
        *(_sum("squares_before"), _number("critical"), _number("passed"), _number("unscored")),
    )


def _sections() -> None:
    _faceted(
        "station_section_month",
        ("station_id", "section_key", "month"),
        *(_number("station_id"), _code("section_key"), _number("month")),
        *(_number("n"), _sum("total"), _sum("squares")),
    )


def _items() -> None:
    _faceted(
        "station_item_month",
        ("station_id", "item_key", "month"),
        *(_number("station_id"), _code("item_key"), _number("month"), _code("section_key")),
        *(_number("answered"), _number("lost"), _number("na"), _number("critical")),
        _sum("points_lost"),
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


def _keyed_by_facets(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("facets", sa.Text(), nullable=False, server_default=""))
        batch.drop_constraint(op.f(f"uq_{table}_{'_'.join(_SLICE)}"), type_="unique")
        batch.create_unique_constraint(f"uq_{table}_slice", [*_SLICE, "facets"])


def _recreate() -> str:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def _code(name: str, server_default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.String(64), nullable=False, server_default=server_default)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _sum(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Double(), nullable=False)
