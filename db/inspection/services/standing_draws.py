"""What the standing plan draws by itself: at once, by night, and what a month lacks at its end."""

from __future__ import annotations

import random
from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, insert, select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput
from core.periods import first_day, month_of, shift
from core.plan import (
    AssignedEncounter,
    FrameEncounter,
    Inspector,
    SampledEncounter,
    due_day,
    must_inspect,
    share_out,
    stratum_name,
)
from core.plan.chances import WHOLE, Cell, Seen, completion, rate, start, taken
from core.plan.standing import DrawKind
from core.sampling import draw
from db.checklists.queries.choice import standing_rows
from db.inspection.derived_figures import reweigh
from db.inspection.models import Assignment, DrawChance, Inspection, SamplingPlan
from db.inspection.queries.coverage import active_inspectors
from db.inspection.queries.draw_chances import (
    CELL,
    by_cell,
    cell_of,
    chances_of,
    expected,
    is_seen,
    perhaps_must,
    seen_before,
)
from db.inspection.queries.fitting_versions import FittingVersions
from db.inspection.queries.sampling_frame import sampling_frame
from db.inspection.queries.standing_plan import (
    MONTHS_BACK,
    CurrentPlan,
    closed_months,
    current_plan,
    months_not_closed,
)
from db.inspection.queries.working_days import WorkingDays
from db.inspection.services.sampling_plans import into_queues, one_draw_at_a_time
from db.people.models import Station
from db.store import audit
from db.store.base import table_of
from db.store.days import portal_day
from db.store.models import Meta

_NIGHT = "standing_plan_night"
_CHUNK = 500
_RANDOM = "random"


class DrawnByItself(NamedTuple):
    """How many encounters went into queues: at once, at random, and how many months were closed."""

    must_inspect: int = 0
    random: int = 0
    months: int = 0


def draw_standing(session: Session, *, now: datetime) -> DrawnByItself:
    """Do what the standing plan asks for now; repeated, it finds nothing more to do.

    What must be inspected goes into queues each time. The first time on a day (the portal's) what
    came since is drawn at random, and what a month lacks that is over for long enough.
    """
    current = current_plan(session)
    if not current.plan.active:
        return DrawnByItself()
    one_draw_at_a_time(session)
    draws = _Draws(session, current, now)
    at_once = sum(draws.at_once(month) for month in draws.months)
    closed = 0
    if draws.is_first_of_day():
        for month in draws.months:
            draws.by_night(month)
        for month in draws.months_to_close():
            draws.close(month)
            closed += 1
    drawn = sum(draws.hand_out(month) for month in draws.months)
    return DrawnByItself(must_inspect=at_once, random=drawn, months=closed)


def draw_lack(session: Session, *, who: Identity, month: int, now: datetime) -> DrawnByItself:
    """Draw now what the quotas of a month that is over lack, and close it.

    Raises:
        InvalidInput: the standing plan does not draw, the month is not over, it is closed, or it
            was before the plan.
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    one_draw_at_a_time(session)
    draws = _Draws(session, current_plan(session), now, who)
    if not draws.plan.active:
        raise InvalidInput("The standing plan is switched off.")
    if month not in draws.months or closed_months(session, [month]):
        raise InvalidInput("The standing plan does not draw this month, or has closed it.")
    if month >= month_of(draws.day):
        raise InvalidInput("This month is not over yet.")
    at_once = draws.at_once(month)
    draws.by_night(month)
    draws.close(month)
    return DrawnByItself(must_inspect=at_once, random=draws.hand_out(month), months=1)


class _Draws:
    """The draws of one moment, with what all of them look at."""

    def __init__(
        self, session: Session, current: CurrentPlan, now: datetime, who: Identity | None = None
    ) -> None:
        self._session, self._current, self._now, self._who = session, current, now, who
        self.plan = current.plan
        self.day = portal_day(session, now)
        running = month_of(self.day)
        back = (shift(running, -by) for by in range(MONTHS_BACK, -2, -1))
        self.months = [month for month in back if month >= self.plan.first_month]
        self._versions = FittingVersions(session, standing_rows(session), self.day)
        self._days = WorkingDays(session, self.day)
        self._inspectors = [
            one for one in active_inspectors(session) if not self._days.is_absent(one, self.day)
        ]
        self._regions = dict(session.execute(select(Station.id, Station.region)).all())

    def is_first_of_day(self) -> bool:
        """Whether nothing was drawn at random today, which is noted."""
        mark = self._session.scalars(select(Meta).filter_by(key=_NIGHT)).one_or_none()
        if mark is None:
            self._session.add(Meta(key=_NIGHT, value=self.day.isoformat()))
            return True
        is_first = mark.value < self.day.isoformat()
        mark.value = max(mark.value, self.day.isoformat())
        return is_first

    def months_to_close(self) -> list[int]:
        """Those over for long enough of which anything was seen; the others may still come."""
        wait = timedelta(days=self.plan.close_day - 1)
        return [
            month
            for month in months_not_closed(self._session, self.months)
            if self.day >= first_day(shift(month, 1)) + wait
        ]

    def at_once(self, month: int) -> int:
        """Give what must be inspected to inspectors who are there."""
        rules = self.plan.sharing(0)
        frame = self._frame(month, perhaps_must(self.plan.new_staff_days, month))
        sample = [
            SampledEncounter(
                row, sample_class="must_inspect", stratum=stratum_name(row), probability=1.0
            )
            for row in frame
            if must_inspect(row, rules)
        ]
        shares, seed = self._share(sample, DrawKind.AT_ONCE)
        if shares:
            plan = self._record(DrawKind.AT_ONCE, month, (len(sample), len(shares)), seed)
            self._queue(shares, plan.id)
        return len(shares)

    def by_night(self, month: int) -> None:
        """Give every encounter that is seen for the first time its rate, and draw."""
        frame = self._random_frame(month, ~is_seen())
        if not frame:
            return
        plan = self._record(DrawKind.BY_NIGHT, month, (len(frame), 0), self._current.seed)
        rows: list[dict[str, Any]] = []
        for cell, drawn in self._drawn(month, by_cell(frame)).items():
            where = cell._asdict() | {"month": month, "plan_id": plan.id}
            rows += [
                {
                    **where,
                    "interaction_id": row.interaction_id,
                    "rate": drawn.rate,
                    "probability": drawn.rate / WHOLE,
                    "drawn_in": plan.id if is_drawn else None,
                }
                for row, is_drawn in zip(drawn.encounters, drawn.taken, strict=True)
            ]
        self._session.execute(insert(DrawChance), rows)
        plan.drawn = sum(row["drawn_in"] is not None for row in rows)

    def _drawn(
        self, month: int, arrived: dict[Cell, list[FrameEncounter]]
    ) -> dict[Cell, _DrawnCell]:
        seen, usually = seen_before(self._session, month), expected(self._session, month)
        is_closed = bool(closed_months(self._session, [month]))
        elapsed, cells = _elapsed(month, self.day), {}
        for cell, encounters in sorted(arrived.items()):
            quota, before = self.plan.quota(cell.channel), seen.get(cell, Seen())
            left = Seen(encounters=before.encounters, used=quota * WHOLE) if is_closed else before
            usual = usually.get(cell, 0.0)
            one = rate(quota, left, len(encounters), expected=usual, elapsed=elapsed)
            begin = start(self._current.seed, month, cell)
            marks = taken(begin, before.used, [one] * len(encounters))
            cells[cell] = _DrawnCell(encounters, one, marks)
        return cells

    def close(self, month: int) -> None:
        """Draw what the quotas lack, and correct the probabilities of what was drawn before."""
        chances = self._session.scalars(
            select(DrawChance)
            .filter_by(month=month)
            .order_by(*CELL, DrawChance.plan_id, DrawChance.interaction_id)
        ).all()
        still = {row.interaction_id for row in self._random_frame(month, is_seen())}
        undrawn: list[DrawChance] = []
        lacking: dict[Cell, int] = {}
        changed: dict[int, float] = {}
        for cell, of_cell in groupby(chances, cell_of):
            rows = list(of_cell)
            begin = start(self._current.seed, month, cell)
            last = completion(self.plan.quota(cell.channel), begin, [row.rate for row in rows])
            lacking[cell] = last.lacking
            for row, chance in zip(rows, last.chances, strict=True):
                if row.probability != chance:
                    row.probability = changed[row.interaction_id] = chance
            undrawn += [row for row in rows if row.drawn_in is None]
        picked = draw([cell_of(row) for row in undrawn], lacking, self._current.seed + month)
        selected = [undrawn[one.position] for one in picked]
        drawn = [row for row in selected if row.interaction_id in still]
        frame = sum(row.interaction_id in still for row in undrawn)
        plan = self._record(DrawKind.MONTH_END, month, (frame, len(drawn)), self._current.seed)
        for row in drawn:
            row.drawn_in = plan.id
        self._session.flush()
        _correct(self._session, changed, self._now)

    def hand_out(self, month: int) -> int:
        """Give what was drawn at random, and nobody has yet, to inspectors who are there."""
        is_drawn = is_seen(DrawChance.drawn_in.is_not(None))
        frame = self._frame(month, is_drawn)
        ids = [row.interaction_id for row in frame]
        chances = {row.interaction_id: row for row in chances_of(self._session, ids)}
        sample = [
            SampledEncounter(
                row,
                sample_class=_RANDOM,
                stratum=stratum_name(row),
                probability=chances[row.interaction_id].probability,
            )
            for row in frame
        ]
        shares, _seed = self._share(sample, DrawKind.BY_NIGHT)
        by_plan: dict[int, list[AssignedEncounter]] = defaultdict(list)
        for share in shares:
            plan_id = chances[share.sampled.encounter.interaction_id].drawn_in
            assert plan_id is not None  # the frame's condition
            by_plan[plan_id].append(share)
        for plan_id, of_plan in by_plan.items():
            self._queue(of_plan, plan_id)
        return len(shares)

    def _frame(self, month: int, *conditions: ColumnElement[bool]) -> list[FrameEncounter]:
        return sampling_frame(self._session, month, self._versions.general, *conditions)

    def _random_frame(self, month: int, *conditions: ColumnElement[bool]) -> list[FrameEncounter]:
        rules = self.plan.sharing(0)
        return [
            row
            for row in self._frame(month, *conditions)
            if self.plan.quota(row.channel) and not must_inspect(row, rules)
        ]

    def _share(
        self, sample: Sequence[SampledEncounter], kind: DrawKind
    ) -> tuple[list[AssignedEncounter], int]:
        """Inspectors for the encounters, and the seed by which it was decided."""
        key = f"{self._current.seed}/{kind}/{self._now.isoformat()}"
        seed = random.Random(key).randrange(2**31)  # noqa: S311  repeatable on purpose
        return share_out(sample, self._inspectors, self._regions, self.plan.sharing(seed)), seed

    def _queue(self, shares: Sequence[AssignedEncounter], plan_id: int) -> None:
        due: dict[int, date] = {one.user_id: self._due(one) for one in self._inspectors}
        common = {"plan_id": plan_id, "assigned_at": self._now}
        into_queues(self._session, shares, self._versions, common, due.__getitem__)

    def _due(self, inspector: Inspector) -> date:
        return due_day(self.day, self.plan.due_days, self._days.free_days(inspector))

    def _record(
        self, kind: DrawKind, month: int, counts: tuple[int, int], seed: int
    ) -> SamplingPlan:
        """Note a draw and log it; `counts` are frame and drawn."""
        settings = asdict(self.plan) | {"edition": self._current.number, "seed": seed}
        plan = SamplingPlan(
            kind=kind,
            month=month,
            day=self.day,
            settings=settings | {"choice": self._versions.rows},
            frame_size=counts[0],
            drawn=counts[1],
            drawn_at=self._now,
            drawn_by=self._who.user_id if self._who else None,
        )
        self._session.add(plan)
        self._session.flush()  # chances and assignments name it
        audit.record(
            self._session, self._who, "draw_plan", ("sampling_plan", plan.id), now=self._now
        )
        return plan


@dataclass(frozen=True)
class _DrawnCell:
    encounters: list[FrameEncounter]
    rate: int
    taken: list[bool]


def _elapsed(month: int, day: date) -> float:
    """Which share of a month is over at the end of a day."""
    length = monthrange(*divmod(month, 100))[1]
    return min(length, max(1, (day - first_day(month)).days + 1)) / length


def _correct(session: Session, chances: dict[int, float], now: datetime) -> None:
    """Give assignments and inspections the probability that their encounters turn out to have."""
    ids, corrected = list(chances), []
    assignment = table_of(Assignment)
    for begin in range(0, len(ids), _CHUNK):
        chunk = ids[begin : begin + _CHUNK]
        session.execute(
            update(assignment)
            .where(
                assignment.c.interaction_id == bindparam("row"),
                assignment.c.sample_class == _RANDOM,
            )
            .values(inclusion_probability=bindparam("chance")),
            [{"row": key, "chance": chances[key]} for key in chunk],
        )
        for inspection in session.scalars(
            select(Inspection)
            .where(Inspection.interaction_id.in_(chunk), Inspection.sample_class == _RANDOM)
            .where(Inspection.assignment_id.is_not(None))
            .order_by(Inspection.id)
        ):
            reweigh(session, inspection, chances[inspection.interaction_id])
            corrected.append(inspection.id)
    if corrected:
        audit.record_all(session, None, "reweigh", ("inspection", corrected), now=now)
