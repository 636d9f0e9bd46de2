"""A person's unsubmitted work: saved as it is typed, its answers and evidence checked before.

The version number guards against lost edits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.access import Identity
from core.checklist import Checklist
from core.errors import StaleEdit
from core.inspection.evidence import Lacking, check_moments, check_photos, parse_pins, unproven
from core.people.staff_names import NOBODY, StaffNames
from core.safekeeping.masking import masked
from core.scoring import Answer, ScoreSheet, parse_answers, reworded, score
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.inspection.models import Draft
from db.inspection.task_kinds import TaskKey, TaskKind, TaskRow, open_task
from db.people.queries.shown_texts import shown_answers
from db.store.base import reworded_data


@dataclass(frozen=True)
class Work:
    """What somebody has entered so far: answers by item key, evidence pins, a note."""

    answers: dict[str, Any] = field(default_factory=dict)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""
    active_seconds: float = 0.0

    def without(self, names: StaffNames, checklist: Checklist) -> Work:
        """The same with people hidden in what was written."""
        if names is NOBODY:
            return self
        return replace(
            self,
            answers=shown_answers(names, checklist, self.answers),
            evidence=names.hide_data(self.evidence),
            note=names.hide(self.note),
        )


@dataclass(frozen=True)
class CheckedWork:
    """Work that fits its checklist: `work` as it is stored, `answers` as they count."""

    checklist: Checklist
    work: Work
    answers: Mapping[str, Answer]
    sheet: ScoreSheet
    unproven: Lacking


@dataclass(frozen=True)
class Saved:
    """The stored version of a draft, the score it stands at, and the items that lack evidence."""

    version: int
    saved_at: datetime
    sheet: ScoreSheet
    unproven: Lacking


def save_draft(
    session: Session,
    *,
    who: Identity,
    task: TaskKey,
    version: int,
    work: Work,
    now: datetime,
) -> Saved:
    """Store the work and return the score it stands at.

    A save that is repeated, because its first answer was lost on the way, changes nothing.

    Args:
        version: the version the editor started from, 0 for none yet.

    Raises:
        InvalidInput: an answer or pin does not fit its item, or the work is no longer open.
        StaleEdit: another tab saved in between; `current` is the stored Work.
        NotAllowed, NotFound: not this person's work.
    """
    row = open_task(session, who, task)
    checked = checked_work(session, task.kind, row, work)
    draft = session.get(Draft, task.draft)
    if draft and draft.version == version + 1 and _holds(draft, checked.work):
        return Saved(draft.version, draft.saved_at, checked.sheet, checked.unproven)
    if (draft.version if draft else 0) != version:
        raise stale(session, task.kind, checked.checklist, draft)
    if draft is None:
        draft = Draft(kind=task.draft[0], task_id=task.task_id, started_at=now)
        session.add(draft)
    draft.version, draft.saved_at = version + 1, now
    draft.answers, draft.evidence = checked.work.answers, checked.work.evidence
    draft.note, draft.active_seconds = checked.work.note, checked.work.active_seconds
    return Saved(draft.version, now, checked.sheet, checked.unproven)


def checked_work(session: Session, kind: TaskKind, row: TaskRow, work: Work) -> CheckedWork:
    """Work as it is stored, with personal data hidden, and what it comes to.

    Raises:
        InvalidInput: an answer does not fit its item; a pin makes no sense, names a photo that is
            not of this task, or a moment that no system recorded.
    """
    checklist = kind.asked(row, checklist_of(session, row.checklist_version_id, row.content_digest))
    answers = parse_answers(checklist, work.answers)
    sheet = score(checklist, answers)
    pins = parse_pins(checklist.by_key, reworded_data(work.evidence, ("note",), masked))
    if any(pin["photo"] for pin in pins):
        check_photos(pins, kind.photos(session, row.id))
    if any(pin["moment_kind"] == "system" for pin in pins):
        check_moments(pins, session.get_one(Interaction, row.interaction_id).events)
    stored = replace(
        work,
        answers=reworded(checklist, work.answers, masked),
        evidence=pins,
        note=masked(work.note),
    )
    return CheckedWork(checklist, stored, answers, sheet, unproven(checklist, sheet, answers, pins))


def stored_work(draft: Draft | None) -> Work:
    if draft is None:
        return Work()
    return Work(draft.answers, draft.evidence, draft.note, draft.active_seconds)


def stale(session: Session, kind: TaskKind, checklist: Checklist, draft: Draft | None) -> StaleEdit:
    """What to raise for an edit of another version than the stored one."""
    current = stored_work(draft).without(kind.hidden_names(session), checklist)
    return StaleEdit("This draft was changed in another tab.", current)


def _holds(draft: Draft, work: Work) -> bool:
    return (draft.answers, draft.evidence, draft.note) == (work.answers, work.evidence, work.note)
