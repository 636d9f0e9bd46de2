"""The cases most similar to one: first by the items they lost, then by their transcripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.encounters.similarity import loss_similarity, text_similarity
from core.inspection.states import InspectionState
from db.cases.queries.case import case
from db.cases.queries.case_rows import CaseRow, rows_of
from db.cases.queries.case_search import names_in
from db.encounters.models import Turn
from db.encounters.queries.consent import open_to_use
from db.inspection.models import Finding, Inspection
from db.people.queries.shown_texts import HiddenNames

MOST = 10
_ITEMS = 5
_NEAR = 60
"""Cases of an item read on either side of the score."""
_BY_TEXT = 150
"""Cases most alike in losses whose texts are compared."""


@dataclass(frozen=True)
class Similar:
    """A case like another; `losses` and `text` say how alike, 0 to 1."""

    row: CaseRow
    losses: float
    text: float


def similar_cases(session: Session, who: Identity, inspection_id: int) -> list[Similar]:
    """The ten valid inspections of record most alike, half by losses and half by text.

    Candidates are those that lost the same items and come nearest in score, so that it takes the
    same time however many cases there are. None where the customer refuses, nor any such case.

    Raises:
        NotAllowed: the person's role does not browse cases.
        NotFound: the case lies outside what the person may see.
    """
    if case(session, who, inspection_id).closed:
        return []
    visible = visible_stations(who, Action.SEE_CASES)
    inspection = session.get_one(Inspection, inspection_id)
    lost = _losses(session, [inspection_id]).get(inspection_id, {})
    candidates = _candidates(session, inspection, sorted(lost, key=lost.__getitem__)[-_ITEMS:])
    permitted = _permitted(session, candidates, visible)
    losses = _losses(session, permitted)
    alike = {key: loss_similarity(lost, losses.get(key, {})) for key in permitted}
    nearest = sorted(permitted, key=lambda key: (-alike[key], key))[:_BY_TEXT]
    texts = _texts(session, HiddenNames(session, who), [inspection_id, *nearest])
    similarities = text_similarity(
        texts.get(inspection_id, ""), [texts.get(key, "") for key in nearest]
    ).tolist()
    best = sorted(
        zip(nearest, similarities, strict=True), key=lambda pair: -(alike[pair[0]] + pair[1])
    )
    similarity_by_case = dict(best[:MOST])
    rows = rows_of(session, who, list(similarity_by_case))
    return [
        Similar(row, losses=alike[row.inspection_id], text=similarity_by_case[row.inspection_id])
        for row in rows
    ]


def _candidates(session: Session, inspection: Inspection, items: Sequence[str]) -> set[int]:
    """Cases near in score that lost one of the items, or just near in score."""
    score = inspection.score or 0.0
    queries = [query for item in items for query in _near_findings(item, score)]
    ids: set[int] = set()
    for query in queries or _near_inspections(score):
        ids.update(session.scalars(query))
    return ids - {inspection.id}


def _near_findings(item: str, score: float) -> list[Select[int]]:
    findings = select(Finding.inspection_id).where(Finding.item_key == item).limit(_NEAR)
    return [
        findings.where(Finding.score >= score).order_by(Finding.score, Finding.inspection_id),
        findings.where(Finding.score < score).order_by(
            Finding.score.desc(), Finding.inspection_id.desc()
        ),
    ]


def _near_inspections(score: float) -> list[Select[int]]:
    inspections = (
        select(Inspection.id)
        .where(Inspection.state == InspectionState.VALID, Inspection.purpose == "record")
        .limit(_NEAR * _ITEMS)
    )
    return [
        inspections.where(Inspection.score >= score).order_by(Inspection.score, Inspection.id),
        inspections.where(Inspection.score < score).order_by(
            Inspection.score.desc(), Inspection.id.desc()
        ),
    ]


def _permitted(session: Session, ids: Iterable[int], visible: frozenset[int] | None) -> list[int]:
    query = select(Inspection.id, Inspection.station_id).where(
        Inspection.id.in_(list(ids)),
        Inspection.state.concat("") == InspectionState.VALID,
        open_to_use(Inspection.interaction_id),
    )
    return [key for key, station in session.execute(query) if visible is None or station in visible]


def _losses(session: Session, ids: Sequence[int]) -> dict[int, dict[str, float]]:
    rows = session.execute(
        select(Finding.inspection_id, Finding.item_key, Finding.points_lost).where(
            Finding.inspection_id.in_(ids)
        )
    )
    losses: dict[int, dict[str, float]] = {}
    for key, item, points in rows:
        losses.setdefault(key, {})[item] = points
    return losses


def _texts(session: Session, hidden_names: HiddenNames, ids: Sequence[int]) -> dict[int, str]:
    """The transcripts of some cases, with the names hidden that the reader may not know."""
    rows = session.execute(
        select(Inspection.id, Turn.text)
        .join(Turn, Turn.interaction_id == Inspection.interaction_id)
        .where(Inspection.id.in_(ids), open_to_use(Inspection.interaction_id))
        .order_by(Inspection.id, Turn.position)
    )
    turns_by_case: dict[int, list[str]] = {}
    for key, text in rows:
        turns_by_case.setdefault(key, []).append(text)
    names = names_in(session, hidden_names, turns_by_case)
    return {key: names[key].hide("\n".join(turns)) for key, turns in turns_by_case.items()}
