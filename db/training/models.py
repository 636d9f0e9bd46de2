"""Training: what a year plans, courses and their runs, who took part, exams, what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.i18n import CONTENT_LANGUAGES
from db.store.base import Code, Id, Key, Model, PersonalJson, Title, Words


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
    taken again. An exam lasts `minutes`; None: as long as one likes. `version` grows by one with
    each change of what is taught or asked. One that is not `active` is withdrawn: it is held no
    more, and what was recorded of it stays.
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
    minutes: Mapped[int | None]
    pass_mark: Mapped[float] = mapped_column(default=80.0)
    practical_mark: Mapped[float | None]
    attempts: Mapped[int] = mapped_column(default=3)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class ExamQuestion(Model):
    """A question that a trainer wrote for the exam of a course.

    `question` and `why` are texts by language, `options` a list of such, of which `right` are the
    places of the right ones. `item` is the checklist item it is about, empty for none. `picture`
    names a file. With evidence it has a case of a set and the turns shown of it, from the first to
    the last by position. One that was asked is never changed: `replaced` by another it stays for
    the papers it stands on.
    """

    __tablename__ = "exam_question"

    id: Mapped[Key]
    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"), index=True)
    item: Mapped[Code] = mapped_column(default="")
    question: Mapped[dict[str, Any]] = mapped_column(PersonalJson(CONTENT_LANGUAGES))
    options: Mapped[list[Any]] = mapped_column(PersonalJson(CONTENT_LANGUAGES), default=list)
    right: Mapped[list[Any]]
    why: Mapped[dict[str, Any]] = mapped_column(PersonalJson(CONTENT_LANGUAGES))
    picture: Mapped[str | None] = mapped_column(String(32), index=True)
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("case_set_member.id", ondelete="SET NULL"), index=True
    )
    first_turn: Mapped[int | None]
    last_turn: Mapped[int | None]
    replaced: Mapped[bool] = mapped_column(default=False)
    written_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]


class ExamArrangement(Model):
    """A question of a course that is not asked, or has a place ahead of the others on a paper.

    Kind, subject and level name it as core.training's BankKey does.
    """

    __tablename__ = "exam_arrangement"

    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id"), primary_key=True)
    kind: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Code] = mapped_column(primary_key=True)
    level: Mapped[Code] = mapped_column(primary_key=True)
    off: Mapped[bool] = mapped_column(default=False)
    place: Mapped[int | None]


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

    `answers` are places of the chosen options, lists of them where several are right, no words of
    anybody's, None where none is chosen yet; they are kept one by one while the exam is sat.
    `score` is percent of the questions answered rightly, None until it is handed in. `source` is
    portal, or recorded where the exam was held elsewhere; then there are no questions. With a time
    limit answers count until `closes_at`.
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
    closes_at: Mapped[datetime | None]


class TrainingCertificate(Model):
    """What an exam passed in the portal leaves: the course as it was called and valid that day.

    The `code` is by chance: with the id it is the number by which a certificate is looked up.
    """

    __tablename__ = "training_certificate"

    id: Mapped[Key]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("exam_attempt.id"), unique=True)
    code: Mapped[Code]
    title: Mapped[Title]
    version: Mapped[int]
    passed_on: Mapped[date]
    valid_until: Mapped[date | None]
    issued_at: Mapped[datetime]


class TrainingEffect(Model):
    """Whether a run worked, as it was computed; `data_version` is that of the data it saw.

    `payload` is db.training.services.effects' data form.
    """

    __tablename__ = "training_effect"

    run_id: Mapped[int] = mapped_column(ForeignKey("training_run.id"), primary_key=True)
    data_version: Mapped[int] = mapped_column(Id)
    computed_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
