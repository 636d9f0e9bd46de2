"""Keeping the sums of double scorings: each record beside each second scoring of its encounter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.checklist import Checklist
from core.inspection.states import InspectionState
from core.inspectors.double_scorings import Doubled, compare
from core.scoring import ScoreSheet, parse_answers, score
from db.checklists.parsed_versions import checklists_of
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.inspectors.models import (
    DoubleInspectorMonth,
    DoubleItemMonth,
    FacetedDoubleInspectorMonth,
    FacetedDoubleItemMonth,
)
from db.results import rollups
from db.results.rollups import Increment
from db.store.base import Model

TABLES: tuple[type[Model], ...] = (
    DoubleItemMonth,
    FacetedDoubleItemMonth,
    DoubleInspectorMonth,
    FacetedDoubleInspectorMonth,
)
_PURPOSES = ("record", "second")
_HALVES = select(Inspection.id, Inspection.purpose).where(
    Inspection.interaction_id.in_(bindparam("calls", expanding=True)),
    Inspection.state == InspectionState.VALID,
    Inspection.sample_class != rollups.CHOSEN,
)


class ScoredTwice(NamedTuple):
    inspection: Inspection
    sheet: ScoreSheet


def counts(inspection: Inspection) -> bool:
    """Whether an inspection can be half of a pair: one that somebody picked out cannot."""
    is_chosen = inspection.sample_class == rollups.CHOSEN
    is_valid = inspection.state == InspectionState.VALID
    return inspection.purpose in _PURPOSES and is_valid and not is_chosen


def add(session: Session, scored: Sequence[ScoredTwice]) -> None:
    """Enter every pair that inspections just stored form with each other or with older ones."""
    new = [one for one in scored if counts(one.inspection)]
    if new:
        rollups.apply(session, _increments(_completed(session, new)), sign=1)


def remove(session: Session, inspection: Inspection, sheet: ScoreSheet) -> None:
    """Take the pairs of an inspection out again; call it while the inspection is still valid."""
    if counts(inspection):
        pairs = _completed(session, [ScoredTwice(inspection, sheet)])
        rollups.apply(session, _increments(pairs), sign=-1)


def all_pairs(session: Session, seconds: Iterable[Inspection]) -> Iterator[Increment]:
    """What the pairs of some second scorings add, for a rebuild."""
    scorings = scored(session, filter(counts, seconds))
    yield from _increments(
        pair for pair in _completed(session, scorings) if pair[0].inspection.purpose == "record"
    )


def scored(session: Session, inspections: Iterable[Inspection]) -> list[ScoredTwice]:
    """Inspections with their score sheets."""
    rows = list(inspections)
    checklists = checklists_of(session, (inspection.checklist_version_id for inspection in rows))
    return [_scored(checklists[inspection.checklist_version_id], inspection) for inspection in rows]


def _scored(checklist: Checklist, inspection: Inspection) -> ScoredTwice:
    return ScoredTwice(inspection, score(checklist, parse_answers(checklist, inspection.answers)))


_Pair = tuple[ScoredTwice, ScoredTwice]


def _completed(session: Session, scorings: Sequence[ScoredTwice]) -> list[_Pair]:
    """Pairs of record and second scoring, with one of `scorings` on at least one side.

    The encounters are locked first, in order: of two halves submitted at the same moment the later
    one then sees the earlier.
    """
    calls = sorted({one.inspection.interaction_id for one in scorings})
    if session.get_bind().dialect.name == "postgresql":
        lock = select(Interaction.id).where(Interaction.id.in_(calls)).order_by(Interaction.id)
        session.execute(lock.with_for_update())
    new = {one.inspection.id for one in scorings}
    halves = session.execute(_HALVES, {"calls": calls})
    older = [key for key, purpose in halves if key not in new and purpose in _PURPOSES]
    if not older and len(scorings) == 1:
        return []
    all_scorings = [*scorings, *_loaded(session, older)]
    records = {
        _encounter_and_version(one): one
        for one in all_scorings
        if one.inspection.purpose == "record"
    }
    seconds = [one for one in all_scorings if one.inspection.purpose == "second"]
    pairs = [
        (records[_encounter_and_version(one)], one)
        for one in seconds
        if _encounter_and_version(one) in records
    ]
    return [pair for pair in pairs if new & {half.inspection.id for half in pair}]


def _loaded(session: Session, keys: Sequence[int]) -> list[ScoredTwice]:
    if not keys:
        return []
    query = select(Inspection).where(Inspection.id.in_(keys)).order_by(Inspection.id)
    return scored(session, session.scalars(query))


def _encounter_and_version(one: ScoredTwice) -> tuple[int, int]:
    return one.inspection.interaction_id, one.inspection.checklist_version_id


def _increments(pairs: Iterable[_Pair]) -> Iterator[Increment]:
    """The rows of some pairs, table by table and in an order that is the same for all."""
    increments = [increment for pair in pairs for increment in _of_pair(*pair)]
    yield from sorted(
        increments, key=lambda addend: (TABLES.index(addend.table), str(addend.values))
    )


def _of_pair(record: ScoredTwice, second: ScoredTwice) -> Iterator[Increment]:
    row = record.inspection
    grain = {
        "checklist_version_id": row.checklist_version_id,
        "channel": row.channel,
        "sample_class": row.sample_class,
        "month": row.month,
    }
    facets = rollups.facets_of(row)
    doubled = compare(record.sheet, second.sheet)
    for item in doubled.items:
        values = {"item_key": item.item, "record": item.record, "second": item.second, "n": 1}
        yield Increment(DoubleItemMonth, {**grain, **values})
        yield Increment(FacetedDoubleItemMonth, {**grain, **facets, **values})
    shares = _shares(doubled)
    for own, other in ((record, second), (second, record)):
        who = {"inspector_id": own.inspection.inspector_id, "is_record": own is record}
        values = {**grain, **who, **_scores(own, other), **shares}
        yield Increment(DoubleInspectorMonth, values)
        yield Increment(FacetedDoubleInspectorMonth, {**facets, **values})


def _scores(own: ScoredTwice, other: ScoredTwice) -> dict[str, Any]:
    x, y = own.sheet.score_before_critical, other.sheet.score_before_critical
    has_both = x is not None and y is not None
    a, b = (x or 0.0, y or 0.0) if has_both else (0.0, 0.0)
    squares = {"own_squares": a * a, "other_squares": b * b, "product": a * b}
    return {"n": int(has_both), "own": a, "other": b, **squares}


def _shares(doubled: Doubled) -> dict[str, Any]:
    a, b, c = (value or 0.0 for value in (doubled.alike, doubled.lost, doubled.na))
    squares = {"alike_squares": a * a, "lost_squares": b * b, "na_squares": c * c}
    products = {"alike_lost": a * b, "alike_na": a * c, "lost_na": b * c}
    sums = {"alike": a, "lost": b, "na": c}
    return {"cases": int(bool(doubled.items)), **sums, **squares, **products}
