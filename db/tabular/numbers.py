"""Numbers as people write them: one reading or none."""

from __future__ import annotations

import re
import unicodedata
from datetime import time, timedelta

from db.tabular.tables import ShownNumber, Unfit

_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?:\D|$))")
_PLAIN = re.compile(r"[+-]?\d+")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_ONE_SIGN = re.compile(r"([+-]?)(\d*)([.,])(\d*)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d(?:\.\d+)?)")
_TWO_READINGS = "The number reads two ways; choose which sign is the decimal one."


def read_number(cell: object, decimal: str) -> float | None:
    """The value, None where the cell is no number.

    Full-width digits are digits. A single sign with three digits behind it may part thousands or
    begin the fraction: `decimal` (point, comma) says which, otherwise it is refused.

    Raises:
        Unfit: it reads two ways, or is a percentage in a spreadsheet.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, ShownNumber) and "%" in cell.shown:
        raise percentage()
    if isinstance(cell, int | float):
        return cell if type(cell) is float else _float(str(cell))
    text = plain_digits(str(cell)).strip().replace("\u2212", "-")
    text = _SPACES.sub("", text)
    if _PLAIN.fullmatch(text) or _SCIENTIFIC.fullmatch(text):
        return _float(text)
    if one := _ONE_SIGN.fullmatch(text):
        return _with_one_sign(one, decimal)
    if _GROUPED.fullmatch(text):
        return _grouped(text, decimal)
    return None


def percentage() -> Unfit:
    """85% is stored as 0.85 in a spreadsheet: which of the two is meant, nobody can tell."""
    return Unfit("The cell shows a percentage, and holds a hundredth of it; write the number.")


def plain_digits(text: str) -> str:
    """Text in NFKC, unless it holds raised, circled or broken numbers: 5² is not 52."""
    if text.isascii() or any(unicodedata.category(sign) == "No" for sign in text):
        return text
    return unicodedata.normalize("NFKC", text)


def _with_one_sign(one: re.Match[str], decimal: str) -> float | None:
    """12.5, 12,5, 0.125 and 1234.567 are fractions; 1.234 may be a thousand and more."""
    minus, before, sign, after = one.groups()
    if not before and not after:
        return None
    is_open = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    if is_open and not decimal:
        raise Unfit(_TWO_READINGS)
    if decimal and sign != {"point": ".", "comma": ","}[decimal]:
        return _float(f"{minus}{before}{after}") if is_open else None
    return _float(f"{minus}{before or 0}.{after or 0}")


def _grouped(text: str, decimal: str) -> float | None:
    """1,234,567 and 1,234.5: the last sign is the decimal one if it differs from the first."""
    signs = re.findall(r"[.,]", text)
    fraction = signs[-1] if len(set(signs)) > 1 else ""
    if decimal and fraction and fraction != {"point": ".", "comma": ","}[decimal]:
        return None
    if decimal and not fraction and signs[0] == {"point": ".", "comma": ","}[decimal]:
        return None
    whole, _, rest = text.partition(fraction) if fraction else (text, "", "")
    return _float(re.sub(r"[.,]", "", whole) + (f".{rest}" if rest else ""))


def _float(text: str) -> float | None:
    try:
        return float(text)
    except (ValueError, OverflowError):
        return None


def read_seconds(cell: object, decimal: str) -> float | None:
    """A length of time in seconds: a number of them, or hours, minutes and seconds.

    Raises:
        Unfit: 2:05 may be minutes and seconds, or hours and minutes.
    """
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, time):
        return timedelta(
            hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond
        ).total_seconds()
    if isinstance(cell, str):
        text = plain_digits(cell).strip()
        if clock := _CLOCK.fullmatch(text):
            hours, minutes, seconds = (float(part) for part in clock.groups())
            return hours * 3600 + minutes * 60 + seconds
        if re.fullmatch(r"\d+:\d+", text):
            raise Unfit("The length of time reads two ways; write it as 0:02:05.")
    return read_number(cell, decimal)
