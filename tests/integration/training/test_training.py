"""From a finding to a trained person: courses, runs, attendance, exams, and who may see what."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from core.access import Role
from core.errors import NotAllowed
from core.periods import Period
from core.training import Reason, Standing
from db.people.models import Staff
from db.store.models import AuditEvent
from db.training.models import TrainingEnrolment
from db.training.queries.course_standing import person_standings, station_standings
from db.training.queries.courses import courses, roster, runs
from db.training.queries.own_training import own_training
from db.training.queries.training_plan import plan
from db.training.services import attendance
from db.training.services.courses import LineData, drop_line, save_course, save_goals, save_line
from tests import factories
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO
from tests.support.training.trainees import (
    HELD,
    PICKED_BY,
    course,
    held,
    kept_course,
    opened,
    proposed,
    scored,
    staff_ids,
)

TODAY = NOW.date()


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
    assert changed[-1] == ["title", "sections", "interval_months", "version"]


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


def test_those_with_repeated_losses_are_proposed_without_their_names(session, who):
    course_id = kept_course(session)
    found = proposed(session, "tina", course_id, Period(202510, 202512))
    # in the quarter each of the twenty lost RIGHT in three of five inspections, X-01 in none of 12:
    # the usual share is 60 of 112
    assert len(found.people) == 20
    assert {row.reason for row in found.people} == {Reason.REPEATED}
    assert {(row.inspections, row.losing) for row in found.people} == {(None, None)}
    labels = {row.label for row in found.people}
    assert len(labels) == 20
    assert all(re.fullmatch("[2-9B-Z]{7}", label) for label in labels)
    named = proposed(session, "bob", course_id, Period(202510, 202512))
    assert {(row.inspections, row.losing) for row in named.people} == {(5, 3)}
    assert {row.label for row in named.people} == {f"K-{k:02}" for k in range(20)}


def worse(session, losses):
    """The first people of KHH lose RIGHT again in December, each so often."""
    for staff_id, times in zip(staff_ids(session), losses, strict=False):
        for day in range(10, 10 + times):
            scored(session, staff_id, 12, day, RIGHT=NO)


def test_the_order_of_people_without_names_says_nothing_within_a_station(session, who):
    """Whoever knows names sees the worst first: 9 losses of 11 before 3 of 5."""
    worse(session, [6, 5, 4])
    course_id, period = kept_course(session), Period(202510, 202512)
    ids = staff_ids(session)
    named = [row.staff_id for row in proposed(session, "bob", course_id, period).people]
    assert named[:3] == ids[:3]
    found = proposed(session, "tina", course_id, period).people
    assert [row.label for row in found] == sorted(row.label for row in found)


def test_of_few_people_at_a_station_one_is_told_only_that_losses_were_found(session, who):
    """With four at work there is nobody whose losses are told as repeated: with five there are."""
    worse(session, [6])
    course_id, period = kept_course(session), Period(202510, 202512)
    ids = staff_ids(session)
    run_id = opened(session, course_id)
    chosen = {ids[0]: Reason.REPEATED}
    attendance.enrol(session, who=who("tina"), run_id=run_id, staff=chosen, now=NOW)
    for left, told in ((15, Reason.REPEATED), (16, None)):
        for staff_id in ids[20 - left :]:
            session.get_one(Staff, staff_id).active = False
        session.flush()
        found = proposed(session, "tina", course_id, period).people
        assert {row.told for row in found} == {told}
        assert {row.reason for row in found} == {Reason.REPEATED}
        [enrolled] = roster(session, who("tina"), run_id)
        assert (enrolled.staff_no, enrolled.reason) == ("K-00", told)
        assert {row.told for row in proposed(session, "bob", course_id, period).people} == {
            Reason.REPEATED
        }
        [seen] = roster(session, who("bob"), run_id)
        assert seen.reason is Reason.REPEATED


def test_two_losses_are_a_reason_at_a_station_clearly_below_the_others(session, who):
    course_id = kept_course(session)
    # October and November: 40 of 60 at KHH against 40 of 72 over all
    found = proposed(session, "tina", course_id, PICKED_BY)
    assert {row.reason for row in found.people} == {Reason.STATION}


def test_who_is_enrolled_is_not_proposed_again(session, who):
    run_id, course_id = held(session)
    found = proposed(session, "tina", course_id, Period(202510, 202512), run_id=run_id)
    assert {row.staff_id for row in found.people} == set(staff_ids(session)[10:])


def test_the_number_of_people_an_answer_needs(session, who):
    found = proposed(session, "tina", kept_course(session), PICKED_BY)
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
    due = proposed(session, "tina", course_id, Period(202401, 202401), today=later).people
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


def test_trainers_see_pseudonyms_where_they_do_not_teach(session, who):
    held(session)
    people = person_standings(session, who("tina"), stan_station(who("stan")), TODAY)
    labels = [row.label for row in people]
    assert labels == sorted(labels)  # not by number, which would tell whose is whose
    assert all(re.fullmatch("[2-9B-Z]{7}", label) for label in labels)
    assert len(set(labels)) == 10
    assert [row.staff_id for row in people] != sorted(row.staff_id for row in people)


def test_names_stand_on_the_lists_of_ones_own_runs_alone(session, who):
    """Tom teaches no run: of tina's he reads neither names nor numbers, nor their order."""
    run_id, _course_id = held(session)
    factories.make_user(session, "tom", Role.TRAINER)
    factories.make_user(session, "quentin", Role.QUALITY_MANAGER)
    named = [f"K-{k:02}" for k in range(10)]
    for name in ("tina", "quentin"):
        assert [row.name for row in roster(session, who(name), run_id)] == named
    people = roster(session, who("tom"), run_id)
    assert [row.staff_no for row in people] == [""] * 10
    labels = [row.name for row in people]
    assert all(re.fullmatch("[2-9B-Z]{7}", label) for label in labels)
    assert labels == sorted(labels)
    standings = person_standings(session, who("tom"), stan_station(who("stan")), TODAY)
    assert [row.label for row in standings] == labels  # one pseudonym in all of training


def test_who_is_due_is_listed_by_pseudonym_and_not_by_number(session, who):
    """Nobody took the course of every year: all of KHH and XMN, and the call of the cast."""
    course_id = kept_course(session, interval_months=12, items=(), questions=0)
    later = date(2027, 6, 1)
    found = proposed(session, "tina", course_id, PICKED_BY, today=later).people
    due = [row for row in found if row.reason is Reason.DUE]
    assert len(due) > 10
    places = [(row.station_code, row.label) for row in due]
    assert places == sorted(places)
    ours = [row.staff_id for row in due if row.station_code == "KHH"]
    assert ours != sorted(ours)


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
