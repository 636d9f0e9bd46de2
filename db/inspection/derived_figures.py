"""What a stored inspection brings with it: evidence, findings, sums, pairs of double scorings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.scoring import ScoreSheet, parse_answers, score
from db.checklists.parsed_versions import checklist_of
from db.inspection.models import Evidence, Inspection
from db.inspectors import double_scorings
from db.results import rollups
from db.store.base import table_of

EVIDENCE_FIELDS = (
    "item_key",
    "turn_position",
    "start_offset",
    "end_offset",
    "start_second",
    "end_second",
    "photo",
    "region_left",
    "region_top",
    "region_width",
    "region_height",
    "moment",
    "moment_kind",
    "note",
)


def results(sheet: ScoreSheet) -> dict[str, Any]:
    """The columns of an inspection that its score sheet fills."""
    return {
        "score": sheet.score,
        "score_before_critical": sheet.score_before_critical,
        "key_moment_score": sheet.key_moment_score,
        "band": sheet.band,
        "passed": sheet.passed,
        "critical": sheet.critical,
    }


def enter(session: Session, inspection: Inspection, sheet: ScoreSheet, checklist_id: int) -> None:
    """Bring findings and rollups up to date with a stored inspection."""
    if rollups.counts(inspection):
        rollups.add(session, inspection, sheet, checklist_id)
    double_scorings.add(session, [double_scorings.ScoredTwice(inspection, sheet)])


def leave(session: Session, inspection: Inspection) -> None:
    """Take an inspection out of every figure; a newer one may enter only afterwards."""
    checklist = checklist_of(session, inspection.checklist_version_id)
    sheet = score(checklist, parse_answers(checklist, inspection.answers))
    if rollups.counts(inspection):
        rollups.remove(session, inspection, sheet)
    double_scorings.remove(session, inspection, sheet)


def reweigh(session: Session, inspection: Inspection, probability: float) -> None:
    """Let an inspection have been drawn with another probability, in the figures too."""
    if not rollups.counts(inspection):
        inspection.inclusion_probability = probability
        return
    checklist = checklist_of(session, inspection.checklist_version_id)
    sheet = score(checklist, parse_answers(checklist, inspection.answers))
    rollups.reweigh(session, inspection, sheet, probability)


def store_evidence(session: Session, inspection_id: int, pins: Iterable[dict[str, Any]]) -> None:
    rows = [
        {name: pin.get(name) for name in EVIDENCE_FIELDS}
        | {
            "inspection_id": inspection_id,
            "moment": _instant(pin.get("moment")),
            "note": pin.get("note") or "",
        }
        for pin in pins
    ]
    if rows:
        session.execute(insert(table_of(Evidence)), rows)


def _instant(moment: str | datetime | None) -> datetime | None:
    """Drafts hold text, as they are JSON."""
    return datetime.fromisoformat(moment) if isinstance(moment, str) else moment
