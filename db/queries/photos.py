"""Who may see a photo."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can
from core.errors import hidden
from db.models import Assignment, Evidence, Inspection, Photo
from db.queries.case import may_see, may_see_photos


def is_own_photo(session: Session, who: Identity, name: str) -> bool:
    """Whether the person took it while scoring; False for a reader of a case that shows it.

    Raises:
        NotFound: it does not exist, or lies outside what the person may see.
    """
    taken_by = session.scalar(
        select(Assignment.inspector_id)
        .join(Photo, Photo.assignment_id == Assignment.id)
        .where(Photo.name == name)
    )
    if taken_by == who.user_id and can(who, Action.SCORE):
        return True
    if taken_by is None or not _is_shown_to(session, who, name):
        raise hidden(
            "This photo does not exist.",
            user_id=who.user_id,
            wanted=("photo", name),
            exists=taken_by is not None,
        )
    return False


def _is_shown_to(session: Session, who: Identity, name: str) -> bool:
    """Whether a case that the person may read shows it."""
    cases = select(Inspection).join(Evidence, Evidence.inspection_id == Inspection.id)
    found = session.scalars(cases.where(Evidence.photo == name))
    return any(may_see(who, inspection) and may_see_photos(who, inspection) for inspection in found)
