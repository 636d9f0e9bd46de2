"""The demo's training: a plan, three courses, and one run that truly helped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.clock.days import begin_of, day_of
from core.periods import Period, first_day, month_of, shift
from core.training import Reason
from db.people.models import Staff, User
from db.people.services.identities import identity_of
from db.training.models import TrainingEnrolment
from db.training.services.attendance import AttendanceResult, enrol, record_results
from db.training.services.courses import (
    CourseData,
    LineData,
    RunData,
    save_course,
    save_goals,
    save_line,
    save_run,
)
from db.training.services.effects import compute_effect
from db.training.services.exam_questions import QuestionData, save_question

TAUGHT = frozenset(
    [
        *(f"LNG-{number:02}" for number in range(1, 6)),
        *(f"ATD-{number:02}" for number in range(1, 9)),
    ]
)
GAIN = 2.4
"""What the course adds to the log-odds of meeting what it taught."""
_WEAK = 0.7
_RUN_MONTHS_AGO = 2
_TRAINER, _STAFF = "trainer", "staff"
ZONE = "UTC"
"""By whose calendar the demo says that something was weeks ago."""
_PEOPLE_AT_REFRESHER = 12


def trainees(skill: Mapping[str, float]) -> frozenset[str]:
    """Every second of the weaker, so that as many alike stay untrained."""
    weaker = sorted(skill, key=lambda number: (skill[number], number))
    return frozenset(weaker[: round(_WEAK * len(weaker)) : 2])


def trained_from(now: datetime) -> datetime:
    """From this moment on the trained do better."""
    return begin_of(first_day(shift(_run_month(now), 1)), ZONE)


def load_training(session: Session, numbers: Iterable[str], *, now: datetime) -> None:
    """Plan and hold what the demo's trainer did, through the services."""
    user = session.scalars(select(User).filter_by(username=_TRAINER)).one()
    who = identity_of(session, user)
    today = day_of(now, ZONE)
    year = today.year
    save_goals(session, who=who, year=year, goals=_GOALS, now=now)
    month = _run_month(now)
    start = first_day(month).replace(day=10)
    begun = begin_of(first_day(shift(month, -1)), ZONE)
    courtesy = save_course(session, who=who, course_id=None, data=_COURTESY, now=begun)
    data = RunData(
        course_id=courtesy,
        method="simulation",
        place="",
        starts_on=start,
        ends_on=start + timedelta(days=2),
        selection=_selection(month),
    )
    run = save_run(session, who=who, run_id=None, data=data, now=begun)
    _hold(session, who, run, list(_ids(session, numbers)), now)
    compute_effect(session, who=who, run_id=run, now=now)
    refresher = _refresher(session, who, now)
    for course_id, day, people in ((courtesy, start, 40), (refresher, today, 120)):
        line = LineData(
            course_id=course_id,
            goal="",
            method="internal",
            starts_on=day,
            ends_on=day + timedelta(days=2),
            people=people,
        )
        if day.year == year:
            save_line(session, who=who, line_id=None, data=line, now=now)


def _refresher(session: Session, who: Identity, now: datetime) -> int:
    """A course that recurs each year, held for a few people of one station three weeks ago."""
    begun = now - timedelta(days=25)
    course = save_course(session, who=who, course_id=None, data=_ATTIRE, now=begun)
    _write_questions(session, who, course, begun)
    held = day_of(now, ZONE) - timedelta(days=20)
    selection = _selection(month_of(held))
    data = RunData(
        course_id=course,
        method="internal",
        place="",
        starts_on=held,
        ends_on=held,
        selection=selection,
    )
    run = save_run(session, who=who, run_id=None, data=data, now=begun)
    ids = session.scalars(select(Staff.id).order_by(Staff.staff_no).limit(_PEOPLE_AT_REFRESHER))
    _hold(session, who, run, list(ids), now)
    _await_exam(session, who, run, now)
    soon = day_of(now, ZONE) + timedelta(days=12)
    identity = save_course(session, who=who, course_id=None, data=_IDENTITY, now=begun)
    last = shift(month_of(day_of(now, ZONE)), -1)
    next_run = RunData(
        course_id=identity,
        method="case_analysis",
        place="",
        starts_on=soon,
        ends_on=soon,
        selection=Period(shift(last, -2), last),
    )
    save_run(session, who=who, run_id=None, data=next_run, now=now)
    return course


def _write_questions(session: Session, who: Identity, course: int, now: datetime) -> None:
    for data in ATTIRE_QUESTIONS:
        save_question(session, who=who, course_id=course, question_id=None, data=data, now=now)


def _hold(session: Session, who: Identity, run_id: int, staff: list[int], now: datetime) -> None:
    """Everybody comes but every eleventh; every fifth needs a second exam, one is still to sit."""
    enrol(session, who=who, run_id=run_id, staff=dict.fromkeys(staff, Reason.REPEATED), now=now)
    rows = session.scalars(
        select(TrainingEnrolment.id).filter_by(run_id=run_id).order_by(TrainingEnrolment.id)
    )
    results = []
    for number, row in enumerate(rows, start=1):
        exams = {1: 60.0, 2: 90.0} if number % 5 == 0 else {1: 80.0 + number % 3 * 10}
        if number == len(staff):
            exams = {1: 50.0}
        came = number % 11 != 0
        results.append(AttendanceResult(row, came, exams=exams if came else {}))
    record_results(session, who=who, run_id=run_id, results=results, now=now)


def _await_exam(session: Session, who: Identity, run_id: int, now: datetime) -> None:
    """The demo's member of staff came, and has the exam still to sit."""
    staff_id = session.scalars(select(User.staff_id).filter_by(username=_STAFF)).one()
    if staff_id is None:
        return
    enrol(session, who=who, run_id=run_id, staff={staff_id: Reason.DUE}, now=now)
    row = select(TrainingEnrolment.id).filter_by(run_id=run_id, staff_id=staff_id)
    result = AttendanceResult(session.scalars(row).one(), attended=True)
    record_results(session, who=who, run_id=run_id, results=[result], now=now)


def _ids(session: Session, numbers: Iterable[str]) -> Iterable[int]:
    return session.scalars(
        select(Staff.id).where(Staff.staff_no.in_(list(numbers))).order_by(Staff.staff_no)
    )


def _selection(month: int) -> Period:
    """The month before the two ahead of the run, which are the baseline."""
    return Period(shift(month, -3), shift(month, -3))


def _run_month(now: datetime) -> int:
    return shift(month_of(day_of(now, ZONE)), -_RUN_MONTHS_AGO)


_GOALS = (
    "電話與櫃檯的用語和態度：失分率降低三分之一。儀容每年複訓一次。\n"
    "Wording and attitude on the phone and at the counter: a third fewer losses. "
    "Attire is refreshed every year."
)
_COURTESY = CourseData(
    title="用語與態度 Courteous wording",
    content="失分案例分析、情境演練。 Cases that lost points, then role play.",
    method="simulation",
    items=tuple(sorted(TAUGHT)),
    questions=10,
)
_ATTIRE = CourseData(
    title="儀容與禮儀複訓 Attire refresher",
    content="制服、配飾、站姿。 Uniform, accessories, posture.",
    method="internal",
    sections=("airport_counter/attire",),
    posts=("agent",),
    interval_months=12,
    questions=8,
)
_IDENTITY = CourseData(
    title="身分核對 Verifying identity",
    content="先核對、後辦理。 Verify first, then serve.",
    method="case_analysis",
    sections=("phone/verification", "airport_counter/identity"),
    questions=8,
)
ATTIRE_QUESTIONS = (
    QuestionData(
        question={
            "zh_TW": "值勤時名牌上應有哪些內容？",
            "zh_CN": "上岗时工牌上应有哪些内容？",
            "en": "What stands on a name badge on duty?",
        },
        options=(
            {"zh_TW": "姓名", "zh_CN": "姓名", "en": "The name"},
            {"zh_TW": "公司標誌", "zh_CN": "公司标志", "en": "The company's logo"},
            {"zh_TW": "私人電話", "zh_CN": "私人电话", "en": "A private phone number"},
            {"zh_TW": "自己喜歡的貼紙", "zh_CN": "自己喜欢的贴纸", "en": "A sticker one likes"},
        ),
        right=(0, 1),
        why={
            "zh_TW": "名牌讓旅客知道對方是誰、代表哪家公司，不放私人資訊。",
            "zh_CN": "工牌让旅客知道对方是谁、代表哪家公司，不放私人信息。",
            "en": "It says whom one speaks to and for which company, and nothing private.",
        },
    ),
    QuestionData(
        question={
            "zh_TW": "交班前發現制服鈕扣掉了，該怎麼做？",
            "zh_CN": "接班前发现制服纽扣掉了，该怎么做？",
            "en": "A button of your uniform is gone just before the shift. What do you do?",
        },
        options=(
            {
                "zh_TW": "換上備用的那一套，或先縫好",
                "zh_CN": "换上备用的那一套，或先缝好",
                "en": "Change into the spare one, or sew it on first",
            },
            {
                "zh_TW": "照常穿這件制服接班，旅客不會發現鈕扣少了一顆",
                "zh_CN": "照常穿这件制服接班，旅客不会发现纽扣少了一颗",
                "en": "Begin the shift in this uniform, nobody sees that a button is gone",
            },
            {
                "zh_TW": "在制服外面穿自己的外套，把鈕扣的位置遮住",
                "zh_CN": "在制服外面穿自己的外套，把纽扣的位置遮住",
                "en": "Wear a jacket of your own over the uniform, so that the button is hidden",
            },
        ),
        right=(0,),
        why={
            "zh_TW": "制服要完整、依規定穿著；便服外套不是制服。",
            "zh_CN": "制服要完整、按规定穿着；便服外套不是制服。",
            "en": "The uniform is whole and worn as prescribed; a jacket of one's own is none.",
        },
    ),
)
"""What the trainer wrote for the refresher."""
COURSES = (_COURTESY, _ATTIRE, _IDENTITY)
