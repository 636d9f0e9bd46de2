"""Results that an inspector who also browses cases must not see yet: who scores does so blind."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, may_know_names, visible_stations
from core.errors import not_found
from core.inspection.states import AssignmentState
from db.encounters.models import Interaction
from db.encounters.queries.consent import ConsentRefused, is_closed
from db.inspection.models import Assignment, Evidence, Inspection, Photo


def yet_to_score(session: Session, reader: Identity, inspection_ids: Collection[int]) -> set[int]:
    """Those of encounters that wait in the reader's own queue."""
    if not can(reader, Action.SCORE):
        return set()
    return set(
        session.scalars(
            select(Inspection.id)
            .join(Assignment, Assignment.interaction_id == Inspection.interaction_id)
            .where(
                Inspection.id.in_(inspection_ids),
                Assignment.inspector_id == reader.user_id,
                Assignment.state == AssignmentState.OPEN,
            )
        )
    )


def is_own_photo(session: Session, who: Identity, name: str) -> bool:
    """Whether the person took it while scoring; False for a reader of a case that shows it.

    Raises:
        NotFound: it does not exist, or lies outside what the person may see.
        ConsentRefused: the customer refuses.
    """
    row = session.execute(
        select(Assignment.inspector_id, Interaction)
        .join(Photo, Photo.assignment_id == Assignment.id)
        .join(Interaction, Interaction.id == Assignment.interaction_id)
        .where(Photo.name == name)
    ).one_or_none()
    taken_by = row.inspector_id if row else None
    own = taken_by == who.user_id and can(who, Action.SCORE)
    if row is None or not (own or _is_shown_to(session, who, name)):
        raise not_found(
            "This photo does not exist.",
            user_id=who.user_id,
            subject=("photo", name),
            exists=row is not None,
        )
    if is_closed(row.Interaction):
        raise ConsentRefused
    return own


def _is_shown_to(session: Session, who: Identity, name: str) -> bool:
    """Whether a case that the person may read shows it."""
    cases = select(Inspection).join(Evidence, Evidence.inspection_id == Inspection.id)
    inspections = session.scalars(cases.where(Evidence.photo == name))
    return any(
        may_see(who, inspection) and may_see_photos(who, inspection) for inspection in inspections
    )


def is_own(who: Identity, inspection: Inspection) -> bool:
    """Whether this is the person's own result."""
    return who.staff_id is not None and inspection.staff_id == who.staff_id


def may_see_photos(who: Identity, inspection: Inspection) -> bool:
    """Photos show the person: they are for the person and for who may know the name."""
    return is_own(who, inspection) or may_know_names(who, inspection.station_id)


def may_see(who: Identity, inspection: Inspection) -> bool:
    if inspection.purpose != "record" and not can(who, Action.AMEND):
        return False
    if can(who, Action.SEE_OWN_RESULTS) and is_own(who, inspection):
        return True
    if not can(who, Action.SEE_CASES):
        return False
    stations = visible_stations(who, Action.SEE_CASES)
    return stations is None or inspection.station_id in stations
