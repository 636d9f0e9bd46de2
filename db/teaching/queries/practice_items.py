"""The sections and items that a practice on a case set can ask."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist, Item
from core.checklist.model import Texts
from core.errors import NotFound
from db.checklists.parsed_versions import checklists_of
from db.encounters.queries.consent import open_to_use
from db.inspection.models import Inspection
from db.teaching.models import CaseSetMember, CaseSetVersion
from db.teaching.queries.case_sets import case_set


class AskableSection(NamedTuple):
    """A section of a checklist that a case of the set was scored with; `key` is unique in it."""

    key: str
    checklist: Texts
    title: Texts
    items: tuple[Item, ...]


def askable_sections(session: Session, who: Identity, version_id: int) -> list[AskableSection]:
    """The sections of the checklists of a set's cases, checklist by checklist.

    Raises:
        NotAllowed: the role does not teach.
        NotFound: the set is not there for this trainer.
    """
    require(who, Action.TEACH)
    version = session.get(CaseSetVersion, version_id)
    if version is None:
        raise NotFound("This case set does not exist.")
    case_set(session, who, version.case_set_id)
    return sections_of(checklists_of_set(session, version_id))


def sections_of(checklists: list[Checklist]) -> list[AskableSection]:
    """Their sections; of two versions of one checklist, the items of both."""
    by_key: dict[str, AskableSection] = {}
    for checklist in checklists:
        for section in checklist.sections:
            key = f"{checklist.key}/{section.key}"
            known = by_key.get(key)
            items = {item.key: item for item in (*(known.items if known else ()), *section.items)}
            by_key[key] = AskableSection(key, checklist.title, section.title, tuple(items.values()))
    return list(by_key.values())


def checklists_of_set(session: Session, version_id: int) -> list[Checklist]:
    """The checklists of the cases that are still in a version of a set, by their keys."""
    versions = session.scalars(
        select(Inspection.checklist_version_id)
        .join(CaseSetMember, CaseSetMember.inspection_id == Inspection.id)
        .where(CaseSetMember.version_id == version_id, open_to_use(CaseSetMember.interaction_id))
        .distinct()
    ).all()
    return sorted(
        checklists_of(session, versions).values(),
        key=lambda checklist: (checklist.key, checklist.version),
    )
