"""Looking each night for the same answer all through, given faster than encounters can be read.

What stands out in the last three whole months is kept, once for the months; nobody but the
inspector reads it before the inspector has been shown it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.clock.days import begin_of
from core.inspection.states import InspectionState
from core.inspectors.straight_lining import (
    MONTHS,
    Comparison,
    Evaluation,
    compared,
    is_same_throughout,
    reading_seconds,
)
from core.periods import first_day, month_of, shift
from core.scoring import parse_answers, score
from db.checklists.parsed_versions import checklists_of
from db.encounters.models import Interaction, Turn
from db.inspection.models import Inspection
from db.inspectors.models import AnswerPattern
from db.store.days import portal_day, portal_zone

_AT_ONCE = 500


class _Timed(NamedTuple):
    """An evaluation with the time it took, and what there was to read or to hear."""

    inspection_id: int
    inspector_id: int
    interaction_id: int
    checklist_version_id: int
    active_seconds: float
    language: str
    sound_seconds: float | None
    characters: int


def look_for_patterns(session: Session, *, now: datetime) -> int:
    """Keep what stands out in the last whole months and is not kept yet; how many inspectors."""
    running = month_of(portal_day(session, now))
    last = shift(running, -1)
    evaluations = _evaluations(session, shift(running, -MONTHS), running)
    kept = set(session.scalars(select(AnswerPattern.user_id).where(AnswerPattern.month == last)))
    new = [
        _pattern(inspector_id, last, comparison, now)
        for inspector_id, comparison in _standing_out(evaluations)
        if inspector_id not in kept
    ]
    session.add_all(new)
    return len(new)


def _evaluations(session: Session, first: int, running: int) -> dict[int, list[Evaluation]]:
    """By inspector, what was scored at the pad in the months before the running one.

    What somebody amended is left out, as the answers are no longer the inspector's; so is what
    nobody timed, and what had nothing to read or to hear.
    """
    zone = portal_zone(session)
    since, until = (begin_of(first_day(month), zone) for month in (first, running))
    by_inspector: defaultdict[int, list[Evaluation]] = defaultdict(list)
    timed = _timed(session, since, until)
    fast = [row.inspection_id for row in timed if _is_fast(row)]
    same = _same_throughout(session, fast)
    for row in timed:
        by_inspector[row.inspector_id].append(
            Evaluation(
                encounter=row.interaction_id,
                checklist=row.checklist_version_id,
                straight=row.inspection_id in same,
            )
        )
    return by_inspector


def _timed(session: Session, since: datetime, until: datetime) -> list[_Timed]:
    characters = (
        select(func.coalesce(func.sum(func.length(Turn.text)), 0))
        .where(Turn.interaction_id == Interaction.id)
        .correlate(Interaction)
        .scalar_subquery()
    )
    sound = case((Interaction.recording.is_not(None), Interaction.duration_seconds))
    rows = session.execute(
        select(
            Inspection.id.label("inspection_id"),
            Inspection.inspector_id,
            Inspection.interaction_id,
            Inspection.checklist_version_id,
            Inspection.active_seconds,
            Interaction.language,
            sound.label("sound_seconds"),
            characters.label("characters"),
        )
        .join(Interaction, Interaction.id == Inspection.interaction_id)
        .where(
            Inspection.submitted_at >= since,
            Inspection.submitted_at < until,
            Inspection.state == InspectionState.VALID,
            Inspection.replaces_id.is_(None),
            Inspection.active_seconds.is_not(None),
            Inspection.assignment_id.is_not(None),
        )
    )
    timed = [_Timed(**row._asdict()) for row in rows]
    return [row for row in timed if _least_seconds(row) is not None]


def _least_seconds(row: _Timed) -> float | None:
    return reading_seconds(row.characters, row.language, row.sound_seconds)


def _is_fast(row: _Timed) -> bool:
    return row.active_seconds < (_least_seconds(row) or 0.0)


def _same_throughout(session: Session, inspection_ids: Sequence[int]) -> set[int]:
    """Those of some inspections with the same answer to all that applies."""
    same: set[int] = set()
    for begin in range(0, len(inspection_ids), _AT_ONCE):
        some = inspection_ids[begin : begin + _AT_ONCE]
        rows = session.execute(
            select(Inspection.id, Inspection.checklist_version_id, Inspection.answers).where(
                Inspection.id.in_(some)
            )
        ).all()
        checklists = checklists_of(session, {row.checklist_version_id for row in rows})
        for inspection_id, version_id, answers in rows:
            checklist = checklists[version_id]
            if is_same_throughout(score(checklist, parse_answers(checklist, answers))):
                same.add(inspection_id)
    return same


def _standing_out(
    evaluations: Mapping[int, Sequence[Evaluation]],
) -> Iterator[tuple[int, Comparison]]:
    for inspector_id, own in evaluations.items():
        if not any(each.straight for each in own):
            continue
        colleagues = (theirs for who, theirs in evaluations.items() if who != inspector_id)
        comparison = compared(own, chain.from_iterable(colleagues))
        if comparison is not None and comparison.stands_out:
            yield inspector_id, comparison


def _pattern(inspector_id: int, month: int, comparison: Comparison, now: datetime) -> AnswerPattern:
    return AnswerPattern(
        user_id=inspector_id,
        month=month,
        basis=comparison.basis,
        evaluations=comparison.evaluations,
        straight=comparison.straight,
        others=comparison.others,
        others_straight=comparison.others_straight,
        computed_at=now,
    )
