"""Certificates of passed exams, and courses that are withdrawn."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.errors import NotAllowed, NotFound
from db.training.models import TrainingCertificate, TrainingCourse
from db.training.queries.certificates import certificate, certificate_by_number
from db.training.queries.own_training import own_training, paper
from db.training.services import exams
from db.training.services.courses import save_course
from tests.support.clock import NOW
from tests.support.training.trainees import course, held, opened

TODAY = NOW.date()
PHONE = {"items": ("ATD-01", "ATD-02"), "questions": 4, "interval_months": 12}


def sat(session, kim, *, rightly=True):
    [own] = own_training(session, kim, TODAY).runs
    attempt = exams.start_exam(session, who=kim, enrolment_id=own.enrolment_id, seed=5, now=NOW)
    questions = paper(session, kim, attempt).questions
    given = {place: question.right for place, question in enumerate(questions) if rightly}
    exams.hand_in(session, who=kim, attempt_id=attempt, answers=given, now=NOW)
    return paper(session, kim, attempt).certificate


@pytest.mark.both
def test_a_passed_exam_leaves_a_certificate_and_a_failed_one_does_not(session, who):
    """Valid for the twelve months after which the course is due again."""
    held(session, **PHONE)
    kim = who("kim")
    assert sat(session, kim, rightly=False) is None
    found = certificate(session, kim, sat(session, kim))
    assert (found.name, found.course, found.version, found.score) == (
        "K-00",
        "Right answers",
        1,
        100,
    )
    assert found.passed_on == TODAY
    assert found.valid_until == date(TODAY.year + 1, TODAY.month, TODAY.day)
    assert re.fullmatch(r"\d{6}(-[2-9A-HJ-NP-Z]{4}){3}", found.number)
    assert own_training(session, kim, TODAY).runs[0].certificate == found.id


def test_what_is_changed_later_in_the_course_changes_no_certificate(session, who):
    _run, course_id = held(session, **PHONE)
    kim, tina = who("kim"), who("tina")
    before = certificate(session, kim, sat(session, kim))
    changed = course(**PHONE | {"title": "Better answers", "interval_months": None})
    save_course(session, who=tina, course_id=course_id, data=changed, now=NOW)
    assert session.get(TrainingCourse, course_id).version == 2
    save_course(session, who=tina, course_id=course_id, data=changed, now=NOW)
    assert session.get(TrainingCourse, course_id).version == 2  # nothing changed
    assert certificate(session, kim, before.id) == before


def test_a_certificate_is_found_by_its_number_however_it_is_typed(session, who):
    held(session, **PHONE)
    number = certificate(session, who("kim"), sat(session, who("kim"))).number
    tina = who("tina")
    for typed in (number, number.lower(), f" {number.replace('-', ' ')} ", number.lstrip("0")):
        assert certificate_by_number(session, tina, typed).name == "K-00"
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    for typed in (wrong, "000001", "", "x" * 40, f"999999{number[6:]}"):
        with pytest.raises(NotFound):
            certificate_by_number(session, tina, typed)


def test_whose_it_is_learns_who_may_know(session, who):
    """bob sees everybody; stan manages kim's station, olaf another; kim cannot look up."""
    held(session, **PHONE)
    own = certificate(session, who("kim"), sat(session, who("kim")))
    assert certificate_by_number(session, who("stan"), own.number).name == "K-00"
    with pytest.raises(NotFound):
        certificate_by_number(session, who("olaf"), own.number)
    with pytest.raises(NotAllowed):
        certificate_by_number(session, who("kim"), own.number)
    for name in ("olaf", "charlie", "alice"):
        with pytest.raises(NotFound):
            certificate(session, who(name), own.id)
    assert certificate(session, who("tina"), own.id).name == "K-00"  # her own run


@pytest.mark.both
def test_a_withdrawn_course_gets_no_new_run_and_keeps_its_results(session, who):
    _run, course_id = held(session, **PHONE)
    kim, tina = who("kim"), who("tina")
    sat(session, kim, rightly=False)
    withdrawn = course(**PHONE | {"active": False})
    save_course(session, who=tina, course_id=course_id, data=withdrawn, now=NOW)
    with pytest.raises(NotFound, match="not held any more"):
        opened(session, course_id)
    kept = own_training(session, kim, TODAY).runs[0]
    assert kept.exams == (0.0,)
    assert sat(session, kim) is not None  # the run that is there is finished
    assert session.query(TrainingCertificate).count() == 1
