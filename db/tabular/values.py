"""Turning a cell into a value, or saying why it cannot be one."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from core.clock.days import zone_names
from core.text.identifiers import normal_identifier
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.misread_text import is_misread, may_be_misread
from db.tabular.moments import in_zone, read_day, read_moment
from db.tabular.numbers import read_number, read_seconds
from db.tabular.tables import ShownNumber, Unfit

Parser = Callable[[object], Any]

_DAMAGED = re.compile("[\x00\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_YES = frozenset({"true", "yes", "y", "1", "是"})
_NO = frozenset({"false", "no", "n", "0", "否"})
_DEEPEST = 50
_NO_JSON = object()
_EXACT = 10**15
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+[eE][+-]?|[eE]\+)\d+")
_CODE_SHOWN = re.compile(r"[^\W_][\w-]*", re.ASCII)
_EXPORTED = re.compile(r'=\s*"(.*)"', re.DOTALL)
_PLAIN_ENDS = re.compile(r"[A-Za-z0-9](?:[ -~]*[A-Za-z0-9])?")
_QUOTES = (
    *(("“", "”"), ("„", "“"), ("„", "”"), ("＂", "＂"), ('"', '"')),
    *(("‘", "’"), ("'", "'"), ("’", "’")),
)
_BLANK = " \t\r\n\u00a0\u3000\ufeff\u200b"
_STRAIGHT = str.maketrans("“”„＂", '""""')
_LOST = "\ufffd"
_MISREAD = (
    "The text was read in a wrong encoding before it came into the file; export it again as UTF-8."
)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def check_storable(value: object) -> None:
    """Refuse what no database stores: NUL, damaged bytes, numbers and nesting beyond all bounds.

    And text that was read in a wrong encoding before.

    Raises:
        Unfit: names the place of the first.
    """
    if not _is_storable(value):
        _refuse_unstorable(value)


def _is_storable(value: object) -> bool:
    """The answer alone, which is fast: nearly every value is; a few that are get a closer look."""
    members = [value]
    for _ in range(_DEEPEST + 1):
        texts = [member for member in members if isinstance(member, str)]
        numbers = [member for member in members if isinstance(member, float)]
        objects = [member for member in members if isinstance(member, dict)]
        lists = [member for member in members if isinstance(member, list)]
        written = "".join(chain(texts, *objects))
        if _DAMAGED.search(written) or not all(map(math.isfinite, numbers)):
            return False
        if may_be_misread(written):
            return False
        if not objects and not lists:
            return True
        members = list(chain(*(each.values() for each in objects), *lists))
    return False


def _refuse_unstorable(value: object, column: str = "", depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise Unfit("The JSON is nested too deeply.")
    if isinstance(value, str):
        _refuse_unreadable(value, column)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Unfit("The number is not finite.", column=column)
    elif isinstance(value, dict | list):
        for path, member in _members(value, column):
            _refuse_unstorable(member, path, depth + 1)


def _refuse_unreadable(value: str, column: str) -> None:
    if _DAMAGED.search(value):
        raise Unfit("The text holds a damaged or NUL character.", column=column)
    if is_misread(value):
        raise Unfit(_MISREAD, column=column)


def text(limit: int) -> Parser:
    def parse(cell: object) -> str:
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            raise Unfit("This must be text.")
        value = _written(cell)
        if len(value) > limit:
            raise Unfit("The text is longer than {limit} characters.", limit=limit)
        return value

    return parse


def _written(cell: str | float) -> str:
    if isinstance(cell, ShownNumber) and cell.shown:
        return cell.shown
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a spreadsheet keeps 1001 as 1001.0
    return str(float(cell)) if isinstance(cell, ShownNumber) else str(cell)


def line(limit: int) -> Parser:
    """Text in one line, without spaces and the quotes of a text export around it."""
    parse_text = text(limit)

    def parse(cell: object) -> str:
        value = _unwrapped(parse_text(cell))
        if _CONTROL.search(value):
            raise Unfit("This must be a single line of text.")
        if _LOST in value:
            raise Unfit("The text lost characters before it came into the file; export it again.")
        if value.startswith("="):
            raise Unfit("The cell holds a formula; put its value in its place.")
        return value

    return parse


def code(limit: int, *, literal: bool = False) -> Parser:
    """An identifier in its normal form; what a spreadsheet has made of it is refused.

    Args:
        literal: 1.5E+7 and the like are what the thing is really called.
    """
    parse_line = line(4 * limit)

    def parse(cell: object) -> str:
        if not literal:
            _refuse_spoilt(cell)
        value = normal_identifier(_without_apostrophe(parse_line(cell)))
        if len(value) > limit:
            raise Unfit("The text is longer than {limit} characters.", limit=limit)
        if not literal and _SCIENTIFIC.fullmatch(value):
            raise Unfit(
                "A spreadsheet has shortened this number to scientific notation; format the column"
                " as text, or say that it is really called that."
            )
        if not value:
            raise Unfit("The text has nothing to see in it.")
        return value

    return parse


def _refuse_spoilt(cell: object) -> None:
    """Refuse numbers that lost digits, or that people see otherwise than they are stored."""
    if isinstance(cell, int | float) and abs(cell) >= _EXACT:
        raise Unfit("More than 15 digits were stored as a number; format the column as text.")
    if isinstance(cell, ShownNumber) and not _CODE_SHOWN.fullmatch(cell.shown):
        raise Unfit("The cell shows its number in another form than it holds; format it as text.")


def _unwrapped(text: str) -> str:
    """What a text export or a word processor put round a cell, taken off."""
    value = text.strip(_BLANK)
    if export := _EXPORTED.fullmatch(value):
        value = export[1].strip(_BLANK)
    for opening, closing in _QUOTES:
        if len(value) > 1 and value.startswith(opening) and value.endswith(closing):
            value = value[1:-1].strip(_BLANK)
    return value


def _without_apostrophe(value: str) -> str:
    """Before an identifier or a number it says that the cell is text; a name may begin with it."""
    return value[1:] if value[:1] in ("'", "’", "‘") and len(value) > 1 else value


def bare(cell: str) -> str:
    """What a cell says without what exports and keyboards put around it, which may be nothing."""
    if "\u3400" <= cell[:1] <= "\u9fff" or _PLAIN_ENDS.fullmatch(cell):
        return cell  # as nearly all are
    value = normal_identifier(_unwrapped(normal_identifier(cell)))
    return "" if value == "'" else _without_apostrophe(value)


def _plain(cell: object) -> object:
    """A cell as numbers, days and flags are read from it."""
    return _without_apostrophe(_unwrapped(cell)) if isinstance(cell, str) else cell


def choice(options: Iterable[str]) -> Parser:
    allowed = tuple(options)
    plain = frozenset(option for option in allowed if option.isascii() and option.islower())

    def parse(cell: object) -> str:
        if isinstance(cell, str) and cell in plain:
            return cell
        value = unicodedata.normalize("NFKC", str(_plain(cell))).strip().lower()
        if value not in allowed:
            raise Unfit("This must be one of: {options}.", options=", ".join(allowed))
        return value

    return parse


def number(low: float, high: float, choices: FileChoices = AS_IT_IS) -> Parser:
    def parse(cell: object) -> float:
        value = read_number(_plain(cell), choices.decimal)
        if value is None or not low <= value <= high:
            raise Unfit("This must be a number from {low} to {high}.", low=low, high=high)
        return value

    return parse


def seconds(high: float, choices: FileChoices) -> Parser:
    """A length of time in seconds, or as hours, minutes and seconds."""

    def parse(cell: object) -> float:
        value = read_seconds(_plain(cell), choices.decimal)
        if value is None or not 0 <= value <= high:
            raise Unfit("This must be a number from {low} to {high}.", low=0, high=high)
        return value

    return parse


def whole_number(low: int, high: int, choices: FileChoices = AS_IT_IS) -> Parser:
    parse_number = number(low, high, choices)

    def parse(cell: object) -> int:
        value: float = parse_number(cell)
        if not value.is_integer():
            raise Unfit("This must be a whole number.")
        return int(value)

    return parse


def flag(cell: object) -> bool:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    word = unicodedata.normalize("NFKC", str(_plain(cell))).strip().lower()
    if word not in _YES | _NO:
        raise Unfit("This must be true or false.")
    return word in _YES


def moment(now: datetime, choices: FileChoices) -> Parser:
    """A time as UTC, or without tzinfo where neither the cell nor the file names its zone.

    It lies not before 1990 and not in the future.
    """

    def parse(cell: object) -> datetime:
        value = read_moment(_plain(cell), choices.dates)
        if value.tzinfo is None:
            if not choices.zone:
                check_time(value.replace(tzinfo=UTC), now)
                return value
            value = in_zone(value, choices.zone, choices.twice)
        return check_time(value, now)

    return parse


def check_time(value: datetime, now: datetime) -> datetime:
    if not _EARLIEST <= value <= now + timedelta(days=1):
        raise Unfit("The time lies before 1990 or in the future.")
    return value


def day(choices: FileChoices) -> Parser:
    return lambda cell: read_day(_plain(cell), choices.dates)


def zone(cell: object) -> str:
    name = str(_plain(cell)).strip()
    if name not in zone_names():
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
    value = _loaded(cell)
    if value is _NO_JSON:
        value = _loaded(cell.translate(_STRAIGHT))
    if value is _NO_JSON:
        raise Unfit("This is not valid JSON.")
    check_storable(value)
    return value


def _loaded(text: str) -> object:
    try:
        value: object = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return _NO_JSON
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise Unfit("A key of the JSON stands there twice.")
    return value
