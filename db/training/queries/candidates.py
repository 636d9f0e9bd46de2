"""Who should attend a course, by findings and by what is due, and how many an answer needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity, may_know_names
from core.effect import change_spread, people_needed
from core.periods import Period
from core.training import (
    CompetencyState,
    LossRecord,
    Proposal,
    Reason,
    Standing,
    propose,
    told_reason,
    urgency,
)
from db.people.models import Staff, Station
from db.people.queries.shown_texts import StaffLabels
from db.store.days import portal_zone
from db.training.models import TrainingEnrolment
from db.training.queries.course_standing import course_states
from db.training.queries.courses import course_of, planned_course
from db.training.queries.taught_items import TaughtTally

_MONTHS_AFTER = 3
_Homes = dict[int, tuple[int, str]]
_OPEN = {
    Standing.RETRAIN: Reason.RESIT,
    Standing.ABSENT: Reason.RESIT,
    Standing.OVERDUE: Reason.DUE,
    Standing.DUE_SOON: Reason.DUE,
}


@dataclass(frozen=True)
class Candidate:
    """Somebody to enrol. `label` is a pseudonym unless the person looking may know names.

    Then there are no counts either, and `told` says less than `reason`: beside the cases of a
    station both would tell whose they are.
    """

    staff_id: int
    label: str
    station_id: int
    station_code: str
    reason: Reason
    told: Reason | None
    inspections: int | None
    losing: int | None


@dataclass(frozen=True)
class Planning:
    """What the size of a course is planned by.

    Attributes:
        scored: people with scores on the taught items in the selection period.
        monthly: inspections a person has in a month, on average.
        within: variance of such scores within a person; None where nobody has two.
    """

    scored: int
    monthly: float
    within: float | None

    def needed(self, effect: float, *, months_before: int) -> int | None:
        """People an effect of so many points calls for, with as many alike untrained; None unknown.

        Counts `months_before` months of scores before and three after the training.
        """
        if self.within is None or not self.monthly:
            return None
        before = max(1, round(self.monthly * months_before))
        after = max(1, round(self.monthly * _MONTHS_AFTER))
        spread = change_spread(self.within, before, after, matched=True)
        return people_needed(effect, spread)


class ProposalBasis(NamedTuple):
    """What proposals are made from.

    Attributes:
        selection: the months people are picked by.
        today: the day it is.
        by_staff: `tallies` of what the course teaches in these months.
        run_id: the run whose people are left out.
    """

    selection: Period
    today: date
    by_staff: Mapping[int, Mapping[int, TaughtTally]]
    run_id: int | None = None


@dataclass(frozen=True)
class Candidates:
    people: tuple[Candidate, ...]
    planning: Planning


def candidates(session: Session, who: Identity, course_id: int, basis: ProposalBasis) -> Candidates:
    """Who should attend, by findings of the selection period and by what is due.

    Raises:
        NotAllowed: the role does not plan training.
        NotFound: there is no such course.
    """
    course = planned_course(session, who, course_id)
    by_staff = basis.by_staff
    homes = _homes(session)
    records = {
        staff: _record(staff, homes[staff][0], list(months.values()))
        for staff, months in by_staff.items()
        if staff in homes
    }
    proposals = {row.staff: row for row in propose(list(records.values()))}
    states = course_states(session, course_of(course, portal_zone(session)), basis.today)
    for staff, reason in _due(states).items():
        record = records.get(staff, _record(staff, homes[staff][0], ()))
        proposals.setdefault(
            staff,
            Proposal(
                staff=staff,
                station=record.station,
                reason=reason,
                inspections=record.inspections,
                losing=record.losing,
            ),
        )
    inside = _enrolled(session, basis.run_id)
    outside = [row for row in proposals.values() if row.staff not in inside]
    return Candidates(_named(session, who, outside, homes), _planning(by_staff, basis.selection))


def _homes(session: Session) -> _Homes:
    """Station id and code of everybody who works here."""
    rows = session.execute(
        select(Staff.id, Staff.station_id, Station.code)
        .join(Station, Station.id == Staff.station_id)
        .where(Staff.active.is_(True))
    )
    return {staff: (station, code) for staff, station, code in rows}


def _record(staff: int, station: int, months: Sequence[TaughtTally]) -> LossRecord:
    return LossRecord(
        staff=staff,
        station=station,
        inspections=sum(tally.inspections for tally in months),
        losing=sum(tally.losing for tally in months),
    )


def _enrolled(session: Session, run_id: int | None) -> set[int]:
    return set(session.scalars(select(TrainingEnrolment.staff_id).filter_by(run_id=run_id)))


def _due(states: Mapping[int, CompetencyState]) -> dict[int, Reason]:
    return {
        staff: _OPEN[state.standing] for staff, state in states.items() if state.standing in _OPEN
    }


def _named(
    session: Session, who: Identity, rows: Iterable[Proposal], homes: _Homes
) -> tuple[Candidate, ...]:
    proposals = list(rows)
    labels = StaffLabels.for_training(session, who)
    labels.prepare({row.staff for row in proposals})
    sizes = Counter(station for station, _code in homes.values())
    known = {row.station: may_know_names(who, row.station) for row in proposals}
    told = {
        row.staff: told_reason(row.reason, named=known[row.station], people=sizes[row.station])
        for row in proposals
    }
    # Of people without names none comes before another of the station and reason told.
    alike: dict[tuple[int, Reason | None], tuple[int, float]] = {}
    for row in proposals:
        group = (row.station, told[row.staff])
        alike[group] = min(urgency(row), alike.get(group, urgency(row)))
    people = [
        Candidate(
            staff_id=row.staff,
            label=labels.label(row.staff, row.station),
            station_id=row.station,
            station_code=homes[row.staff][1],
            reason=row.reason,
            told=told[row.staff],
            inspections=row.inspections if known[row.station] else None,
            losing=row.losing if known[row.station] else None,
        )
        for row in proposals
    ]
    urgencies = {
        row.staff: urgency(row) if known[row.station] else alike[row.station, told[row.staff]]
        for row in proposals
    }
    return tuple(
        sorted(people, key=lambda row: (*urgencies[row.staff_id], row.station_code, row.label))
    )


def _planning(by_staff: Mapping[int, Mapping[int, TaughtTally]], selection: Period) -> Planning:
    people = [reduce(add, (t.scores for t in months.values())) for months in by_staff.values()]
    if not people:
        return Planning(scored=0, monthly=0.0, within=None)
    count = sum(scores.n for scores in people)
    freedom = count - len(people)
    residual = sum(max(0.0, scores.squares - scores.total * scores.mean) for scores in people)
    monthly = count / len(people) / selection.length
    return Planning(
        scored=len(people), monthly=monthly, within=residual / freedom if freedom else None
    )
