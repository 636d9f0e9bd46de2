"""Cases of a rare kind: few enough to be looked up, where reading in order would meet them late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.access import Identity
from db.models import Interaction, Staff, TrainingMark
from db.queries.case_filter import CaseFilter, Cursor, of_encounters, ordered_ids
from db.queries.ratings import rated

_RARE = 5_000


def kind_of_ids(
    session: Session,
    who: Identity,
    wanted: CaseFilter,
    *,
    limit: int,
    after: Cursor | None = None,
) -> list[Cursor]:
    """As `ordered_ids`, led by the rarest of staff group, language, rating and mark.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    leads = (lead for lead in _leads(wanted) if _is_rare(session, lead))
    lead = next(leads, None)
    if lead is None:
        return ordered_ids(session, who, wanted, limit=limit, after=after)
    encounters = session.scalars(lead).all()
    return of_encounters(session, who, wanted, encounters, after=after)[:limit]


def _leads(wanted: CaseFilter) -> Iterator[Select[Any]]:
    """The encounters of each kind that is asked for."""
    encounters = select(Interaction.id)
    if wanted.mark:
        yield select(TrainingMark.interaction_id).where(TrainingMark.kind == wanted.mark)
    if wanted.rating:
        yield encounters.where(*rated(wanted.rating))
    if wanted.language:
        yield encounters.where(Interaction.language == wanted.language)
    if wanted.post:
        staff = select(Staff.id).where(Staff.post == wanted.post)
        yield encounters.where(Interaction.staff_id.in_(staff))


def _is_rare(session: Session, lead: Select[Any]) -> bool:
    return session.scalar(lead.offset(_RARE).limit(1)) is None
