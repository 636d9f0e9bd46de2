"""Cases as lessons: saved filters, marks, case sets with their versions, practice on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.teaching.states import PRACTICE, PRACTICE_TASK, PracticeState, PracticeTaskState
from db.store.base import Code, Key, Model, PersonalJson, Title, Words, state_of


class SavedFilter(Model):
    """A filter of the cases under a name; `address` is what the address held."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[Title]
    address: Mapped[dict[str, Any]] = mapped_column(PersonalJson(("words",)))
    shared: Mapped[bool] = mapped_column(default=False, index=True)
    saved_at: Mapped[datetime]


class TrainingMark(Model):
    """Whether an encounter is meant for training: `kind` is use or never."""

    __tablename__ = "training_mark"

    interaction_id: Mapped[int] = mapped_column(
        ForeignKey("interaction.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[Code]
    reason: Mapped[Words] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class CaseSet(Model):
    """A set of cases for a lesson through all its versions; `shared` shows it to other trainers."""

    __tablename__ = "case_set"
    __table_args__ = (Index(None, "owner_id"),)

    id: Mapped[Key]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    shared: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class CaseSetVersion(Model):
    """One version: a draft until it is issued, unchanged from then on but for cases that leave.

    `edit` grows by one with each change of a draft.
    """

    __tablename__ = "case_set_version"
    __table_args__ = (UniqueConstraint("case_set_id", "number"),)

    id: Mapped[Key]
    case_set_id: Mapped[int] = mapped_column(ForeignKey("case_set.id"))
    number: Mapped[int]
    title: Mapped[Title]
    purpose: Mapped[Words] = mapped_column(default="")
    edit: Mapped[int] = mapped_column(default=0)
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]


class CaseSetMember(Model):
    """A case in a version, with what is taught from it.

    `marked` are the turns shown in class: {turn, start, end, note}; the words stay in the turns.
    A case that had to leave keeps its place, without a case and with `left_reason`.
    """

    __tablename__ = "case_set_member"
    __table_args__ = (
        Index(None, "version_id", "position"),
        Index(None, "interaction_id"),
        Index(None, "inspection_id"),
    )

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("case_set_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    inspection_id: Mapped[int | None] = mapped_column(
        ForeignKey("inspection.id", ondelete="SET NULL")
    )
    interaction_id: Mapped[int | None] = mapped_column(
        ForeignKey("interaction.id", ondelete="SET NULL")
    )
    note: Mapped[Words] = mapped_column(default="")
    question: Mapped[Words] = mapped_column(default="")
    answer: Mapped[Words] = mapped_column(default="")
    marked: Mapped[list[Any]] = mapped_column(PersonalJson(("note",)))
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str] = mapped_column(Text, default="")


class PracticeRound(Model):
    """A practice on an issued version of a case set.

    Answers are compared with the inspections of record, or with those of `reference_user_id`.
    `pass_mark` is the percentage of items that must agree. `items` are the keys of those that are
    asked; none of them means all.
    """

    __tablename__ = "practice_round"
    __table_args__ = (Index(None, "version_id"), Index(None, "opened_by"))

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("case_set_version.id"))
    title: Mapped[Title]
    pass_mark: Mapped[float]
    attempts: Mapped[int]
    due_on: Mapped[date | None]
    reference_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    items: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[PracticeState] = state_of(PRACTICE)
    opened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]


class PracticeParticipant(Model):
    """Who takes part in a practice, the one who gives the reference included."""

    __tablename__ = "practice_participant"
    __table_args__ = (Index(None, "user_id"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("practice_round.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    added_at: Mapped[datetime]


class PracticeTask(Model):
    """One case scored by one participant in one attempt; it never becomes an inspection.

    The answers and the score are there once it is submitted; before, they stand in a Draft.
    """

    __tablename__ = "practice_task"
    __table_args__ = (
        UniqueConstraint("round_id", "user_id", "attempt", "member_id"),
        Index(None, "member_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("practice_round.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    attempt: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("case_set_member.id"))
    position: Mapped[int]
    state: Mapped[PracticeTaskState] = state_of(PRACTICE_TASK)
    answers: Mapped[dict[str, Any]] = mapped_column(PersonalJson(("note", "reason")), default=dict)
    evidence: Mapped[list[Any]] = mapped_column(PersonalJson(("note",)), default=list)
    note: Mapped[Words] = mapped_column(default="")
    active_seconds: Mapped[float] = mapped_column(default=0.0)
    opened_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    score: Mapped[float | None]
