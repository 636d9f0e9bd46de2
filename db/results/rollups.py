"""Keeping the derived figures: what one inspection adds, and adding or removing it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from core.checklist.model import BOT
from core.inspection.facets import Facets
from core.inspection.states import InspectionState
from core.scoring import ItemScore, ScoreSheet
from db.encounters import search_index
from db.inspection.models import Finding, Inspection
from db.results.models import (
    FacetedInspectorMonth,
    FacetedStationItemMonth,
    FacetedStationMonth,
    FacetedStationSectionMonth,
    InspectorItemMonth,
    InspectorMonth,
    ScoreCell,
    StaffMonth,
    StationDay,
    StationItemMonth,
    StationMonth,
    StationSectionMonth,
)
from db.store.base import Model, table_of
from db.store.session import dialect_of, insert_into

TABLES: tuple[type[Model], ...] = (
    StationDay,
    StationMonth,
    FacetedStationMonth,
    StaffMonth,
    ScoreCell,
    StationSectionMonth,
    FacetedStationSectionMonth,
    StationItemMonth,
    FacetedStationItemMonth,
    InspectorItemMonth,
    InspectorMonth,
    FacetedInspectorMonth,
)
CHOSEN = "chosen"
"""The sample class of what somebody picked out: it has findings, and is in no figure."""
Rows = dict[tuple[Any, ...], dict[str, Any]]
"""Rows of one rollup by their keys."""
_LABELS = {"section_key": {StationItemMonth, FacetedStationItemMonth}}  # neither key nor sum


@dataclass(frozen=True)
class Increment:
    """What one inspection adds to one rollup row."""

    table: type[Model]
    values: dict[str, Any]


def counts(inspection: Inspection) -> bool:
    """Whether an inspection enters findings and rollups."""
    return inspection.purpose == "record" and inspection.state == InspectionState.VALID


def add(session: Session, inspection: Inspection, sheet: ScoreSheet, checklist_id: int) -> None:
    """Enter a valid inspection of record into findings, rollups and the search index."""
    if rows := findings(inspection, sheet, checklist_id):
        session.execute(insert(table_of(Finding)), rows)
    apply(session, increments(inspection, sheet), sign=1)
    search_index.index_inspected(session, [inspection])


def remove(session: Session, inspection: Inspection, sheet: ScoreSheet) -> None:
    """Take an inspection out again, as when it is amended or voided."""
    session.execute(delete(Finding).where(Finding.inspection_id == inspection.id))
    apply(session, increments(inspection, sheet), sign=-1)


def findings(inspection: Inspection, sheet: ScoreSheet, checklist_id: int) -> list[dict[str, Any]]:
    """One row for each item that lost points or had a critical effect."""
    return [_finding(inspection, item, checklist_id) for item in sheet.items if _is_lost(item)]


def increments(inspection: Inspection, sheet: ScoreSheet) -> Iterator[Increment]:
    """Every rollup row an inspection touches, in an order that is the same for all.

    One that was chosen touches none.
    """
    if inspection.sample_class == CHOSEN:
        return
    grain = {
        "checklist_version_id": inspection.checklist_version_id,
        "channel": inspection.channel,
        "sample_class": inspection.sample_class,
    }
    station = {**grain, "station_id": inspection.station_id}
    month = {**station, "month": inspection.month}
    facets = facets_of(inspection)
    staff = {**month, "staff_id": _scored(inspection) or 0}
    sums, counted = _sums(inspection), _counted(sheet)
    sums_of_month = {**month, **sums, **counted, **_key_moments(inspection)}
    yield Increment(StationDay, {**station, **facets, "day": inspection.day, **sums})
    yield Increment(StationMonth, sums_of_month)
    yield Increment(FacetedStationMonth, {**facets, **sums_of_month})
    yield Increment(StaffMonth, {**staff, **sums})
    whose = {"inspector_id": inspection.inspector_id, "stratum": inspection.stratum}
    yield Increment(ScoreCell, {**staff, **facets, **whose, **sums, **_weights(inspection)})
    for section in sorted(sheet.sections, key=lambda section: section.key):
        if section.score is not None:
            values = {**month, "section_key": section.key, **_section_sums(section.score)}
            yield Increment(StationSectionMonth, values)
            yield Increment(FacetedStationSectionMonth, {**facets, **values})
    for item in sorted(sheet.items, key=lambda item: item.key):
        if item.status in ("answered", "na"):
            values = {**month, **_item_sums(item)}
            yield Increment(StationItemMonth, values)
            yield Increment(FacetedStationItemMonth, {**facets, **values})
            yield Increment(InspectorItemMonth, _by_inspector(inspection, grain, item))
    person = {**grain, "inspector_id": inspection.inspector_id, "month": inspection.month}
    values = {**person, **_of_inspector(inspection, sums), **counted}
    yield Increment(InspectorMonth, values)
    yield Increment(FacetedInspectorMonth, {**facets, **values})


def facets_of(inspection: Inspection) -> dict[str, str]:
    """The keys by which the sums by facets hold an inspection."""
    return {name: getattr(inspection, name) for name in Facets._fields}


def apply(session: Session, rows: Iterable[Increment], *, sign: int) -> None:
    """Add increments to their rows, or with sign -1 take them away, table by table."""
    by_table: dict[type[Model], list[dict[str, Any]]] = {}
    for row in rows:
        sums = summed(row.table)
        values = {k: v * sign if k in sums else v for k, v in row.values.items()}
        by_table.setdefault(row.table, []).append(values)
    for table, summands in by_table.items():
        write(session, table, summands)


def reweigh(
    session: Session, inspection: Inspection, sheet: ScoreSheet, probability: float
) -> None:
    """Change what a counted inspection stands for in its population; sums of scores stay."""
    for sign in (-1, 1):
        cells = [row for row in increments(inspection, sheet) if row.table is ScoreCell]
        apply(session, cells, sign=sign)
        inspection.inclusion_probability = probability


def gather(rows: Rows, increment: Increment) -> None:
    """Add an increment to its row in memory, so that the row is written once."""
    sums = summed(increment.table)
    key = tuple(value for name, value in increment.values.items() if name not in sums)
    row = rows.get(key)
    if row is None:
        rows[key] = dict(increment.values)
        return
    for name in sums:
        row[name] += increment.values[name]


def write(session: Session, table: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Add sums to the rows that are stored, or store them."""
    session.execute(_upsert(table, dialect_of(session)), rows)


def _scored(inspection: Inspection) -> int | None:
    """In whose figures it counts: what a bot said, or somebody picked out, in nobody's."""
    is_nobodys = inspection.channel == BOT or inspection.sample_class == CHOSEN
    return None if is_nobodys else inspection.staff_id


def _sums(inspection: Inspection) -> dict[str, Any]:
    score, before = inspection.score, inspection.score_before_critical
    if score is None or before is None:
        return {"n": 0, "unscored": 1, "critical": int(inspection.critical)} | dict.fromkeys(
            ("total", "squares", "total_before", "squares_before", "passed"), 0
        )
    return {
        "n": 1,
        "unscored": 0,
        "total": score,
        "squares": score**2,
        "total_before": before,
        "squares_before": before**2,
        "critical": int(inspection.critical),
        "passed": int(bool(inspection.passed)),
    }


def _counted(sheet: ScoreSheet) -> dict[str, int]:
    statuses = [item.status for item in sheet.items]
    return {"answered": statuses.count("answered"), "na": statuses.count("na")}


def _key_moments(inspection: Inspection) -> dict[str, Any]:
    score = inspection.key_moment_score
    total = score or 0.0
    return {"key_n": int(score is not None), "key_total": total, "key_squares": total**2}


def _of_inspector(inspection: Inspection, sums: dict[str, Any]) -> dict[str, Any]:
    seconds = inspection.active_seconds or 0.0
    log = math.log(seconds) if seconds > 0 else 0.0
    scores = {name: sums[name] for name in ("n", "unscored", "total_before", "squares_before")}
    return scores | {"timed": int(seconds > 0), "log_seconds": log, "log_squares": log**2}


def _weights(inspection: Inspection) -> dict[str, float]:
    """What the inspection stands for in its population."""
    if inspection.score is None or inspection.score_before_critical is None:
        return {"weight": 0.0, "weighted": 0.0}
    weight = 1 / inspection.inclusion_probability
    return {"weight": weight, "weighted": weight * inspection.score_before_critical}


def _section_sums(score: float) -> dict[str, Any]:
    return {"n": 1, "total": score, "squares": score**2}


def _item_sums(item: ItemScore) -> dict[str, Any]:
    return {
        "item_key": item.key,
        "section_key": item.section,
        "answered": int(item.status == "answered"),
        "lost": int(_is_lost(item)),
        "na": int(item.status == "na"),
        "critical": int(item.effect is not None),
        "points_lost": item.points_lost or 0.0,
    }


def _by_inspector(inspection: Inspection, grain: dict[str, Any], item: ItemScore) -> dict[str, Any]:
    return {
        **grain,
        "inspector_id": inspection.inspector_id,
        "item_key": item.key,
        "month": inspection.month,
        "answered": int(item.status == "answered"),
        "na": int(item.status == "na"),
    }


def _is_lost(item: ItemScore) -> bool:
    return bool(item.points_lost) or item.effect is not None


def _finding(inspection: Inspection, item: ItemScore, checklist_id: int) -> dict[str, Any]:
    return {
        "inspection_id": inspection.id,
        "station_id": inspection.station_id,
        "staff_id": _scored(inspection),
        "checklist_id": checklist_id,
        "section_key": item.section,
        "item_key": item.key,
        "month": inspection.month,
        "score": inspection.score,
        "points_lost": item.points_lost or 0.0,
        "effect": item.effect,
    }


@cache
def summed(model: type[Model]) -> frozenset[str]:
    """The columns of a rollup that add up, in contrast to its keys."""
    table = table_of(model)
    labels = {name for name, owners in _LABELS.items() if model in owners}
    return frozenset(c.name for c in table.columns if not c.primary_key and c.name not in labels)


@cache
def _upsert(model: type[Model], dialect: str) -> Any:  # noqa: ANN401  one of two Insert types
    table, statement = table_of(model), insert_into(model, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in summed(model)},
    )
