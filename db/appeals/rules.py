"""Rules that all changes of appeals share: one lock, checks that it is open, who may decide.

Whoever changes an appeal locks the inspection's row first, as amending does, so that two who do it
at once come one after the other and never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.appeals.deadlines import LONGEST_REASON
from core.errors import InvalidInput, NotFound
from core.scoring import ScoreSheet, parse_answers, score
from db.appeals.models import Appeal, AppealPoint
from db.checklists.parsed_versions import checklist_of
from db.inspection.models import Amendment, Inspection
from db.inspection.queries.own_work import is_own_encounter
from db.people.services.identities import is_same_person


def locked(session: Session, appeal_id: int) -> tuple[Appeal, Inspection]:
    """An appeal and its inspection, held until the transaction ends.

    Raises:
        NotFound: there is no such appeal.
    """
    inspection_id = session.scalar(select(Appeal.inspection_id).where(Appeal.id == appeal_id))
    if inspection_id is None:
        raise NotFound("This appeal does not exist.")
    inspection = session.scalars(
        select(Inspection).where(Inspection.id == inspection_id).with_for_update()
    ).one()
    return session.get_one(Appeal, appeal_id, populate_existing=True), inspection


def points_of(session: Session, appeal_id: int) -> dict[str, AppealPoint]:
    rows = session.scalars(select(AppealPoint).where(AppealPoint.appeal_id == appeal_id))
    return {row.item_key: row for row in rows}


def check_texts(texts: Collection[str], lacking: str) -> None:
    """Raises InvalidInput, saying `lacking` where one is empty."""
    if not all(texts):
        raise InvalidInput(lacking)
    if any(len(text) > LONGEST_REASON for text in texts):
        raise InvalidInput("A reason has at most {most} characters.", most=LONGEST_REASON)


def sheet_of(session: Session, inspection: Inspection) -> ScoreSheet:
    """The score sheet of the answers as they are stored."""
    checklist = checklist_of(session, inspection.checklist_version_id)
    return score(checklist, parse_answers(checklist, inspection.answers))


def had_a_hand(session: Session, who: Identity, appeal: Appeal, inspection: Inspection) -> bool:
    """Whether the person is scored here, handled the file, scored it, or amended the score."""
    own = appeal.user_id == who.user_id or is_own_encounter(
        session, who, interaction_id=inspection.interaction_id, served_by=inspection.staff_id
    )
    scored = is_same_person(session, who, inspection.inspector_id)
    return own or scored or _corrected(session, who, inspection)


def _corrected(session: Session, who: Identity, inspection: Inspection) -> bool:
    replaced = inspection.replaces_id
    while replaced is not None:
        by = select(Amendment.user_id).where(Amendment.inspection_id == replaced)
        if any(is_same_person(session, who, user_id) for user_id in session.scalars(by).all()):
            return True
        replaced = session.scalar(select(Inspection.replaces_id).where(Inspection.id == replaced))
    return False
