"""Importing limits of the clocks of files: each row is one line of limits from a day on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from core.checklist.model import CHANNELS
from core.clock import Level, Limit, LimitLine, LimitStatus
from core.errors import InvalidInput, PortalError
from core.files.clock_settings import LimitChange
from core.files.kinds import Kind
from core.files.steps import Step
from core.i18n import N_
from db.files.clock_changes import (
    FIRST_DAY,
    check_limit,
    judge_kind_anew,
    last_limit,
    put_limit,
)
from db.files.clock_settings import line_of
from db.files.models import FileLimit
from db.importing.kinds import ImportPlan, ReadableRow, count_filled
from db.store.days import portal_day
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.tables import Row

_MOST_HOURS, _MOST_DAYS, _MOST_MONTHS = 366 * 24, 366, 120
_STORED = {
    "severity": "level",
    "state": "status",
    "from": "effective_from",
    "hours": "minutes",
}


def clock_columns(choices: FileChoices = AS_IT_IS) -> tuple[FileColumn, ...]:
    return (
        FileColumn("kind", values.choice(Kind), ", ".join(Kind), required=True),
        FileColumn("step", values.choice(Step), N_("The step that stops the clock"), required=True),
        FileColumn("severity", values.choice(Level), ", ".join(Level)),
        FileColumn("channel", values.choice(CHANNELS), ", ".join(CHANNELS)),
        FileColumn("hours", values.number(0, _MOST_HOURS, choices), N_("The limit in hours")),
        FileColumn(
            "days",
            values.whole_number(1, _MOST_DAYS, choices),
            N_("The limit in days, or working days where a station has hours"),
        ),
        FileColumn(
            "months",
            values.whole_number(1, _MOST_MONTHS, choices),
            N_("The months of a period, of the calendar"),
        ),
        FileColumn("state", values.choice(LimitStatus), ", ".join(LimitStatus), required=True),
        FileColumn(
            "from",
            values.day(choices),
            N_("The day it holds from; empty: always, or from today where one was set before"),
        ),
    )


class FileClocks:
    """The last line of a clock, level and channel holds from its day on."""

    at_once = 1000
    together = False

    def __init__(self, now: datetime, choices: FileChoices = AS_IT_IS) -> None:
        self.columns = clock_columns(choices)
        self._now = now

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        named = (
            str(fields[name] or "") for name in ("kind", "step", "severity", "channel", "from")
        )
        return ReadableRow(row.line, "|".join(named), fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        plan = ImportPlan()
        today = portal_day(session, self._now)
        for item in items:
            try:
                change = _change(item, today)
                last = last_limit(session, change, since=item.values["from"])
                if last is not None and line_of(last) == change.line:
                    plan.unchanged += 1
                    continue
                if last is None and item.values["from"] is None:
                    change = _change(item, FIRST_DAY)
            except PortalError as error:
                plan.refuse(item, error, getattr(error, "column", ""))
                continue
            item.values["change"] = change
            plan.added.append(item)
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        since: dict[Kind, date] = {}
        for item in plan.added:
            change: LimitChange = item.values["change"]
            put_limit(session, change, by=None, now=self._now)
            since[change.kind] = min(change.since, since.get(change.kind, change.since))
        for kind, day in since.items():
            judge_kind_anew(session, kind, since=day, for_running=False)

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        fields = {name: getattr(FileLimit, _STORED.get(name, name)) for name in columns}
        return count_filled(session, fields)


def _change(item: ReadableRow, today: date) -> LimitChange:
    cells = item.values
    amounts = [name for name in ("hours", "days", "months") if cells[name] is not None]
    if len(amounts) > 1:
        raise InvalidInput("A limit is an amount of time, of days or of months, not of two.")
    limit = None
    if amounts:
        time = timedelta(hours=cells["hours"] or 0)
        limit = Limit(time, days=cells["days"] or 0, months=cells["months"] or 0)
    line = LimitLine(
        limit,
        LimitStatus(cells["state"]),
        Level(cells["severity"]) if cells["severity"] else None,
        cells["channel"] or None,
    )
    change = LimitChange(Kind(cells["kind"]), Step(cells["step"]), line, cells["from"] or today)
    check_limit(change)
    return change
