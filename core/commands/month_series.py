"""python -m core trend: months of stations in a file, tested for change as the pages do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.commands.table_file import TableRow, read_table
from core.control import MonthMean, TrendJudgement, judge_trends

COLUMNS = ("station", "month", "n", "mean", "sd")


def trend(path: Path) -> Iterator[dict[str, Any]]:
    """One answer a station, in the order of the file.

    Raises:
        InvalidInput: the file is no table of months.
    """
    series: dict[str, dict[int, MonthMean]] = {}
    for row in read_table(path, COLUMNS):
        months = series.setdefault(row.text("station"), {})
        month = _month(row)
        if month.ordinal in months:
            raise row.refused(
                "month {month} of the station is there twice", month=row.text("month")
            )
        months[month.ordinal] = month
    ordered = {
        station: [months[ordinal] for ordinal in sorted(months) if months[ordinal].n]
        for station, months in series.items()
    }
    for station, judgement in judge_trends(ordered).items():
        yield _answer(station, judgement)


def _month(row: TableRow) -> MonthMean:
    """A month; without inspections its mean and spread may be empty."""
    n = row.number("n")
    if n < 0 or n != int(n):
        raise row.refused("{n} in n is no count", n=row.text("n"))
    ordinal = _ordinal(row)
    if not n:
        return MonthMean(ordinal=ordinal, n=0, mean=0.0, sd=0.0)
    alone = n == 1 and not row.cells["sd"]
    sd = 0.0 if alone else row.number("sd")
    if sd < 0:
        raise row.refused("{sd} in sd is below 0", sd=row.text("sd"))
    return MonthMean(ordinal=ordinal, n=int(n), mean=row.number("mean"), sd=sd)


def _ordinal(row: TableRow) -> int:
    """A month as 2026-11, 202611 or by its number."""
    value = row.text("month")
    written = re.fullmatch(r"(\d{4})-?(\d\d)(-\d\d)?", value, re.ASCII)
    if written and 1 <= int(written[2]) <= 12:
        return int(written[1]) * 12 + int(written[2]) - 1
    if not written and re.fullmatch(r"\d{1,4}", value, re.ASCII):
        return int(value)
    raise row.refused("{month} in month is no month", month=value)


def _answer(station: str, judgement: TrendJudgement) -> dict[str, Any]:
    return {
        "station": station,
        "signal": "too_few" if judgement.signal is None else judgement.signal,
        "sentence": str(judgement.sentence),
        "power": judgement.power,
    }
