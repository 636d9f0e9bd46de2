"""Importing measures that somebody else computed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.measures import MEASURES, Source, measure_of
from core.periods import Period, month_of, shift
from db.importing.kinds import ImportPlan, ReadableRow, count_filled
from db.measures.models import GivenMeasure
from db.people.identifiers import ByIdentifier, station_ids
from db.store.days import portal_day
from db.store.session import write_each
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.tables import Row, Unfit

_GIVEN = [key for key, measure in MEASURES.items() if measure.source is Source.OUTSIDE]
_LARGEST, _MOST = 1e12, 10**9
_PERIOD = re.compile(r"(?P<year>[12]\d{3})(-(Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_CHANGEABLE = ("value", "n", "low", "high")
_STORED = {"station_code": "station_id", "period": "first"}
_UNKNOWN = Unfit("There is no station with this code.", column="station_code")
_ORDER = Unfit("The value must lie within its interval.", column="value")
_RUNNING = Unfit("This period is not over yet.", column="period")
_SHARE = Unfit("A share lies from 0 to 100.", column="value")


def measure_columns(choices: FileChoices = AS_IT_IS) -> tuple[FileColumn, ...]:
    amount = values.number(-_LARGEST, _LARGEST, choices)
    code = values.code(64, literal="station_code" in choices.literal)
    return (
        FileColumn("measure", values.choice(_GIVEN), ", ".join(_GIVEN), required=True),
        FileColumn("station_code", code, N_("Code of an imported station; empty: the company")),
        FileColumn("period", _period, N_("Such as 2026, 2026-Q3 or 2026-09"), required=True),
        FileColumn("value", amount, N_("The figure itself"), required=True),
        FileColumn("n", values.whole_number(0, _MOST, choices), N_("What it is made of")),
        FileColumn("low", amount, N_("Lower end of its interval")),
        FileColumn("high", amount, N_("Upper end of its interval")),
        FileColumn(
            "source",
            values.code(64, literal="source" in choices.literal),
            N_("System the record comes from"),
            required=True,
        ),
    )


class Measures:
    """The last word of a source about a measure, station and period holds."""

    at_once = 1000
    together = False

    def __init__(self, now: datetime, choices: FileChoices = AS_IT_IS) -> None:
        self.columns = measure_columns(choices)
        self._now = now

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        _check(fields)
        named = (fields[name] for name in ("measure", "station_code", "source"))
        key = "|".join([*(str(name or "") for name in named), fields["period"].code])
        return ReadableRow(row.line, key, fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        plan, stations = ImportPlan(), station_ids(session)
        running = month_of(portal_day(session, self._now))
        for item in items:
            try:
                item.values["station_id"] = _station(stations, item.values["station_code"])
                if item.values["period"].last >= running:
                    raise _RUNNING
            except Unfit as error:
                plan.refuse(item, error)
                continue
            stored = _stored(session, item)
            if stored is None:
                plan.added.append(item)
                continue
            before = {name: getattr(stored, name) for name in _CHANGEABLE}
            after = _changes(item)
            try:
                _check(item.values | before | after)
            except Unfit as error:
                plan.refuse(item, error)
                continue
            plan.update(stored.id, item, before, after)
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        session.add_all(
            GivenMeasure(
                measure=item.values["measure"],
                station_id=item.values["station_id"],
                first=item.values["period"].first,
                last=item.values["period"].last,
                source=item.values["source"],
                changed_at=self._now,
                **{name: item.values[name] for name in _CHANGEABLE},
            )
            for item in plan.added
        )
        write_each(
            session,
            GivenMeasure,
            ((row_id, _changes(item) | {"changed_at": self._now}) for row_id, item in plan.updated),
        )

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        fields = {name: getattr(GivenMeasure, _STORED.get(name, name)) for name in columns}
        return count_filled(session, fields)


def _changes(item: ReadableRow) -> dict[str, Any]:
    """What the row says anew of a stored measure."""
    told = item.carried | item.cleared
    return {name: item.values[name] for name in _CHANGEABLE if name in told}


def _check(fields: dict[str, object]) -> None:
    """Refuse values that cannot be.

    Raises:
        Unfit: the value lies outside its interval, or a share outside 0 to 100.
    """
    ends = [fields[name] for name in ("low", "value", "high")]
    known = [float(str(end)) for end in ends if end is not None]
    if known != sorted(known):
        raise _ORDER
    is_share = measure_of(str(fields["measure"])).is_share
    if is_share and not all(0 <= end <= 100 for end in known):
        raise _SHARE


def _station(stations: ByIdentifier, code: str | None) -> int | None:
    """The station's id; None of the company."""
    station_id = stations.get(code, "station_code")
    if code is not None and station_id is None:
        raise _UNKNOWN
    return station_id


def _stored(session: Session, item: ReadableRow) -> GivenMeasure | None:
    cells, station_id = item.values, item.values["station_id"]
    at = GivenMeasure.station_id
    return session.scalars(
        select(GivenMeasure).where(
            at.is_(None) if station_id is None else at == station_id,
            GivenMeasure.measure == cells["measure"],
            GivenMeasure.first == cells["period"].first,
            GivenMeasure.last == cells["period"].last,
            GivenMeasure.source == cells["source"],
        )
    ).first()


def _period(cell: object) -> Period:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    match = _PERIOD.fullmatch(values.bare(str(cell)))
    if match is None:
        raise Unfit("This must be a period such as 2026, 2026-Q3 or 2026-09.")
    january = int(match["year"]) * 100 + 1
    if match["month"]:
        month = int(match["year"] + match["month"])
        return Period(month, month)
    if match["quarter"]:
        first = shift(january, 3 * (int(match["quarter"]) - 1))
        return Period(first, shift(first, 2))
    return Period(january, january + 11)
