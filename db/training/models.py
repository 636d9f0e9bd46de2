"""Training: what a year plans, courses and their runs, who took part, exams, what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Id, Key, Model, Title, Words


class TrainingPlan(Model):
    """What the training of a year is for."""

    __tablename__ = "training_plan"

    id: Mapped[Key]
    year: Mapped[int] = mapped_column(unique=True)
    goals: Mapped[Words] = mapped_column(default="")
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]


class TrainingPlanLine(Model):
    """A course planned for a span of days, and for how many people."""

    __tablename__ = "training_plan_line"

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"))
    goal: Mapped[Words] = mapped_column(default="")
    method: Mapped[Code]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    people: Mapped[int]


class TrainingCourse(Model):
    """What is taught.

    `items` are keys of checklist items, `sections` are "checklist key/section key", `case_sets` ids
    of case sets whose questions the exam may draw. `posts` are those who have to take it when it
    recurs; empty means everybody. No `interval_months`: it does not recur. No `questions`: it has
    no exam; no `practical_mark`: no practical test. After `attempts` failed exams the course is
    taken again.
    """

    __tablename__ = "training_course"

    id: Mapped[Key]
    title: Mapped[Title]
    content: Mapped[Words] = mapped_column(default="")
    method: Mapped[Code]
    items: Mapped[list[Any]]
    sections: Mapped[list[Any]]
    case_sets: Mapped[list[Any]]
    posts: Mapped[list[Any]]
    interval_months: Mapped[int | None]
    questions: Mapped[int] = mapped_column(default=0)
    pass_mark: Mapped[float] = mapped_column(default=80.0)
    practical_mark: Mapped[float | None]
    attempts: Mapped[int] = mapped_column(default=3)
    active: Mapped[bool] = mapped_column(default=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class TrainingRun(Model):
    """A course as it is held; groups taught on different days of the span belong to one run.

    `selection_first` and `selection_last` are the months by whose scores people were picked.
    """

    __tablename__ = "training_run"
    __table_args__ = (Index(None, "course_id", "starts_on"),)

    id: Mapped[Key]
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"))
    method: Mapped[Code]
    place: Mapped[Title] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    trainer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    selection_first: Mapped[int]
    selection_last: Mapped[int]
    created_at: Mapped[datetime]


class TrainingEnrolment(Model):
    """A person in a run. `attended` is None until it is recorded; `reason` says why picked."""

    __tablename__ = "training_enrolment"
    __table_args__ = (UniqueConstraint("run_id", "staff_id"),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("training_run.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    reason: Mapped[Code]
    attended: Mapped[bool | None]
    attended_on: Mapped[date | None]
    practical: Mapped[float | None]
    note: Mapped[Words] = mapped_column(default="")
    enrolled_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    enrolled_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]


class ExamAttempt(Model):
    """An exam taken. The questions follow from `seed`, and from those of earlier attempts.

    They stand here as they were put.

    `answers` are places of the chosen options, no words of anybody's, None where none is chosen
    yet; they are kept one by one while the exam is sat. `score` is percent of the questions
    answered rightly, None until it is handed in. `source` is portal, or recorded where the exam
    was held elsewhere; then there are no questions.
    """

    __tablename__ = "exam_attempt"
    __table_args__ = (UniqueConstraint("enrolment_id", "number"),)

    id: Mapped[Key]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("training_enrolment.id"))
    number: Mapped[int]
    source: Mapped[Code]
    seed: Mapped[int] = mapped_column(BigInteger)
    questions: Mapped[list[Any]]
    answers: Mapped[list[Any]]
    score: Mapped[float | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class TrainingEffect(Model):
    """Whether a run worked, as it was computed; `data_version` is that of the data it saw.

    `payload` is db.training.services.effects' data form.
    """

    __tablename__ = "training_effect"

    run_id: Mapped[int] = mapped_column(ForeignKey("training_run.id"), primary_key=True)
    data_version: Mapped[int] = mapped_column(Id)
    computed_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
