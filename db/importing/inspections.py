"""Importing inspections that another system holds: scored and rolled up like our own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.checklist import Checklist
from core.clock.days import at_wall_clock, day_of
from core.errors import InvalidInput
from core.i18n import N_
from core.inspection.facets import shift_of
from core.inspection.states import INSPECTION, InspectionState
from core.periods import month_of
from core.safekeeping.masking import masked
from core.scoring import ScoreSheet, parse_answers, reworded, score
from db.encounters import search_index
from db.importing.inspection_lookups import Earlier, EncounterLookup, Lookups, look_up
from db.importing.kinds import REQUIRED, ColumnChange, ImportPlan, ReadableRow, count_filled
from db.importing.lookups import SEPARATOR
from db.inspection.derived_figures import results
from db.inspection.models import Amendment, Finding, Inspection
from db.inspectors import double_scorings
from db.results import rollups
from db.store.base import Model
from db.store.events import Published, publish
from db.store.moving import Records, move_all
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.file_choices import FileChoices
from db.tabular.moments import in_zone
from db.tabular.tables import Row, Unfit

_REIMPORT = "reimport"
_REASON = "Imported again with other content"
_NOTE = 5000
_CONTENT = ("version", "submitted_at", "answers", "note")


def columns(now: datetime, choices: FileChoices) -> tuple[FileColumn, ...]:
    code = values.line(64)
    source, external_id = (
        values.code(limit, literal=name in choices.literal)
        for name, limit in (("source", 64), ("external_id", 128))
    )
    return (
        FileColumn(
            "interaction",
            _interaction,
            'Or {"source": ..., "external_id": ...} in one',
            nested=True,
        ),
        FileColumn("source", source, N_("Source of the interaction")),
        FileColumn("external_id", external_id, N_("Number of the interaction in its source")),
        FileColumn("checklist", code, N_("Key of the checklist"), required=True),
        FileColumn(
            "version",
            values.whole_number(1, 1_000_000, choices),
            N_("Its version"),
            required_if_new=True,
        ),
        FileColumn("inspector", code, N_("User name of the inspector"), required=True),
        FileColumn(
            "submitted_at",
            values.moment(now, choices),
            N_("Such as 2026-06-08T09:00:00+08:00"),
            required_if_new=True,
        ),
        FileColumn(
            "answers",
            values.json_object,
            'JSON {item: {"value": "yes"}, ...}',
            required_if_new=True,
            nested=True,
        ),
        FileColumn("note", values.text(_NOTE), N_("Note of the inspector"), default=""),
    )


class Inspections:
    """An inspection is known again by interaction, checklist and inspector.

    One that was amended or voided in the portal stays as it is there. What a row does not carry is
    as in the newest one.
    """

    at_once = 200  # scored while the database is held, which others wait for
    together = False

    def __init__(self, now: datetime, choices: FileChoices) -> None:
        self.columns = columns(now, choices)
        self._now, self._choices = now, choices

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        fields |= fields["interaction"] or {}
        for name in ("source", "external_id"):
            if not fields[name]:
                raise Unfit("This is required.", column=name)
        parts = (fields[name] for name in ("source", "external_id", "checklist", "inspector"))
        return ReadableRow(row.line, SEPARATOR.join(parts), fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        lookups = look_up(session, items)
        plan = ImportPlan()
        for item in items:
            try:
                self._plan(item, lookups, plan)
            except Unfit as error:
                plan.refuse(item, error)
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        self._replace(session, [row_id for row_id, _ in plan.updated])
        for row_id, item in plan.updated:
            item.values["row"].replaces_id = row_id
        items = [*plan.added, *(item for _, item in plan.updated)]
        rows = [item.values["row"] for item in items]
        session.add_all(rows)
        session.flush()  # findings and amendments need the new ids
        enter_all(
            session,
            [
                ScoredInspection(i.values["row"], i.values["sheet"], i.values["checklist_id"])
                for i in items
            ],
        )
        session.add_all(self._amendment(row) for row in rows if row.replaces_id)
        if rows:
            event = Published(
                kind="inspection",
                deed="import",
                ids=tuple(row.id for row in rows),
                who=None,
                now=self._now,
            )
            publish(session, event)

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        stored = {"answers": Inspection.answers, "note": Inspection.note}
        fields = {name: stored[name] for name in columns if name in stored}
        return count_filled(session, fields, where=Inspection.state == InspectionState.VALID)

    def _replace(self, session: Session, ids: Sequence[int]) -> None:
        """Take inspections out of every figure before newer ones become valid.

        Raises:
            OutOfTurn: somebody amended or voided one since the rows were looked up.
        """
        if not ids:
            return
        by = INSPECTION.by("reimport")
        locked = select(Inspection).where(Inspection.id.in_(ids)).order_by(Inspection.id)
        fresh = locked.with_for_update().execution_options(populate_existing=True)
        for old in session.scalars(fresh).all():
            by.check(old.state)
            [before] = double_scorings.scored(session, [old])
            if rollups.counts(old):
                rollups.remove(session, *before)
            double_scorings.remove(session, *before)
        move_all(session, Records(Inspection, ids), by, who=None, now=self._now)

    def _plan(self, item: ReadableRow, lookups: Lookups, plan: ImportPlan) -> None:
        fields = item.values
        encounter = lookups.encounter(item)
        inspector_id = lookups.inspector(item, encounter)
        earlier = lookups.earlier(item, encounter.id, inspector_id)
        self._fill(item, earlier)
        self._settle_time(item, encounter)
        version_id, checklist_id, checklist = lookups.version(item)
        if fields["submitted_at"] < encounter.occurred_at:
            raise Unfit("This lies before the interaction.", column="submitted_at")
        if "answers" in item.carried:
            fields["answers"] = reworded(checklist, fields["answers"], masked)
        if "note" in item.carried:
            fields["note"] = masked(fields["note"])
        content = (version_id, fields["submitted_at"], fields["answers"], fields["note"])
        if any(content == row.content for row in earlier):
            plan.unchanged += 1
            return
        if earlier and not earlier[-1].imported:
            raise Unfit("It was amended or voided in the portal and stays as it is there.")
        sheet = _scored(checklist, fields["answers"])
        purpose = earlier[-1].purpose if earlier else lookups.take_purpose(encounter.id)
        fields["row"] = _row(item, encounter, sheet, (version_id, inspector_id, purpose))
        fields["sheet"], fields["checklist_id"] = sheet, checklist_id
        if earlier:
            plan.updated.append((earlier[-1].id, item))
            before = dict(
                zip(_CONTENT, (earlier[-1].version, *earlier[-1].content[1:]), strict=True)
            )
            plan.changes += [
                ColumnChange(item.line, column, before[column], fields[column])
                for column in _CONTENT
                if before[column] != fields[column]
            ]
        else:
            plan.added.append(item)

    def _settle_time(self, item: ReadableRow, encounter: EncounterLookup) -> None:
        """A local time becomes that of the encounter's station."""
        local = item.values["submitted_at"]
        if local.tzinfo is None:
            try:
                settled = in_zone(local, encounter.timezone, self._choices.twice)
                item.values["submitted_at"] = values.check_time(settled, self._now)
            except Unfit as error:
                error.column = "submitted_at"
                raise

    def _fill(self, item: ReadableRow, earlier: Sequence[Earlier]) -> None:
        """Complete a row with what the newest import of its inspection said.

        Raises:
            Unfit: there was none, and a column is lacking.
        """
        if not earlier:
            if lacking := item.lacks(self.columns):
                raise Unfit(REQUIRED.sentence, column=lacking)
            return
        base = next((row for row in reversed(earlier) if row.imported), earlier[-1])
        base_fields = dict(zip(_CONTENT, (base.version, *base.content[1:]), strict=True))
        item.values.update({k: v for k, v in base_fields.items() if k not in item.carried})

    def _amendment(self, row: Inspection) -> Amendment:
        return Amendment(
            inspection_id=row.replaces_id,
            new_inspection_id=row.id,
            kind=_REIMPORT,
            reason=_REASON,
            user_id=row.inspector_id,
            at=self._now,
        )


def _scored(checklist: Checklist, answers: dict[str, Any]) -> ScoreSheet:
    try:
        sheet = score(checklist, parse_answers(checklist, answers))
    except InvalidInput as error:
        item = error.values.get("item")
        if item not in checklist.by_key:
            raise Unfit("An answer is to no item of this checklist.", column="answers") from None
        raise Unfit("The answer to {item} does not fit it.", column="answers", item=item) from None
    if sheet.missing:
        items = ", ".join(sheet.missing)
        raise Unfit("Required items are unanswered: {items}.", column="answers", items=items)
    return sheet


def _interaction(cell: object) -> dict[str, str]:
    if isinstance(cell, list) and len(cell) == 2:
        cell = {"source": cell[0], "external_id": cell[1]}
    reference = values.json_object(cell)
    try:
        return {
            "source": values.code(64)(reference.get("source")),
            "external_id": values.code(128)(reference.get("external_id")),
        }
    except Unfit:
        raise Unfit("This must name source and external_id.") from None


def _row(
    item: ReadableRow, encounter: EncounterLookup, sheet: ScoreSheet, ids: tuple[int, int, str]
) -> Inspection:
    version_id, inspector_id, purpose = ids
    day = day_of(encounter.occurred_at, encounter.timezone)
    taken: dict[str, Any] = {
        name: getattr(encounter, name)
        for name in (
            *("station_id", "staff_id", "channel", "occurred_at"),
            *("business_line", "language", "post"),
        )
    }
    return Inspection(
        **taken,
        **results(sheet),
        submission_key=str(uuid4()),
        interaction_id=encounter.id,
        checklist_version_id=version_id,
        inspector_id=inspector_id,
        purpose=purpose,
        sample_class="random",
        stratum="",
        inclusion_probability=1.0,
        day=day,
        month=month_of(day),
        shift=shift_of(at_wall_clock(encounter.occurred_at, encounter.timezone).hour),
        submitted_at=item.values["submitted_at"],
        answers=item.values["answers"],
        note=item.values["note"],
    )


class ScoredInspection(NamedTuple):
    """A stored inspection, how it was scored, and its checklist."""

    inspection: Inspection
    sheet: ScoreSheet
    checklist_id: int


def enter_all(session: Session, scored: Sequence[ScoredInspection]) -> None:
    """As `rollups.add` for each, in the order of tables and keys in which every writer goes."""
    counted = [one for one in scored if rollups.counts(one.inspection)]
    findings = [finding for one in counted for finding in rollups.findings(*one)]
    if findings:
        session.execute(insert(Finding), findings)
    sums: dict[type[Model], rollups.Rows] = {table: {} for table in rollups.TABLES}
    for one in counted:
        for increment in rollups.increments(one.inspection, one.sheet):
            rollups.gather(sums[increment.table], increment)
    for table, rows in sums.items():
        if rows:
            in_order = [rows[key] for key in sorted(rows, key=str)]
            rollups.write(session, table, in_order)
    double_scorings.add(
        session, [double_scorings.ScoredTwice(one.inspection, one.sheet) for one in scored]
    )
    search_index.index_inspected(session, (one.inspection for one in counted))
