"""languages of encounters spelled one way, as BCP 47 has them"""

import sqlalchemy as sa
from alembic import op
from babel.core import get_global
from sqlalchemy.dialects import postgresql, sqlite

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SUMS = (
    *("rollup_station_day", "rollup_score_cell", "rollup_faceted_station_month"),
    *("rollup_faceted_station_section_month", "rollup_faceted_station_item_month"),
    *("rollup_faceted_inspector_month", "rollup_faceted_double_item_month"),
    "rollup_faceted_double_inspector_month",
)
_OF_SLICES = ("ranking_snapshot", "ranking_request")
_SCRIPT, _TERRITORY, _EXTENSION = 4, 2, 3


def upgrade() -> None:
    """Sums of two spellings become those of one; rankings of a language are computed anew."""
    bind = op.get_bind()
    for name in ("interaction", "inspection"):
        table = sa.table(name, sa.column("language", sa.String))
        for old, new in _misspelled(bind, table):
            bind.execute(sa.update(table).where(table.c.language == old).values(language=new))
    for name in _SUMS:
        table = sa.Table(name, sa.MetaData(), autoload_with=bind)
        for old, new in _misspelled(bind, table):
            _join(bind, table, old, new)
    for name in _OF_SLICES:
        slices = sa.table(name, sa.column("facets", sa.Text))
        bind.execute(sa.delete(slices).where(slices.c.facets.contains("language=")))


def downgrade() -> None:
    """How each was spelled is not known any more; nothing asks for it."""


def _misspelled(bind: sa.Connection, table: sa.TableClause) -> list[tuple[str, str]]:
    codes = bind.scalars(sa.select(table.c.language).distinct()).all()
    return [(old, _tag(old)) for old in codes if _tag(old) != old]


def _join(bind: sa.Connection, table: sa.Table, old: str, new: str) -> None:
    """Add the sums of one spelling to those of the other, where there are any."""
    keys = [column.name for column in table.primary_key.columns]
    names = [column.name for column in table.columns]
    sums = [name for name in names if name not in {*keys, "section_key"}]
    columns = [sa.literal(new) if name == "language" else table.c[name] for name in names]
    rows = sa.select(*columns).where(table.c.language == old)
    dialect = postgresql if bind.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).from_select(names, rows)
    added = {name: table.c[name] + statement.excluded[name] for name in sums}
    bind.execute(statement.on_conflict_do_update(index_elements=keys, set_=added))
    bind.execute(sa.delete(table).where(table.c.language == old))


def _tag(code: str) -> str:
    language, *subtags = code.replace("_", "-").lower().split("-")
    if subtags and len(subtags[0]) == _EXTENSION and subtags[0].isalpha():
        language = subtags.pop(0)
    newer: str = get_global("language_aliases").get(language, language)
    language = language if "_" in newer else newer
    parts = [_cased(subtag) for subtag in subtags]
    if len(parts) > 1 and parts[0] == _implied_script(language, parts[1]):
        del parts[0]
    return "-".join([language, *parts])


def _cased(subtag: str) -> str:
    if len(subtag) == _TERRITORY:
        return subtag.upper()
    return subtag.title() if len(subtag) == _SCRIPT and subtag.isalpha() else subtag


def _implied_script(language: str, territory: str) -> str:
    likely = get_global("likely_subtags")
    likeliest: str = likely.get(f"{language}_{territory}") or likely.get(language, "")
    return next((subtag for subtag in likeliest.split("_")[1:] if len(subtag) == _SCRIPT), "")
