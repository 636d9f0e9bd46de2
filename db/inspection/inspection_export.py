"""Writing inspections out in the format they can be imported from."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any, TextIO

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.inspection.states import InspectionState
from core.scoring import hidden_words
from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import OPEN
from db.inspection.models import Inspection
from db.people.models import User

COLUMNS = (
    "source",
    "external_id",
    "checklist",
    "version",
    "inspector",
    "submitted_at",
    "answers",
    "note",
)
_CHUNK = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")


def inspections(session: Session) -> Iterator[dict[str, Any]]:
    """Every valid inspection; those of record first, so that an import makes them so again.

    What was written about an encounter stays behind where its customer refuses.
    """
    for is_record in (True, False):
        last = 0
        while rows := session.execute(_chunk(last, is_record=is_record)).all():
            last = rows[-1].id
            for row in rows:
                submitted_at = row.submitted_at.isoformat()
                words = (row.answers, row.note)
                if not row.is_open:
                    checklist = checklist_of(session, row.checklist_version_id)
                    words = (hidden_words(checklist, row.answers), "")
                yield dict(zip(COLUMNS, (*row[1:6], submitted_at, *words), strict=True))


def write_jsonl(file: TextIO, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    for row in rows:
        encounter = {"source": row.pop("source"), "external_id": row.pop("external_id")}
        file.write(json.dumps({"interaction": encounter, **row}, ensure_ascii=False) + "\n")
        count += 1
    return count


def write_csv(file: TextIO, rows: Iterator[dict[str, Any]]) -> int:
    """Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        answers = json.dumps(row["answers"], ensure_ascii=False)
        writer.writerow([_defused(value) for value in (row | {"answers": answers}).values()])
        count += 1
    return count


def _chunk(last: int, *, is_record: bool) -> Select[Any]:
    record = Inspection.purpose == "record"
    return (
        select(
            Inspection.id,
            Interaction.source,
            Interaction.external_id,
            ChecklistRecord.key,
            ChecklistVersion.number,
            User.username,
            Inspection.submitted_at,
            Inspection.answers,
            Inspection.note,
            Inspection.checklist_version_id,
            OPEN.label("is_open"),
        )
        .join(Interaction, Interaction.id == Inspection.interaction_id)
        .join(ChecklistVersion, ChecklistVersion.id == Inspection.checklist_version_id)
        .join(ChecklistRecord, ChecklistRecord.id == ChecklistVersion.checklist_id)
        .join(User, User.id == Inspection.inspector_id)
        .where(
            Inspection.state == InspectionState.VALID,
            record if is_record else ~record,
            Inspection.id > last,
        )
        .order_by(Inspection.id)
        .limit(_CHUNK)
    )


def _defused(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(_FORMULA)
    return f"'{value}" if is_formula else value
