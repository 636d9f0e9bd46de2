"""Turning a cell into a value, or saying why it cannot be one."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from db.tabular.tables import Unfit

Parser = Callable[[object], Any]

_DAMAGED = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_YES = frozenset({"true", "yes", "y", "1", "是"})
_NO = frozenset({"false", "no", "n", "0", "否"})
_DEEPEST = 50
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def check_storable(value: object, column: str = "", depth: int = 0) -> None:
    """Refuse what no database stores: NUL, damaged bytes, numbers and nesting beyond all bounds."""
    if depth > _DEEPEST:
        raise Unfit("The JSON is nested too deeply.")
    if isinstance(value, str):
        if _DAMAGED.search(value):
            raise Unfit("The text holds a damaged or NUL character.", column=column)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Unfit("The number is not finite.", column=column)
    elif isinstance(value, dict | list):
        for path, member in _members(value, column):
            check_storable(member, path, depth + 1)


def text(limit: int) -> Parser:
    def parse(cell: object) -> str:
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            raise Unfit("This must be text.")
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)  # a spreadsheet keeps 1001 as 1001.0
        value = str(cell)
        if len(value) > limit:
            raise Unfit("The text is longer than {limit} characters.", limit=limit)
        return value

    return parse


def line(limit: int) -> Parser:
    """Text in one line, without spaces around it."""
    parse_text = text(limit)

    def parse(cell: object) -> str:
        value: str = parse_text(cell).strip()
        if _CONTROL.search(value):
            raise Unfit("This must be a single line of text.")
        return value

    return parse


def choice(options: Iterable[str]) -> Parser:
    allowed = tuple(options)

    def parse(cell: object) -> str:
        value = str(cell).strip().lower()
        if value not in allowed:
            raise Unfit("This must be one of: {options}.", options=", ".join(allowed))
        return value

    return parse


def number(low: float, high: float) -> Parser:
    def parse(cell: object) -> float:
        try:
            value = float(cell) if isinstance(cell, str | int | float) else math.nan
        except (ValueError, OverflowError):
            value = math.nan
        if isinstance(cell, bool) or not low <= value <= high:
            raise Unfit("This must be a number from {low} to {high}.", low=low, high=high)
        return value

    return parse


def whole_number(low: int, high: int) -> Parser:
    parse_number = number(low, high)

    def parse(cell: object) -> int:
        value: float = parse_number(cell)
        if not value.is_integer():
            raise Unfit("This must be a whole number.")
        return int(value)

    return parse


def flag(cell: object) -> bool:
    if isinstance(cell, bool):
        return cell
    word = str(cell).strip().lower()
    if word not in _YES | _NO:
        raise Unfit("This must be true or false.")
    return word in _YES


def moment(now: datetime) -> Parser:
    """A time with its offset, not before 1990 and not in the future."""

    def parse(cell: object) -> datetime:
        try:
            value = datetime.fromisoformat(str(cell).strip())
        except ValueError:
            raise Unfit("This must be a time such as 2026-06-08T09:00:00+08:00.") from None
        if value.tzinfo is None:
            raise Unfit("The time lacks its offset, as in 2026-06-08T09:00:00+08:00.")
        if not _EARLIEST <= value <= now + timedelta(days=1):
            raise Unfit("The time lies before 1990 or in the future.")
        return value.astimezone(UTC)

    return parse


def day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    try:
        return date.fromisoformat(str(cell).strip())
    except ValueError:
        raise Unfit("This must be a day such as 2026-06-08.") from None


def zone(cell: object) -> str:
    name = str(cell).strip()
    if name not in _zones():
        raise Unfit("This must be a time zone such as Asia/Taipei.")
    return name


def json_list(cell: object) -> list[Any]:
    value = _from_json(cell)
    if not isinstance(value, list):
        raise Unfit("This must be a JSON list.")
    return value


def json_object(cell: object) -> dict[str, Any]:
    value = _from_json(cell)
    if not isinstance(value, dict):
        raise Unfit("This must be a JSON object.")
    return value


def _members(value: dict[str, object] | list[object], column: str) -> Iterable[tuple[str, object]]:
    if isinstance(value, list):
        return [(f"{column}[{number}]", member) for number, member in enumerate(value, 1)]
    members = [(f"{column}.{key}" if column else key, member) for key, member in value.items()]
    return [(column, "".join(value)), *members]


def _from_json(cell: object) -> object:
    """JSON as such, or as text in a cell of a table."""
    if not isinstance(cell, str):
        return cell
    try:
        value: object = json.loads(cell)
    except (ValueError, RecursionError):
        raise Unfit("This is not valid JSON.") from None
    check_storable(value)
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
