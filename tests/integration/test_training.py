"""From a finding to a trained person: courses, runs, attendance, exams, and who may see what."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from core.errors import InvalidInput, NotAllowed, NotFound
from core.periods import Period
from core.training import Reason, Standing
from db import session as sessions
from db.models import AuditEvent, ExamAttempt, TrainingEnrolment
from db.queries.own_training import own_training
from db.queries.training import courses, roster, runs
from db.queries.training_candidates import Asked, candidates
from db.queries.training_plan import plan
from db.queries.training_status import person_standings, station_standings
from db.services import attendance
from db.services.attendance import Result
from db.services.courses import (
    LineData,
    RunData,
    drop_line,
    save_course,
    save_goals,
    save_line,
    save_run,
)
from tests import factories
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.training import (
    HELD,
    PICKED_BY,
    RUN,
    course,
    enrolments,
    held,
    make_trainees,
    staff_ids,
)

TODAY = NOW.date()


@pytest.fixture
def session(databases):
    with (
        databases.like("trainees", make_trainees) as engine,
        sessions.transaction(engine) as session,
    ):
        yield session


@pytest.fixture
def who(session):
    return lambda name: identity(session, name)


def kept_course(session, **values):
    data = course(**values)
    return save_course(session, who=identity(session, "tina"), course_id=None, data=data, now=NOW)


def opened(session, course_id, **values):
    data = RunData(course_id=course_id, **RUN | values)
    return save_run(session, who=identity(session, "tina"), run_id=None, data=data, now=NOW)


def events(session, action):
    rows = session.execute(
        select(AuditEvent.object_type, AuditEvent.details).where(AuditEvent.action == action)
    )
    return rows.all()


def test_a_course_is_kept_as_entered_and_each_change_is_in_the_log(session, who):
    course_id = kept_course(session, sections=("small/greeting",), interval_months=12)
    save_course(session, who=who("bob"), course_id=course_id, data=course(title="Better"), now=NOW)
    [found] = courses(session, who("tina"))
    assert (found.title, found.items, found.sections) == ("Better", ("RIGHT",), ())
    changed = [details["fields"] for kind, details in events(session, "save") if "course" in kind]
    assert changed[-1] == ["title", "sections", "interval_months"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"title": " "}, "required"),
        ({"method": "telepathy"}, "Unknown method"),
        ({"pass_mark": 101.0}, "does not lie between"),
        ({"attempts": 0}, "does not lie between"),
        ({"interval_months": 0}, "does not lie between"),
        ({"practical_mark": 0.0}, "does not lie between"),
        ({"questions": 61}, "does not lie between"),
        ({"items": ()}, "draw questions from"),
    ],
)
def test_a_course_that_cannot_be_held_is_refused(session, values, problem):
    with pytest.raises(InvalidInput, match=problem):
        kept_course(session, **values)


@pytest.mark.parametrize("name", ["stan", "alice", "charlie"])
def test_only_who_plans_training_changes_anything(session, who, name):
    run_id, course_id = held(session)
    with pytest.raises(NotAllowed):
        save_course(session, who=who(name), course_id=None, data=course(), now=NOW)
    with pytest.raises(NotAllowed):
        save_goals(session, who=who(name), year=2026, goals="More", now=NOW)
    with pytest.raises(NotAllowed):
        attendance.enrol(session, who=who(name), run_id=run_id, staff={}, now=NOW)
    with pytest.raises(NotAllowed):
        attendance.record_results(session, who=who(name), run_id=run_id, results=[], now=NOW)
    with pytest.raises(NotAllowed):
        candidates(session, who(name), course_id, Asked(PICKED_BY, TODAY))


def test_the_plan_of_a_year_stands_beside_what_became_of_it(session, who):
    _, course_id = held(session)
    tina = who("tina")
    save_goals(session, who=tina, year=2026, goals=" Fewer wrong answers ", now=NOW)
    data = LineData(course_id, "At KHH", "internal", HELD, HELD, 12)
    line_id = save_line(session, who=tina, line_id=None, data=data, now=NOW)
    found = plan(session, tina, 2026)
    assert found.goals == "Fewer wrong answers"
    [line] = found.lines
    assert (line.course, line.people, line.held) == ("Right answers", 12, 10)
    drop_line(session, who=tina, line_id=line_id, now=NOW)
    assert plan(session, tina, 2026).lines == ()
    assert plan(session, tina, 2027).goals == ""


def test_people_are_picked_by_months_before_the_run(session):
    course_id = kept_course(session)
    with pytest.raises(InvalidInput, match="must lie before the training"):
        opened(session, course_id, selection=Period(202511, 202601))


def test_those_with_repeated_losses_are_proposed_without_their_names(session, who):
    course_id = kept_course(session)
    found = candidates(session, who("tina"), course_id, Asked(Period(202510, 202512), TODAY))
    # in the quarter each of the twenty lost RIGHT in three of five inspections, X-01 in none of 12:
    # the usual share is 60 of 112
    assert len(found.people) == 20
    assert {row.reason for row in found.people} == {Reason.REPEATED}
    assert {(row.inspections, row.losing) for row in found.people} == {(5, 3)}
    assert {row.label for row in found.people} == set("ABCDEFGHIJKLMNOPQRST")
    named = candidates(session, who("bob"), course_id, Asked(Period(202510, 202512), TODAY))
    assert {row.label for row in named.people} == {f"K-{k:02}" for k in range(20)}


def test_two_losses_are_a_reason_at_a_station_clearly_below_the_others(session, who):
    course_id = kept_course(session)
    # October and November: 40 of 60 at KHH against 40 of 72 over all
    found = candidates(session, who("tina"), course_id, Asked(PICKED_BY, TODAY))
    assert {row.reason for row in found.people} == {Reason.STATION}


def test_who_is_enrolled_is_not_proposed_again(session, who):
    run_id, course_id = held(session)
    asked = Asked(Period(202510, 202512), TODAY, run_id)
    found = candidates(session, who("tina"), course_id, asked)
    assert {row.staff_id for row in found.people} == set(staff_ids(session)[10:])


def test_the_number_of_people_an_answer_needs(session, who):
    found = candidates(session, who("tina"), kept_course(session), Asked(PICKED_BY, TODAY))
    planning = found.planning
    assert planning.scored == 21
    # 20 people x 3 + 12 = 72 inspections of 21 people in two months
    assert planning.monthly == pytest.approx(72 / 21 / 2)
    # within: twenty people with 0, 100, 0 have squares about their mean of 6,666.7; X-01 has 0;
    # 72 - 21 degrees of freedom
    assert planning.within == pytest.approx(20 * 20000 / 3 / 51)
    # two inspections before (one month) and five after: sqrt(2 (W/2 + W/5)) = 60.5 about
    assert planning.needed(20.0, months_before=1) == 57
    assert planning.needed(100.0, months_before=1) == 8


def test_enrolling_twice_enrols_once(session, who):
    run_id = opened(session, kept_course(session))
    staff = dict.fromkeys(staff_ids(session)[:5], Reason.REPEATED)
    assert attendance.enrol(session, who=who("tina"), run_id=run_id, staff=staff, now=NOW) == 5
    assert attendance.enrol(session, who=who("tina"), run_id=run_id, staff=staff, now=NOW) == 0
    people = roster(session, who("tina"), run_id)
    assert [person.name for person in people] == [f"K-{k:02}" for k in range(5)]
    [run] = runs(session, who("tina"))
    assert (run.enrolled, run.attended, run.selection) == (5, 0, PICKED_BY)


def test_staff_numbers_are_enrolled_all_or_none(session, who):
    run_id = opened(session, kept_course(session))
    tina = who("tina")
    with pytest.raises(InvalidInput, match="staff number K-99"):
        attendance.enrol_numbers(
            session, who=tina, run_id=run_id, numbers=["K-01", "K-99"], now=NOW
        )
    numbers = ["K-01", " K-02", ""]
    attendance.enrol_numbers(session, who=tina, run_id=run_id, numbers=numbers, now=NOW)
    assert [row.staff_no for row in roster(session, tina, run_id)] == ["K-01", "K-02"]
    assert {row.reason for row in roster(session, tina, run_id)} == {Reason.CHOSEN}


def test_who_has_left_is_not_enrolled(session, who):
    run_id = opened(session, kept_course(session))
    left = staff_ids(session)[0]
    session.get(factories.Staff, left).active = False
    with pytest.raises(NotFound, match="do not work here"):
        attendance.enrol(
            session, who=who("tina"), run_id=run_id, staff={left: Reason.CHOSEN}, now=NOW
        )


def test_nobody_is_withdrawn_once_something_is_recorded(session, who):
    run_id, _ = held(session)
    first = enrolments(session, run_id)[0]
    with pytest.raises(InvalidInput, match="it is kept"):
        attendance.withdraw(session, who=who("tina"), enrolment_id=first, now=NOW)
    attendance.record_results(
        session, who=who("tina"), run_id=run_id, results=[Result(first, None)], now=NOW
    )
    attendance.withdraw(session, who=who("tina"), enrolment_id=first, now=NOW)
    assert len(roster(session, who("tina"), run_id)) == 9


def test_results_are_recorded_and_the_same_results_again_change_nothing(session, who):
    run_id, _ = held(session, practical_mark=60.0)
    first, second, *_ = enrolments(session, run_id)
    results = [
        Result(first, True, date(2026, 1, 15), practical=70.0, exams={1: 50.0, 2: 90.0}),
        Result(second, False, note="Ill"),
    ]
    record = {"who": who("tina"), "run_id": run_id, "results": results, "now": NOW}
    assert attendance.record_results(session, **record) == 2
    assert attendance.record_results(session, **record) == 0
    one, two, *_ = roster(session, who("tina"), run_id)
    assert (one.attended_on, one.practical, one.exams) == (
        date(2026, 1, 15),
        70.0,
        {1: 50.0, 2: 90.0},
    )
    assert (two.attended, two.attended_on, two.note) == (False, None, "Ill")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"attended_on": date(2026, 1, 16)}, "outside the run"),
        ({"attended": False, "exams": {1: 80.0}}, "not marked as having come"),
        ({"exams": {1: 101.0}}, "from 0 to 100"),
        ({"exams": {4: 80.0}}, "allows 3 attempts"),
        ({"exams": {2: 80.0}}, "comes before the one ahead"),
        ({"practical": 80.0}, "no practical test"),
    ],
)
def test_results_that_cannot_be_are_refused_as_a_whole(session, who, values, problem):
    run_id, _ = held(session)
    first, second, *_ = enrolments(session, run_id)
    wrong = Result(**{"enrolment_id": second, "attended": True} | values)
    with pytest.raises(InvalidInput, match=problem), session.begin_nested():
        attendance.record_results(
            session,
            who=who("tina"),
            run_id=run_id,
            results=[Result(first, True, exams={1: 80.0}), wrong],
            now=NOW,
        )
    assert session.scalar(select(func.count()).select_from(ExamAttempt)) == 0


def test_results_go_to_the_run_they_belong_to(session, who):
    run_id, _ = held(session)
    other, _ = held(session, title="Another")
    stranger = enrolments(session, other)[0]
    with pytest.raises(NotFound, match="not enrolled in this run"):
        attendance.record_results(
            session, who=who("tina"), run_id=run_id, results=[Result(stranger, True)], now=NOW
        )


def test_a_recurrent_course_falls_due_for_its_posts_by_itself(session, who):
    _, course_id = held(session, interval_months=12, posts=("agent",), questions=0)
    session.get(factories.Staff, staff_ids(session)[19]).post = "supervisor"
    session.flush()
    rows = {row.station_code: row for row in station_standings(session, who("tina"), TODAY)}
    # ten of KHH have it since January, nine are newcomers to it; the course exists since today
    assert rows["KHH"].counts[course_id] == {Standing.MASTERED: 10, Standing.DUE_SOON: 9}
    later = date(2026, 4, 10)
    rows = {row.station_code: row for row in station_standings(session, who("tina"), later)}
    assert rows["KHH"].counts[course_id] == {Standing.MASTERED: 10, Standing.OVERDUE: 9}
    asked = Asked(Period(202401, 202401), later)
    due = candidates(session, who("tina"), course_id, asked).people
    assert {row.reason for row in due} == {Reason.DUE}
    assert len([row for row in due if row.station_code == "KHH"]) == 9


def test_a_station_manager_follows_the_own_part_of_the_tree(session, who):
    run_id, _ = held(session)
    stan, olaf = who("stan"), who("olaf")
    assert [row.station_code for row in station_standings(session, stan, TODAY)] == ["KHH"]
    assert station_standings(session, olaf, TODAY) == ()
    assert len(roster(session, stan, run_id)) == 10
    assert roster(session, olaf, run_id) == ()
    assert [run.enrolled for run in runs(session, olaf)] == [0]
    people = person_standings(session, stan, stan_station(stan), TODAY)
    assert [row.label for row in people] == [f"K-{k:02}" for k in range(10)]
    with pytest.raises(NotAllowed):
        person_standings(session, olaf, stan_station(stan), TODAY)


def stan_station(stan):
    [station] = stan.station_ids
    return station


def test_trainers_see_letters_where_they_do_not_teach(session, who):
    held(session)
    people = person_standings(session, who("tina"), stan_station(who("stan")), TODAY)
    assert [row.label for row in people] == list("ABCDEFGHIJ")


@pytest.mark.parametrize("name", ["alice", "charlie", "kim"])
def test_who_has_nothing_to_do_with_training_sees_none(session, who, name):
    with pytest.raises(NotAllowed):
        courses(session, who(name))
    with pytest.raises(NotAllowed):
        station_standings(session, who(name), TODAY)


def test_one_sees_only_the_own_training(session, who):
    held(session)
    assert len(own_training(session, who("kim"), TODAY).runs) == 1
    assert own_training(session, who("charlie"), TODAY).runs == ()
    with pytest.raises(NotAllowed):
        own_training(session, who("tina"), TODAY)


def test_every_step_is_in_the_log_without_a_name(session, who):
    held(session)
    assert session.scalar(select(func.count()).select_from(TrainingEnrolment)) == 10
    [(kind, details)] = events(session, "enrol")
    assert (kind, details["staff"]) == ("training_run", staff_ids(session)[:10])
    assert [kind for kind, _ in events(session, "record")] == ["training_run"]


def test_a_course_that_is_not_held_any_more_is_not_opened(session, who):
    course_id = kept_course(session, active=False)
    with pytest.raises(NotFound, match="not held any more"):
        opened(session, course_id)
