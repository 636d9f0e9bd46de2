"""The kinds of task that are scored at the pad, and how a task of one's own is read and locked.

A task is a case that one person is to score with one checklist. Drafts, pins, conflicts and
submitting once are the same for every kind (`services/drafts.py`, `services/submission.py`), and so
is what the person sees (`queries/desk.py`). A kind says where its tasks are stored, who may work at
them, how one leads to its case, and what becomes of the answers; it registers in the `tasks.py` of
its subject. What a model suggests is no task: nobody scores it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, false, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.selectable import FromClause

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.errors import PortalError
from core.people.staff_names import NOBODY, StaffNames
from core.states import Move, States
from db.checklists.models import ChecklistVersion
from db.encounters.models import Interaction
from db.encounters.queries.consent import OPEN, ConsentRefused
from db.encounters.queries.encounter import ENCOUNTER
from db.inspection.models import Draft
from db.people.models import Station

if TYPE_CHECKING:
    from db.inspection.queries.desk import Desk
    from db.inspection.services.drafts import CheckedWork
    from db.inspection.services.submission import Submitted

TaskRow = Row[Any]
_kinds: list[TaskKind] = []


@dataclass(frozen=True)
class TaskSource:
    """Where the tasks of a kind are stored, and how one leads to its case and its checklist.

    Attributes:
        model: their table, with the columns `id` and `state`.
        joined: this table, joined with those that the columns below are of.
        worker: whose task it is.
        is_over: whether what a task belongs to has ended, so that it cannot be worked at.
    """

    model: type[Any]
    joined: type[Any] | FromClause
    worker: InstrumentedAttribute[int]
    interaction_id: InstrumentedAttribute[Any]
    checklist_version_id: InstrumentedAttribute[int]
    is_over: ColumnElement[bool] = field(default_factory=false)


class TaskKind(ABC):
    """What sets one kind of task apart.

    Attributes:
        states: its table of states, from open by the deed `submit`. Drafts and the log know the
            kind by the table's `kind`.
        address: what stands for it in the addresses of the pad's routes.
        action: what it takes to work at such tasks.
        source: where its tasks are stored.
        looked_at: further columns that `shown` reads.
        locked: further columns that `finish` and `outcome` read; what `asked` reads is in both.
    """

    states: States
    address: str
    action: Action
    source: TaskSource
    looked_at: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = ()
    locked: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = ()

    @abstractmethod
    def unknown(self, session: Session, who: Identity, task_id: int) -> PortalError:
        """What to raise for a task that does not exist, is somebody else's, or has no case."""

    @abstractmethod
    def following(
        self,
        session: Session,
        who: Identity,
        task_id: int,
        *,
        today: date,
        narrowed: Mapping[str, str],
    ) -> int | None:
        """The open task that comes behind one of the person's own; None when none is left.

        `narrowed` is what the person has narrowed the tasks to, as the address says it.
        """

    @abstractmethod
    def finish(
        self, session: Session, who: Identity, row: TaskRow, work: CheckedWork, now: datetime
    ) -> int | None:
        """Move a task by `submit` and keep what is complete; the id if that is an inspection."""

    @abstractmethod
    def outcome(self, session: Session, row: TaskRow) -> Submitted:
        """What came of a task that was submitted before."""

    def asked(self, row: TaskRow, checklist: Checklist) -> Checklist:  # noqa: ARG002
        """What of its checklist a task asks."""
        return checklist

    def shown(self, session: Session, who: Identity, row: TaskRow, desk: Desk) -> Desk:  # noqa: ARG002
        """The desk as this kind shows it, by further columns of `looking`."""
        return desk

    def note_opened(  # noqa: B027  few kinds note it
        self, session: Session, who: Identity, task_id: int, now: datetime
    ) -> None:
        """Note that the person saw the case, where `shown` says that this is still to be noted."""

    def hidden_names(self, session: Session) -> StaffNames:  # noqa: ARG002  for those that hide
        """Whose names are hidden in what is shown of a task."""
        return NOBODY

    def photos(self, session: Session, task_id: int) -> frozenset[str]:  # noqa: ARG002
        """The photos that pins of a task may show."""
        return frozenset()

    def task(self, task_id: int) -> TaskKey:
        return TaskKey(self, task_id)

    @property
    def submit(self) -> Move:
        return self.states.by("submit")

    @cached_property
    def looking(self) -> Select[Any]:
        """One task of a person with all that is read to show it."""
        return self._own.add_columns(
            ChecklistVersion.number,
            Draft.version,
            Draft.answers,
            Draft.evidence,
            Draft.note,
            Draft.active_seconds,
            Draft.saved_at,
            *ENCOUNTER,
            *self.looked_at,
        ).outerjoin(Draft, Draft.of(self.states, self.source.model.id))

    @cached_property
    def locking(self) -> Select[Any]:
        """One task of a person, locked until the transaction ends."""
        columns = (Interaction.id.label("interaction_id"), OPEN.label("is_open"))
        return self._own.add_columns(*columns, *self.locked).with_for_update(of=self.source.model)

    @property
    def _own(self) -> Select[Any]:
        of = self.source
        return (
            select(
                of.model.id,
                of.model.state,
                of.is_over.label("is_over"),
                of.checklist_version_id.label("checklist_version_id"),
                ChecklistVersion.content_digest,
            )
            .select_from(of.joined)
            .join(Interaction, Interaction.id == of.interaction_id)
            .join(Station, Station.id == Interaction.station_id)
            .join(ChecklistVersion, ChecklistVersion.id == of.checklist_version_id)
            .where(of.model.id == bindparam("task_id"), of.worker == bindparam("user_id"))
        )


class TaskKey(NamedTuple):
    """Which task: its kind, and its id among those of the kind."""

    kind: TaskKind
    task_id: int

    @property
    def draft(self) -> tuple[str, int]:
        """The key of its draft."""
        return self.kind.states.kind, self.task_id


def registered(kind: TaskKind) -> TaskKind:
    _kinds.append(kind)
    return kind


def task_kinds() -> Mapping[str, TaskKind]:
    """Every kind, by what stands for it in an address."""
    return {kind.address: kind for kind in _kinds}


def own_task(session: Session, who: Identity, task: TaskKey) -> TaskRow:
    """A task of the person, with the columns of `locking`, locked until the transaction ends.

    Raises:
        NotAllowed: the role does not work at such tasks.
        NotFound: it is somebody else's, or does not exist.
    """
    require(who, task.kind.action)
    mine = {"task_id": task.task_id, "user_id": who.user_id}
    row = session.execute(task.kind.locking, mine).one_or_none()
    if row is None:
        raise task.kind.unknown(session, who, task.task_id)
    return row


def open_task(session: Session, who: Identity, task: TaskKey) -> TaskRow:
    """As `own_task`, of work that can go on.

    Raises:
        InvalidInput: the work is no longer open, or the customer refuses.
    """
    row = own_task(session, who, task)
    must_be_open(task.kind, row)
    return row


def must_be_open(kind: TaskKind, row: TaskRow) -> None:
    """Raises InvalidInput for work that is no longer open, or whose customer refuses."""
    kind.submit.check(row.state)
    if row.is_over:
        raise kind.submit.refused(row.state)
    if not row.is_open:
        raise ConsentRefused


def version_of_draft() -> ColumnElement[int]:
    """The checklist version that the answers of a draft belong to."""
    versions = {
        kind: _joined(kind.source, kind.source.checklist_version_id)
        .where(kind.source.model.id == Draft.task_id)
        .correlate(Draft)
        .scalar_subquery()
        for kind in _kinds
    }
    return case(*((Draft.kind == kind.states.kind, version) for kind, version in versions.items()))


def _joined(source: TaskSource, column: InstrumentedAttribute[int]) -> Select[int]:
    return select(column).select_from(source.joined)
