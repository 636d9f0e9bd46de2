"""Submitting what was scored, exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import InvalidInput
from core.inspection.na_answers import unexplained
from db.checklists.parsed_versions import checklist_of
from db.inspection.models import Draft
from db.inspection.services.drafts import CheckedWork, Work, checked_work, stale, stored_work
from db.inspection.task_kinds import TaskKey, TaskRow, must_be_open, own_task
from db.store.base import table_of

_DISCARD = (
    delete(table_of(Draft))
    .where(
        Draft.kind == bindparam("of_kind"),
        Draft.task_id == bindparam("of_task"),
        Draft.version == bindparam("seen"),
    )
    .returning(Draft.version)
)


class Unanswered(InvalidInput):
    """Required items are blank; `items` holds their keys in order."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__("Required items are unanswered: {items}.", items=", ".join(items))
        self.items = items


class Unproven(InvalidInput):
    """Points were lost where the checklist asks for evidence; `items` holds the keys in order."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__("Pin evidence or write a note for: {items}.", items=", ".join(items))
        self.items = items


class Unexplained(InvalidInput):
    """Critical items are N/A without a reason; `items` holds the keys in order."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__(
            "Say why these critical items do not apply: {items}.", items=", ".join(items)
        )
        self.items = items


@dataclass(frozen=True)
class Submitted:
    """What came of a task, `repeated` when it had been submitted before.

    `inspection_id` is None where a kind of task makes no inspection.
    """

    inspection_id: int | None
    score: float | None
    repeated: bool


def submit(
    session: Session,
    *,
    who: Identity,
    task: TaskKey,
    version: int,
    now: datetime,
    work: Work | None = None,
) -> Submitted:
    """Turn a draft into what its kind of task is for, exactly once however often it is asked.

    Args:
        version: the draft version the person saw when submitting.
        work: what has been entered since that version; None when the draft holds it all.

    Raises:
        Unanswered: required items are blank.
        Unexplained: critical items are N/A without a reason.
        Unproven: points were lost without the evidence that the checklist asks for.
        StaleEdit: the draft was changed elsewhere since; `current` is the stored Work.
        InvalidInput: it is no longer open.
        ConsentRefused: the customer refuses.
        NotAllowed, NotFound: not this person's work.
    """
    kind, row = task.kind, own_task(session, who, task)
    if row.state == kind.submit.target:
        return kind.outcome(session, row)
    must_be_open(kind, row)
    work = _taken(session, task, row, version, work)
    checked = checked_work(session, kind, row, work)
    _refuse_incomplete(checked)
    inspection_id = kind.finish(session, who, row, checked, now)
    return Submitted(inspection_id, checked.sheet.score, repeated=False)


def _taken(session: Session, task: TaskKey, row: TaskRow, version: int, work: Work | None) -> Work:
    """The work to submit; its draft goes if it is of the version seen.

    The draft is read after the task was locked: PostgreSQL shows what another tab stored while
    this one waited only to a statement that begins later.
    """
    draft = session.get(Draft, task.draft) if work is None else None
    if work is None and draft is None:
        raise InvalidInput("Answer the checklist before submitting.")
    discarding = dict(zip(("of_kind", "of_task"), task.draft, strict=True)) | {"seen": version}
    if session.scalar(_DISCARD, discarding) is None:
        draft = session.get(Draft, task.draft)
        if draft or version:
            checklist = checklist_of(session, row.checklist_version_id, row.content_digest)
            raise stale(session, task.kind, checklist, draft)
    return work or stored_work(draft)


def _refuse_incomplete(checked: CheckedWork) -> None:
    if checked.sheet.missing:
        raise Unanswered(checked.sheet.missing)
    if owing := unexplained(checked.checklist, checked.sheet, checked.answers):
        raise Unexplained(owing)
    if checked.unproven.required:
        raise Unproven(checked.unproven.required)
