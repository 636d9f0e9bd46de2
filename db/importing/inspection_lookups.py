"""What the rows of an inspections file refer to, read once for a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.checklist import Checklist
from core.checklist.states import VersionState
from core.inspection.states import AssignmentState, InspectionState
from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.importing.kinds import ReadableRow
from db.importing.lookups import interaction_ids, interaction_key
from db.inspection.models import Amendment, Assignment, Inspection
from db.people.models import Staff, Station, User
from db.tabular.tables import Unfit


class EncounterLookup(NamedTuple):
    """What an inspection takes over from its interaction."""

    id: int
    station_id: int
    staff_id: int | None
    channel: str
    occurred_at: datetime
    business_line: str
    language: str
    post: str
    timezone: str


class InspectorLookup(NamedTuple):
    id: int
    staff_id: int | None


class Version(NamedTuple):
    id: int
    checklist_id: int
    checklist: Checklist


class Earlier(NamedTuple):
    """A stored inspection; `imported` while nobody amended or voided it in the portal."""

    id: int
    purpose: str
    imported: bool
    version: int
    content: tuple[int, datetime, dict[str, Any], str]


@dataclass
class Lookups:
    """Encounters, checklist versions and inspectors of a batch, and earlier imported inspections.

    `taken` holds the interactions that have an inspection of record or an open assignment for one.
    """

    encounters: dict[str, EncounterLookup]
    versions: dict[tuple[str, int], Version]
    inspectors: dict[str, InspectorLookup]
    inspections: dict[tuple[int, str, int], list[Earlier]]
    taken: set[int]

    def encounter(self, item: ReadableRow) -> EncounterLookup:
        encounter = self.encounters.get(_key(item))
        if encounter is None:
            raise Unfit("There is no such interaction; import interactions first.")
        return encounter

    def version(self, item: ReadableRow) -> Version:
        version = self.versions.get(_version_key(item))
        if version is None:
            raise Unfit("There is no such version of this checklist.", column="checklist")
        return version

    def inspector(self, item: ReadableRow, encounter: EncounterLookup) -> int:
        inspector = self.inspectors.get(item.values["inspector"])
        if inspector is None:
            raise Unfit("There is no user with this name.", column="inspector")
        if inspector.staff_id is not None and inspector.staff_id == encounter.staff_id:
            raise Unfit("Nobody scores their own work.", column="inspector")
        return inspector.id

    def earlier(self, item: ReadableRow, interaction_id: int, inspector_id: int) -> list[Earlier]:
        """The earlier imports of this inspection, oldest first."""
        return self.inspections.get((interaction_id, item.values["checklist"], inspector_id), [])

    def take_purpose(self, interaction_id: int) -> str:
        """The first inspection of an interaction is the one of record, later ones are second."""
        purpose = "second" if interaction_id in self.taken else "record"
        self.taken.add(interaction_id)
        return purpose


def look_up(session: Session, items: Sequence[ReadableRow]) -> Lookups:
    encounters = _encounters(session, items)
    ids = [encounter.id for encounter in encounters.values()]
    names = {item.values["inspector"] for item in items}
    inspections = _inspections(session, ids)
    numbers = {(key, row.version) for (_, key, _), rows in inspections.items() for row in rows}
    users = select(User.username, User.id, User.staff_id).where(User.username.in_(names))
    return Lookups(
        encounters,
        _versions(session, {_version_key(item) for item in items} | numbers),
        {
            row.username: InspectorLookup(id=row.id, staff_id=row.staff_id)
            for row in session.execute(users)
        },
        inspections,
        _taken(session, ids),
    )


def _key(item: ReadableRow) -> str:
    return interaction_key(item.values["source"], item.values["external_id"])


def _encounters(session: Session, items: Sequence[ReadableRow]) -> dict[str, EncounterLookup]:
    interactions = interaction_ids(session, {_key(item) for item in items})
    rows = session.execute(
        select(
            Interaction.id,
            Interaction.station_id,
            Interaction.staff_id,
            Interaction.channel,
            Interaction.occurred_at,
            Interaction.business_line,
            Interaction.language,
            func.coalesce(Staff.post, "").label("post"),
            Station.timezone,
        )
        .join(Station, Station.id == Interaction.station_id)
        .outerjoin(Staff, Staff.id == Interaction.staff_id)
        .where(Interaction.id.in_([interaction.id for interaction in interactions.values()]))
    )
    by_id = {row.id: EncounterLookup(**row._asdict()) for row in rows}
    return {key: by_id[interaction.id] for key, interaction in interactions.items()}


def _version_key(item: ReadableRow) -> tuple[str, int]:
    return item.values["checklist"], item.values["version"]


def _versions(
    session: Session, version_keys: set[tuple[str, int]]
) -> dict[tuple[str, int], Version]:
    rows = session.execute(
        select(
            ChecklistRecord.key,
            ChecklistVersion.number,
            ChecklistVersion.id,
            ChecklistVersion.checklist_id,
        )
        .join(ChecklistRecord, ChecklistRecord.id == ChecklistVersion.checklist_id)
        .where(
            ChecklistRecord.key.in_([key for key, _ in version_keys]),
            ChecklistVersion.state != VersionState.DRAFT,
        )
    )
    return {
        (row.key, row.number): Version(
            id=row.id, checklist_id=row.checklist_id, checklist=checklist_of(session, row.id)
        )
        for row in rows
        if (row.key, row.number) in version_keys
    }


def _inspections(session: Session, ids: list[int]) -> dict[tuple[int, str, int], list[Earlier]]:
    """Inspections imported before, by interaction, key of the checklist and inspector."""
    amended_here = (
        select(Amendment.id)
        .where(Amendment.new_inspection_id == Inspection.id, Amendment.kind == "amend")
        .exists()
    )
    rows = session.execute(
        select(Inspection, ChecklistRecord.key, ChecklistVersion.number, amended_here)
        .join(ChecklistVersion, ChecklistVersion.id == Inspection.checklist_version_id)
        .join(ChecklistRecord, ChecklistRecord.id == ChecklistVersion.checklist_id)
        .where(Inspection.interaction_id.in_(ids), Inspection.assignment_id.is_(None))
        .order_by(Inspection.id)
    ).all()
    inspections: dict[tuple[int, str, int], list[Earlier]] = {}
    for row, key, number, amended in rows:
        content = (row.checklist_version_id, row.submitted_at, row.answers, row.note)
        imported = row.state != InspectionState.VOID and not amended
        earlier = Earlier(row.id, row.purpose, imported, number, content)
        inspections.setdefault((row.interaction_id, key, row.inspector_id), []).append(earlier)
    return inspections


def _taken(session: Session, ids: list[int]) -> set[int]:
    inspected = select(Inspection.interaction_id).where(
        Inspection.interaction_id.in_(ids),
        Inspection.purpose == "record",
        Inspection.state == InspectionState.VALID,
    )
    assigned = select(Assignment.interaction_id).where(
        Assignment.interaction_id.in_(ids),
        Assignment.purpose == "record",
        Assignment.state == AssignmentState.OPEN,
    )
    return {*session.scalars(inspected), *session.scalars(assigned)}
