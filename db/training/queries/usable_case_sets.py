"""Case sets of which exams may ask, and how much of each can be asked."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.encounters.queries.consent import open_to_use
from db.people.queries.shown_texts import HiddenNames
from db.teaching.models import CaseSet, CaseSetMember, CaseSetVersion


class AskableSet(NamedTuple):
    """A case set of a course: the cases of its newest issued version, and those one can ask about.

    `cases` is 0 where no version is issued. `title` is empty where the reader may not use the set.
    """

    set_id: int
    title: str
    cases: int
    askable: int


def case_sets_for(session: Session, who: Identity) -> dict[int, str]:
    """Titles of the issued case sets a trainer may use: one's own and those that are shared."""
    require(who, Action.PLAN_TRAINING)
    rows = session.execute(
        select(CaseSet.id, CaseSetVersion.title)
        .join(CaseSetVersion, CaseSetVersion.case_set_id == CaseSet.id)
        .where(
            CaseSetVersion.issued_at.is_not(None),
            CaseSet.archived.is_(False),
            or_(CaseSet.shared.is_(True), CaseSet.owner_id == who.user_id),
        )
        .order_by(CaseSetVersion.number)
    )
    hide = HiddenNames(session, who).anywhere.hide
    return {key: hide(title) for key, title in rows}  # of several versions the newest stays


def askable_sets(
    session: Session, who: Identity, set_ids: Collection[int]
) -> tuple[AskableSet, ...]:
    """How much can be asked of these sets, in the order given.

    Raises:
        NotAllowed: the role does not plan training.
    """
    titles = case_sets_for(session, who)
    askable = func.count().filter(
        CaseSetMember.question != "",
        CaseSetMember.answer != "",
        open_to_use(CaseSetMember.interaction_id),
    )
    rows = session.execute(
        select(CaseSetVersion.case_set_id, func.count(), askable)
        .join(CaseSetMember, CaseSetMember.version_id == CaseSetVersion.id)
        .where(CaseSetVersion.id.in_(newest_issued(set_ids)))
        .group_by(CaseSetVersion.case_set_id)
    )
    counts = {set_id: (cases, usable) for set_id, cases, usable in rows}
    return tuple(
        AskableSet(set_id, titles.get(set_id, ""), *counts.get(set_id, (0, 0)))
        for set_id in set_ids
    )


def newest_issued(set_ids: Collection[int]) -> Select[int]:
    """The ids of the newest issued version of each set."""
    newest = (
        select(CaseSetVersion.case_set_id, func.max(CaseSetVersion.number).label("number"))
        .where(CaseSetVersion.case_set_id.in_(set_ids), CaseSetVersion.issued_at.is_not(None))
        .group_by(CaseSetVersion.case_set_id)
        .subquery()
    )
    return select(CaseSetVersion.id).join(
        newest,
        (newest.c.case_set_id == CaseSetVersion.case_set_id)
        & (newest.c.number == CaseSetVersion.number),
    )
