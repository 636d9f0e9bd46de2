"""An exam that is being sat: questions and answers stay until it is handed in, once."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput, NotAllowed, StaleEdit
from db.store import session as sessions
from db.store.models import AuditEvent
from db.training.models import ExamAttempt, TrainingEnrolment
from db.training.queries.courses import roster
from db.training.queries.own_training import own_training, paper
from db.training.services import attendance, exams
from db.training.services.attendance import AttendanceResult
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.inspection.inspecting import at_once
from tests.support.training.trainees import enrolments, held, make_trainees

PHONE = {"items": ("ATD-01", "ATD-02"), "questions": 4}
TODAY = NOW.date()


@pytest.fixture
def begun(session, who):
    """kim's exam of four questions, nothing answered yet: the attempt."""
    held(session, **PHONE)
    return _begin(session, who("kim"))


def _begin(session, kim):
    [own] = own_training(session, kim, TODAY).runs
    return exams.start_exam(session, who=kim, enrolment_id=own.enrolment_id, seed=7, now=NOW)


def _keep(session, kim, attempt, place, choice):
    exams.keep_answer(session, who=kim, attempt_id=attempt, position=place, choice=choice, now=NOW)


def test_answers_stay_with_their_questions_while_the_exam_is_sat(session, who, begun):
    kim = who("kim")
    before = paper(session, kim, begun).questions
    _keep(session, kim, begun, 2, 0)
    _keep(session, kim, begun, 0, 1)
    _keep(session, kim, begun, 2, 1)  # another choice replaces the first
    session.expire_all()
    found = paper(session, kim, _begin(session, kim))
    assert (found.attempt_id, found.questions) == (begun, before)
    assert found.answers == (1, None, 1, None)
    assert found.score is None


def test_ones_own_page_knows_how_far_the_exam_is(session, who, begun):
    kim = who("kim")
    assert own_training(session, kim, TODAY).runs[0].under_way == (0, 4)
    for place in (0, 3, 3):
        _keep(session, kim, begun, place, 0)
    run = own_training(session, kim, TODAY).runs[0]
    assert run.under_way == (2, 4)
    assert run.exam_is_open
    exams.hand_in(session, who=kim, attempt_id=begun, answers={0: 0, 3: 0}, now=NOW)
    assert own_training(session, kim, TODAY).runs[0].under_way is None


def test_what_is_chosen_has_to_be_on_the_paper(session, who, begun):
    options = len(paper(session, who("kim"), begun).questions[0].options)
    for place, choice in ((4, 0), (-1, 0), (0, options), (0, -1)):
        with pytest.raises(InvalidInput, match="not on this paper"):
            _keep(session, who("kim"), begun, place, choice)


def test_nobody_else_answers_or_reads_an_exam_under_way(session, who, begun):
    _keep(session, who("kim"), begun, 0, 1)
    for name in ("tina", "charlie", "bob"):
        with pytest.raises(NotAllowed):
            _keep(session, who(name), begun, 0, 0)
        with pytest.raises(NotAllowed):
            paper(session, who(name), begun)
    assert paper(session, who("kim"), begun).answers[0] == 1
    people = roster(session, who("tina"), _run_of(session, begun))
    assert all(not person.exams for person in people)


def _run_of(session, attempt_id):
    enrolment_id = session.get(ExamAttempt, attempt_id).enrolment_id
    return session.get(TrainingEnrolment, enrolment_id).run_id


def test_single_answers_do_not_enter_the_log(session, who, begun):
    _keep(session, who("kim"), begun, 0, 1)
    told = session.query(AuditEvent.action).filter_by(object_type="exam_attempt").all()
    assert [row.action for row in told] == ["start_exam"]


def test_a_paper_that_was_handed_in_takes_no_answer_any_more(session, who, begun):
    kim = who("kim")
    exams.hand_in(session, who=kim, attempt_id=begun, answers={}, now=NOW)
    with pytest.raises(InvalidInput, match="handed in already"):
        _keep(session, kim, begun, 0, 0)
    assert paper(session, kim, begun).answers == (None,) * 4


@pytest.mark.parametrize("shown", [{0: 0, 1: 0}, {0: 1}, {}])
def test_a_tab_that_shows_other_answers_than_are_kept_hands_nothing_in(session, who, begun, shown):
    """Kept are 0: 1 and 1: 0; each of the tabs would drop or change one of them."""
    kim = who("kim")
    _keep(session, kim, begun, 0, 1)
    _keep(session, kim, begun, 1, 0)
    with pytest.raises(StaleEdit, match="another tab"):
        exams.hand_in(session, who=kim, attempt_id=begun, answers=shown, now=NOW)
    assert paper(session, kim, begun).score is None
    exams.hand_in(session, who=kim, attempt_id=begun, answers={0: 1, 1: 0}, now=NOW)
    assert paper(session, kim, begun).answers == (1, 0, None, None)


def test_an_exam_passed_elsewhere_meanwhile_is_no_second_attempt(session, who, begun):
    """Three attempts are allowed; the one under way counts as the first."""
    kim = who("kim")
    enrolment = session.get(ExamAttempt, begun).enrolment_id
    run_id = _run_of(session, begun)
    with pytest.raises(InvalidInput, match="taken in the portal"):
        attendance.record_results(
            session,
            who=who("tina"),
            run_id=run_id,
            results=[AttendanceResult(enrolment, True, exams={1: 90.0})],
            now=NOW,
        )
    assert own_training(session, kim, TODAY).runs[0].under_way == (0, 4)


def test_answers_and_handing_in_at_the_same_moment_make_one_result(databases):
    """Four questions answered from four tabs at once all stay; four clicks hand in once."""
    with databases.like("trainees", make_trainees) as engine:
        with sessions.transaction(engine) as session:
            run_id, _ = held(session, people=1, **PHONE)
            kim = identity(session, "kim")
            [own] = enrolments(session, run_id)
            attempt = exams.start_exam(session, who=kim, enrolment_id=own, seed=1, now=NOW)
            right = [question.right for question in paper(session, kim, attempt).questions]

        def keeping(place):
            def kept():
                with sessions.transaction(engine) as session:
                    _keep(session, kim, attempt, place, right[place])

            return kept

        def handing():
            with sessions.transaction(engine) as session:
                given = dict(enumerate(right))
                return exams.hand_in(session, who=kim, attempt_id=attempt, answers=given, now=NOW)

        at_once(*[keeping(place) for place in range(4)])
        with sessions.reading(engine) as session:
            assert paper(session, kim, attempt).answers == tuple(right)
        assert at_once(*[handing] * 4) == [100.0] * 4
        with sessions.reading(engine) as session:
            done = session.query(AuditEvent).filter_by(action="hand_in").count()
            assert done == 1
