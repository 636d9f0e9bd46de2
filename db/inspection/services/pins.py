"""Evidence as it arrives from the pad, held against what is known of the encounter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.checklist import Checklist
from core.inspection.evidence import check_moments, check_photos, parse_pins
from db.encounters.models import Interaction
from db.inspection.models import Assignment, Photo


def checked_pins(
    session: Session,
    assignment: Assignment | Row[*tuple[Any, ...]],
    checklist: Checklist,
    evidence: object,
) -> list[dict[str, Any]]:
    """The pins as they are stored.

    Raises:
        InvalidInput: a pin makes no sense, names a photo that is not of this assignment, or a
            moment that no system recorded.
    """
    pins = parse_pins(checklist.by_key, evidence)
    if any(pin["photo"] for pin in pins):
        check_photos(pins, photos_of(session, assignment.id))
    if any(pin["moment_kind"] == "system" for pin in pins):
        check_moments(pins, session.get_one(Interaction, assignment.interaction_id).events)
    return pins


def photos_of(session: Session, assignment_id: int) -> frozenset[str]:
    return frozenset(
        session.scalars(select(Photo.name).where(Photo.assignment_id == assignment_id))
    )
