"""Who may see a photo."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can
from core.errors import hidden
from db.models import Assignment, Evidence, Inspection, Interaction, Photo
from db.queries.case import may_see, may_see_photos
from db.queries.consent import ConsentRefused, is_closed


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
        raise hidden(
            "This photo does not exist.",
            user_id=who.user_id,
            wanted=("photo", name),
            exists=row is not None,
        )
    if is_closed(row.Interaction):
        raise ConsentRefused
    return own


def _is_shown_to(session: Session, who: Identity, name: str) -> bool:
    """Whether a case that the person may read shows it."""
    cases = select(Inspection).join(Evidence, Evidence.inspection_id == Inspection.id)
    found = session.scalars(cases.where(Evidence.photo == name))
    return any(may_see(who, inspection) and may_see_photos(who, inspection) for inspection in found)
