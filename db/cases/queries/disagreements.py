"""Double scorings of an item that disagree, both opinions beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.access import Action, Identity, require
from core.checklist import Item
from core.inspection.facets import EVERYTHING
from core.inspection.states import InspectionState
from core.inspectors.double_scorings import Rated, compare
from core.scoring import Answer, parse_answers
from core.scoring.own_words import hidden_words
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import is_closed
from db.inspection.models import Inspection
from db.inspection.queries.who_may_see import yet_to_score
from db.inspectors.double_scorings import scored
from db.people.models import Station, User
from db.people.queries.shown_texts import HiddenNames, shown_answers
from db.results.queries.stations import Slice, within

MOST_LISTED = 20
MOST_COMPARED = 400
_TOGETHER = 50


class Opinion(NamedTuple):
    """What one inspector answered."""

    inspector: str
    answer: Answer | None


class Disagreement(NamedTuple):
    """An encounter whose record and second scoring rate the item differently."""

    inspection_id: int
    case_no: str
    station_code: str
    timezone: str
    occurred_at: datetime
    item: Item
    record: Opinion
    second: Opinion


class Disagreements(NamedTuple):
    """Those that disagree, newest first, of so many double scorings that rate the item twice."""

    compared: int
    rows: tuple[Disagreement, ...]


def disagreements(session: Session, who: Identity, slice_: Slice, item: str) -> Disagreements:
    """At most MOST_LISTED that disagree, of the MOST_COMPARED newest double scorings of a slice.

    Encounters that the reader has still to score are left out.

    Raises:
        NotAllowed: the role does not read second scorings.
    """
    require(who, Action.AMEND)
    compared = 0
    rows: list[Disagreement] = []
    for record, second, rated in _ratings(session, who, slice_, item):
        compared += 1
        if rated.record != rated.second:
            rows.append(_disagreement(session, who, record, second, item))
        if len(rows) == MOST_LISTED:
            break
    return Disagreements(compared, tuple(rows))


def _ratings(
    session: Session, who: Identity, slice_: Slice, item: str
) -> Iterator[tuple[Inspection, Inspection, Rated]]:
    """The newest pairs that both rate the item."""
    pairs = _pairs(session, slice_)
    waiting = yet_to_score(session, who, [record for record, _second in pairs])
    readable = [pair for pair in pairs if pair[0] not in waiting]
    for start in range(0, len(readable), _TOGETHER):
        some = readable[start : start + _TOGETHER]
        keys = [key for pair in some for key in pair]
        rows = session.scalars(select(Inspection).where(Inspection.id.in_(keys)))
        by_id = {one.inspection.id: one for one in scored(session, rows)}
        for record, second in some:
            one, other = by_id[record], by_id[second]
            for rated in compare(one.sheet, other.sheet).items:
                if rated.item == item:
                    yield one.inspection, other.inspection, rated


def _pairs(session: Session, slice_: Slice) -> list[tuple[int, int]]:
    """The facets of a pair are those of its record: people may have moved before the second."""
    record, second = aliased(Inspection), aliased(Inspection)
    query = (
        select(record.id, second.id)
        .join(
            second,
            (second.interaction_id == record.interaction_id)
            & (second.checklist_version_id == record.checklist_version_id),
        )
        .where(
            *within(second, replace(slice_, facets=EVERYTHING)),
            *within(record, slice_),
            record.purpose == "record",
            second.purpose == "second",
            record.state == InspectionState.VALID,
            second.state == InspectionState.VALID,
        )
        .order_by(second.occurred_at.desc(), second.id.desc())
        .limit(MOST_COMPARED)
    )
    return [(one, other) for one, other in session.execute(query)]


def _disagreement(
    session: Session, who: Identity, record: Inspection, second: Inspection, item: str
) -> Disagreement:
    encounter = session.get_one(Interaction, record.interaction_id)
    station = session.get_one(Station, record.station_id)
    case_no = HiddenNames(session, who).in_inspection(record).hide(encounter.external_id)
    return Disagreement(
        inspection_id=record.id,
        case_no=case_no,
        station_code=station.code,
        timezone=station.timezone,
        occurred_at=record.occurred_at,
        item=checklist_of(session, record.checklist_version_id).by_key[item],
        record=_opinion(session, who, record, item),
        second=_opinion(session, who, second, item),
    )


def _opinion(session: Session, who: Identity, inspection: Inspection, item: str) -> Opinion:
    checklist = checklist_of(session, inspection.checklist_version_id)
    names = HiddenNames(session, who).in_inspection(inspection)
    answers = shown_answers(names, checklist, inspection.answers)
    if is_closed(session.get_one(Interaction, inspection.interaction_id)):
        answers = hidden_words(checklist, answers)
    return Opinion(
        inspector=session.get_one(User, inspection.inspector_id).name,
        answer=parse_answers(checklist, answers).get(item),
    )
