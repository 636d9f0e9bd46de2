"""The titles of checklists, sections and items, over all versions of a checklist."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.checklist import Checklist, Texts
from core.checklist.states import VersionState
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklists_of


@dataclass(frozen=True)
class ChecklistTexts:
    """Titles by key, in the newest version's words, in the order of the newest version.

    A checklist without a title goes by its key. `pass_mark` is the newest version's, None where
    the form has none.
    """

    title: Texts
    sections: dict[str, Texts]
    items: dict[str, Texts]
    pass_mark: float | None


def checklist_texts(session: Session) -> dict[int, ChecklistTexts]:
    """Every checklist that has been in force, by id."""
    rows = session.execute(
        select(ChecklistVersion.checklist_id, ChecklistVersion.id)
        .where(ChecklistVersion.state != VersionState.DRAFT)
        .order_by(ChecklistVersion.number.desc())
    ).all()
    versions = checklists_of(session, (version_id for _, version_id in rows))
    texts_by_id: dict[int, ChecklistTexts] = {}
    for checklist_id, version_id in rows:
        checklist = versions[version_id]
        title = checklist.title or {"en": checklist.key}
        texts = texts_by_id.setdefault(
            checklist_id, ChecklistTexts(title, {}, {}, checklist.pass_mark)
        )
        for section in checklist.sections:
            texts.sections.setdefault(section.key, section.title)
        for item in checklist.items():
            texts.items.setdefault(item.key, item.name)
    return texts_by_id


def newest_checklists(session: Session) -> dict[int, Checklist]:
    """The newest version that is no draft, by checklist id."""
    by_age = session.execute(
        select(ChecklistVersion.checklist_id, ChecklistVersion.id)
        .where(ChecklistVersion.state != VersionState.DRAFT)
        .order_by(ChecklistVersion.checklist_id, ChecklistVersion.number)
    )
    newest: dict[int, int] = dict(by_age.all())
    checklists = checklists_of(session, newest.values())
    return {checklist_id: checklists[version_id] for checklist_id, version_id in newest.items()}
