"""The encounter that a closed file became, and the inspection of it that a person reads."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, require
from core.inspection.states import InspectionState
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.inspection.queries.who_may_see import may_see, yet_to_score
from db.people.queries.shown_texts import HiddenNames


class AsEncounter(NamedTuple):
    """The encounter that a closed file became.

    Attributes:
        number: the one under which it is inspected.
        must_inspect: whoever draws the month gets it; else it is drawn like any other.
        inspection_id: an inspection of it that the person reads; None where there is none.
    """

    number: str
    must_inspect: bool
    inspection_id: int | None


def as_encounter(session: Session, who: Identity, interaction_id: int | None) -> AsEncounter | None:
    """The encounter of a file that the person sees; None where it became none yet.

    Raises:
        NotAllowed: the role shows no files.
    """
    require(who, Action.SEE_FILES)
    row = session.get(Interaction, interaction_id) if interaction_id is not None else None
    if row is None:
        return None
    valid = select(Inspection).filter_by(interaction_id=row.id, state=InspectionState.VALID)
    readable = [
        one.id
        for one in session.scalars(valid.order_by(Inspection.id))
        if can(who, Action.SEE_CASES) and may_see(who, one)
    ]
    hidden = yet_to_score(session, who, readable)
    inspection_id = next((key for key in readable if key not in hidden), None)
    names = HiddenNames(session, who).in_case(row.station_id, row.staff_id)
    return AsEncounter(names.hide(row.external_id), row.must_inspect is True, inspection_id)
