"""Giving chosen encounters to an inspector, and taking back what was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist.choice import EncounterKind
from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from core.inspection.states import ASSIGNMENT, AssignmentState, InspectionState
from core.plan import Inspector
from db.checklists.queries.choice import standing_rows
from db.encounters.models import Interaction
from db.encounters.queries.consent import require_open
from db.inspection.models import Assignment, Draft, Inspection
from db.inspection.queries.coverage import active_inspectors
from db.inspection.queries.fitting_versions import FittingVersions
from db.inspection.queries.own_work import is_own_work
from db.inspection.services.photos import drop_photos
from db.people.models import Staff, User
from db.results.rollups import CHOSEN
from db.store import audit
from db.store.days import portal_day


@dataclass(frozen=True)
class Gift:
    """Encounters for one inspector until a day, with why they were chosen."""

    interaction_ids: Sequence[int]
    inspector_id: int | None
    due_on: date
    reason: str


class Given(NamedTuple):
    """How many went into the queue, and how many this inspector had been given before."""

    given: int
    before: int


def give(session: Session, *, who: Identity, gift: Gift, now: datetime) -> Given:
    """Put chosen encounters into an inspector's queue, outside every mean.

    Where somebody else scores or scored an encounter, it is a second look: blind, with the same
    checklist version. Given twice is given once.

    Raises:
        InvalidInput: nothing, nobody or no reason was given, the customer refuses, or no checklist
            is for an encounter; nothing is given then.
        NotAllowed: one is the inspector's own work or team, or the role does not assign.
        NotFound: there is no such encounter or active inspector.
    """
    require(who, Action.ASSIGN)
    inspector = _inspector(session, gift)
    versions = FittingVersions(session, standing_rows(session), portal_day(session, now))
    user_staff = session.get_one(User, inspector.user_id).staff_id
    rows: list[dict[str, Any]] = []
    ids = sorted(set(gift.interaction_ids))
    encounters = session.execute(
        select(Interaction, Staff.station_id)
        .outerjoin(Staff, Staff.id == Interaction.staff_id)
        .where(Interaction.id.in_(ids))
        .order_by(Interaction.id)
        .with_for_update(of=Interaction)
    ).all()
    if len(encounters) < len(ids):
        raise NotFound("This encounter does not exist.")
    before = 0
    for interaction, team_id in encounters:
        require_open(session, interaction.id)
        _refuse_own(session, who, inspector, user_staff, interaction, team_id)
        if _had(session, inspector.user_id, interaction.id):
            before += 1
            continue
        scored_with = _scored_with(session, interaction.id)
        version_id = scored_with or versions.version(_kind(interaction), interaction.station_id)
        if version_id is None:
            raise InvalidInput("No checklist is for {case}.", case=interaction.external_id)
        rows.append(
            {
                "interaction_id": interaction.id,
                "checklist_version_id": version_id,
                "purpose": "record" if scored_with is None else "second",
                **_of_gift(gift, inspector, now),
            }
        )
    if rows:
        session.execute(insert(Assignment), rows)
        audit.record_all(
            session,
            who,
            "give",
            ("interaction", [row["interaction_id"] for row in rows]),
            now=now,
            reason=gift.reason.strip(),
            inspector=inspector.user_id,
        )
    return Given(given=len(rows), before=before)


def _of_gift(gift: Gift, inspector: Inspector, now: datetime) -> dict[str, Any]:
    """What every assignment of a gift says; the submission key is one's own."""
    return {
        "inspector_id": inspector.user_id,
        "sample_class": CHOSEN,
        "stratum": "",
        "inclusion_probability": 1.0,
        "due_on": gift.due_on,
        "submission_key": str(uuid4()),
        "assigned_at": now,
    }


def take_back(
    session: Session, *, who: Identity, assignment_id: int, reason: str, now: datetime
) -> frozenset[str]:
    """Take an encounter that was chosen, and is not scored yet, out of the queue again.

    It is then as if it had not been given; its draft goes, and the log keeps who did it and why.

    Returns:
        The photos of the draft, whose files are to be removed once this is committed.

    Raises:
        InvalidInput: there is no reason, or it was drawn and not chosen.
        OutOfTurn: it is no longer open.
        NotFound: there is no such assignment.
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    if not reason.strip():
        raise InvalidInput("Give a reason.")
    row = session.scalar(select(Assignment).where(Assignment.id == assignment_id).with_for_update())
    if row is None:
        raise NotFound("This assignment does not exist.")
    if row.sample_class != CHOSEN:
        raise InvalidInput("What was drawn stays drawn: give it to somebody else instead.")
    if row.state != AssignmentState.OPEN:
        raise OutOfTurn("This assignment is no longer open.", row.state)
    session.execute(delete(Draft).where(Draft.of(ASSIGNMENT, assignment_id)))
    photos = drop_photos(session, assignment_id)
    audit.record(
        session,
        who,
        "take_back",
        ("interaction", row.interaction_id),
        now=now,
        reason=reason.strip(),
        inspector=row.inspector_id,
    )
    session.execute(delete(Assignment).where(Assignment.id == assignment_id))
    return photos


def _inspector(session: Session, gift: Gift) -> Inspector:
    if not gift.interaction_ids:
        raise InvalidInput("Choose at least one encounter.")
    if gift.inspector_id is None:
        raise InvalidInput("Choose the inspector.")
    if not gift.reason.strip():
        raise InvalidInput("Give a reason.")
    for inspector in active_inspectors(session):
        if inspector.user_id == gift.inspector_id:
            return inspector
    raise NotFound("There is no such active inspector.")


def _refuse_own(
    session: Session,
    who: Identity,
    inspector: Inspector,
    staff_id: int | None,
    interaction: Interaction,
    team_id: int | None,
) -> None:
    subject = ("interaction", interaction.id)
    if is_own_work(
        session,
        user_id=inspector.user_id,
        staff_id=staff_id,
        interaction_id=interaction.id,
        served_by=interaction.staff_id,
    ):
        raise NotAllowed("Nobody scores their own work.", user_id=who.user_id, subject=subject)
    if inspector.is_own_team(interaction.station_id, team_id):
        raise NotAllowed("Nobody scores their own team.", user_id=who.user_id, subject=subject)


def _had(session: Session, inspector_id: int, interaction_id: int) -> bool:
    """Whether the inspector was given it before, or scored it in another system."""
    assigned = select(Assignment.id).filter_by(
        interaction_id=interaction_id, inspector_id=inspector_id
    )
    scored = select(Inspection.id).filter_by(
        interaction_id=interaction_id, inspector_id=inspector_id, state=InspectionState.VALID
    )
    return session.scalar(assigned.union_all(scored).limit(1)) is not None


def _scored_with(session: Session, interaction_id: int) -> int | None:
    """The version of the inspection of record, or of the assignment that is to become it."""
    inspected = select(Inspection.checklist_version_id).filter_by(
        interaction_id=interaction_id, purpose="record", state=InspectionState.VALID
    )
    waiting = select(Assignment.checklist_version_id).filter_by(
        interaction_id=interaction_id, purpose="record", state=AssignmentState.OPEN
    )
    return session.scalar(inspected.limit(1)) or session.scalar(waiting.limit(1))


def _kind(interaction: Interaction) -> EncounterKind:
    return EncounterKind(
        channel=interaction.channel,
        case_kind=interaction.case_kind,
        business_line=interaction.business_line,
        named=interaction.checklist or "",
    )
