"""From assignment to inspection: drafts, results, evidence, findings, amendments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from core.inspection.states import (
    ASSIGNMENT,
    CORRECTION,
    INSPECTION,
    AssignmentState,
    CorrectionState,
    InspectionState,
)
from core.states import States
from db.store.base import Code, Id, Key, Model, PersonalJson, Words, state_of


class SamplingPlan(Model):
    """A drawn plan: with the interactions of its period, `settings` and seed repeat the draw.

    `kind` is a `core.plan.standing.DrawKind`. `day` is the portal's. Nobody has drawn what the
    standing plan draws by itself.
    """

    __tablename__ = "sampling_plan"

    id: Mapped[Key]
    kind: Mapped[Code] = mapped_column(default="by_hand")
    month: Mapped[int] = mapped_column(index=True)
    day: Mapped[date]
    settings: Mapped[dict[str, Any]]
    frame_size: Mapped[int]
    drawn: Mapped[int]
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class StandingPlanEdition(Model):
    """The standing plan as it was saved; the newest edition holds.

    `settings` are the fields of `core.plan.StandingPlan`. The seed is made with the first edition
    and stays: with another one the starts of a month that is half drawn would move.
    """

    __tablename__ = "standing_plan"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    settings: Mapped[dict[str, Any]]
    seed: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class DrawChance(Model):
    """An encounter that the standing plan has seen, and its chance of being drawn at random.

    Month, person (a `scored_person`), station and channel are the cell in which it was seen, which
    a later import does not change. `plan_id` is the draw of the night that saw it; `rate`, in
    millionths, its chance in it. `probability` is the chance in all draws so far, and `drawn_in`
    the draw that took it.
    """

    __tablename__ = "draw_chance"
    __table_args__ = (
        Index("ix_draw_chance_cell", "month", "person", "station_id", "channel"),
        Index(None, "drawn_in"),
    )

    interaction_id: Mapped[int] = mapped_column(
        ForeignKey("interaction.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    plan_id: Mapped[int] = mapped_column(ForeignKey("sampling_plan.id"))
    month: Mapped[int]
    person: Mapped[int] = mapped_column(BigInteger)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    channel: Mapped[Code]
    rate: Mapped[int]
    probability: Mapped[float]
    drawn_in: Mapped[int | None] = mapped_column(ForeignKey("sampling_plan.id"))


class InspectorAbsence(Model):
    """Days on which an inspector is not there, both included."""

    __tablename__ = "inspector_absence"
    __table_args__ = (Index(None, "last_day"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    noted_at: Mapped[datetime]
    noted_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class Assignment(Model):
    """An interaction given to an inspector to score with one checklist version.

    `purpose` is record (the inspection of record) or second (blind, for agreement only).
    `sample_class` is random, must_inspect, observed (on site, chosen by the inspector) or chosen
    (given by somebody who picked it out, for no figure); stratum and inclusion probability are
    kept from the draw because they cannot be rebuilt later.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("interaction_id", "inspector_id"),
        Index(None, "inspector_id", "state", "due_on", "id"),
    )

    id: Mapped[Key]
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id"))
    checklist_version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"))
    inspector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("sampling_plan.id"), index=True)
    purpose: Mapped[Code] = mapped_column(default="record")
    sample_class: Mapped[Code] = mapped_column(default="random")
    stratum: Mapped[Code] = mapped_column(default="")
    inclusion_probability: Mapped[float] = mapped_column(default=1.0)
    due_on: Mapped[date]
    state: Mapped[AssignmentState] = state_of(ASSIGNMENT)
    skip_reason: Mapped[Words | None]
    submission_key: Mapped[str] = mapped_column(String(36), unique=True)
    assigned_at: Mapped[datetime]


class Draft(Model):
    """Unsubmitted work on a task of any kind; `version` grows by one with each save.

    `kind` is that of the task's table of states, `task_id` the task's id in the table of its kind.
    """

    __tablename__ = "draft"

    kind: Mapped[Code] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(PersonalJson(("note", "reason")))
    evidence: Mapped[list[Any]] = mapped_column(PersonalJson(("note",)))
    note: Mapped[Words] = mapped_column(default="")
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    active_seconds: Mapped[float] = mapped_column(default=0.0)

    @classmethod
    def of(cls, states: States, task_id: InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
        """Whether a draft is that of a task of the kind with these states."""
        return and_(cls.kind == states.kind, cls.task_id == task_id)


class Inspection(Model):
    """A submitted inspection; the row is the truth, findings and rollups are derived from it.

    `answers` is {item key: answer}. `day` and `month` (yyyymm) are those of `occurred_at` in the
    station's zone, and so is `shift`. Business line, post and language are those known when it was
    scored; empty is not recorded. Only valid rows with purpose record enter findings and rollups.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        Index(
            "uq_inspection_record",
            "interaction_id",
            unique=True,
            sqlite_where=text("purpose = 'record' AND state = 'valid'"),
            postgresql_where=text("purpose = 'record' AND state = 'valid'"),
        ),
        Index(None, "station_id", "state", "purpose", "score", "id"),
        Index(None, "state", "purpose", "score", "id"),
        Index(
            "ix_inspection_critical",
            *("state", "purpose", "score", "id", "month", "critical"),
            sqlite_where=text("critical IS 1"),
            postgresql_where=text("critical IS TRUE"),
        ),
        Index(None, "state", "purpose", "occurred_at", "id"),
        Index(None, "staff_id", "occurred_at", "id"),
        Index(None, "inspector_id", "submitted_at"),
        Index(None, "post"),
        Index(None, "language"),
        CheckConstraint("score >= 0", name="score_not_negative"),
    )

    id: Mapped[Key]
    submission_key: Mapped[str] = mapped_column(String(36), unique=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id"), index=True)
    checklist_version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"))
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    inspector_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    channel: Mapped[Code]
    purpose: Mapped[Code]
    sample_class: Mapped[Code]
    stratum: Mapped[Code]
    inclusion_probability: Mapped[float]
    occurred_at: Mapped[datetime]
    day: Mapped[date]
    month: Mapped[int]
    shift: Mapped[Code] = mapped_column(default="")
    business_line: Mapped[Code] = mapped_column(default="")
    post: Mapped[Code] = mapped_column(default="")
    language: Mapped[Code] = mapped_column(default="")
    submitted_at: Mapped[datetime]
    active_seconds: Mapped[float | None]
    answers: Mapped[dict[str, Any]] = mapped_column(PersonalJson(("note", "reason")))
    note: Mapped[Words] = mapped_column(default="")
    score: Mapped[float | None]
    score_before_critical: Mapped[float | None]
    key_moment_score: Mapped[float | None]
    band: Mapped[str | None] = mapped_column(String(32))
    passed: Mapped[bool | None]
    critical: Mapped[bool]
    state: Mapped[InspectionState] = state_of(INSPECTION)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), index=True)


class Evidence(Model):
    """Where an answer is proven: a turn, with the words marked if any, a second, a photo, a moment.

    The region is the part of the photo that is meant, in shares of its width and height.
    `moment_kind` is system or manual.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "inspection_id", "item_key"),)

    id: Mapped[Key]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    item_key: Mapped[Code]
    turn_position: Mapped[int | None]
    start_offset: Mapped[int | None]
    end_offset: Mapped[int | None]
    start_second: Mapped[float | None]
    end_second: Mapped[float | None]
    photo: Mapped[str | None] = mapped_column(ForeignKey("photo.name"), index=True)
    region_left: Mapped[float | None]
    region_top: Mapped[float | None]
    region_width: Mapped[float | None]
    region_height: Mapped[float | None]
    moment: Mapped[datetime | None]
    moment_kind: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[Words] = mapped_column(default="")


class Finding(Model):
    """A lost point of a valid inspection of record, one row an item, for browsing by item.

    `staff_id` is in whose figures it counts: in nobody's for a bot and for what was picked out.
    `score` is the inspection's, so that the cases of an item come in order from an index.
    """

    __tablename__ = "finding"
    __table_args__ = (
        Index(None, "inspection_id"),
        Index(None, "item_key", "score", "inspection_id"),
        Index(None, "section_key", "score", "inspection_id"),
        Index(None, "station_id", "item_key", "score", "inspection_id"),
        Index(
            "ix_finding_staff_month",  # holds all that scores on single items are summed from
            *("item_key", "month", "staff_id", "inspection_id", "checklist_id", "points_lost"),
        ),
        Index(
            "ix_finding_effect",
            "effect",
            "score",
            "inspection_id",
            sqlite_where=text("effect IS NOT NULL"),
            postgresql_where=text("effect IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    station_id: Mapped[int]
    staff_id: Mapped[int | None]
    checklist_id: Mapped[int]
    section_key: Mapped[Code]
    item_key: Mapped[Code]
    month: Mapped[int]
    score: Mapped[float | None]
    points_lost: Mapped[float]
    effect: Mapped[str | None] = mapped_column(String(32))


RECALLED = "recall"
"""The kind of amendment with which an inspector took back what was only just submitted."""
FOR_APPEAL = "appeal "
"""How the reason of an amendment begins that an appeal brought about; its number follows."""


class Amendment(Model):
    """Why an inspection was amended or voided, by whom; `inspection_id` is the older row.

    `kind` is amend, void or RECALLED. Where an appeal was the reason it says FOR_APPEAL and which:
    why is said at the appeal's points, which can be erased.
    """

    __tablename__ = "amendment"

    id: Mapped[Key]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    new_inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"))
    kind: Mapped[Code]
    reason: Mapped[Words]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class CorrectionRequest(Model):
    """An inspector says what is wrong with an inspection of theirs; one at a time is open.

    `due_on` is the day, at the station, by which it is to be answered; `answer` says why it was
    declined. What was corrected, and why, says the amendment of the inspection.
    """

    __tablename__ = "correction_request"
    __table_args__ = (
        Index(
            "uq_correction_request_open",
            "inspection_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_correction_request_waiting", "state", "due_on", "id"),
    )

    id: Mapped[Key]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    words: Mapped[Words]
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    state: Mapped[CorrectionState] = state_of(CORRECTION)
    answer: Mapped[Words] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class Acknowledgement(Model):
    """The scored person has seen the result, and what they say to it."""

    __tablename__ = "acknowledgement"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    comment: Mapped[Words] = mapped_column(default="")


class Photo(Model):
    """A photo an inspector added to an assignment: re-encoded, without what the camera noted.

    It lasts as long as the draft or the evidence that shows it.
    """

    __tablename__ = "photo"

    name: Mapped[Code] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    added_at: Mapped[datetime]
