"""identifiers in one form"""

import re
import sys
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = "0005"
branch_labels = None
depends_on = None

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CODE, _EXTERNAL_ID = 64, 128
_TABLES = {
    'station': {'code': _CODE},
    'staff': {'staff_no': _CODE},
    'interaction': {'source': _CODE, 'external_id': _EXTERNAL_ID},
}
_AT_ONCE = 10_000


def upgrade() -> None:
    """Stored identifiers as imports write them from here on; what would collide stays."""
    left = [line for name, columns in _TABLES.items() for line in _bring_into_form(name, columns)]
    if left:
        sys.stderr.write("These identifiers stay as they are, their form is taken or too long:\n")
        sys.stderr.writelines(f"  {line}\n" for line in left)


def downgrade() -> None:
    """What an identifier was is not known any more; every revision takes its form."""


def _bring_into_form(name: str, columns: dict[str, int]) -> list[str]:
    """The rows that could not be: table, number and identifier as Python writes it."""
    connection = op.get_bind()
    table = sa.table(name, sa.column('id'), *(sa.column(column) for column in columns))
    left, last = [], 0
    while rows := connection.execute(
        sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(_AT_ONCE)
    ).all():
        last = rows[-1].id
        for row_id, *values in rows:
            normal = [_normal(value) for value in values]
            if normal == values:
                continue
            taken = sa.and_(*(table.c[c] == v for c, v in zip(columns, normal, strict=True)))
            fits = all(0 < len(v) <= limit for v, limit in zip(normal, columns.values(), strict=True))
            if not fits or connection.scalar(sa.select(table.c.id).where(taken)):
                left.append(f"{name} {row_id}: {' '.join(map(ascii, values))}")
                continue
            change = sa.update(table).where(table.c.id == row_id)
            connection.execute(change.values(dict(zip(columns, normal, strict=True))))
    return left


def _normal(text: str) -> str:
    if text.isascii() and text == text.strip():
        return text
    return _INVISIBLE.sub('', unicodedata.normalize('NFKC', _INVISIBLE.sub('', text))).strip()
