"""Whether a run worked, from people's own inspections; and what trainers look at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import InvalidInput, NotAllowed
from core.periods import Period
from core.training import Counts
from db.people.models import Staff
from db.results.models import StationItemMonth
from db.training.models import TrainingCourse, TrainingEffect
from db.training.queries.effects import effects
from db.training.queries.emerging_losses import emerging
from db.training.queries.taught_items import tallies, taught_items
from db.training.queries.trainer_news import below_target
from db.training.services import attendance
from db.training.services.attendance import AttendanceResult
from db.training.services.courses import RunData, save_run
from db.training.services.effects import compute_effect, refresh_effects
from tests.factories import identity, version_of
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO
from tests.support.training.trainees import PICKED_BY, RUN, enrolments, held, scored, staff_ids

ALL = Period(202510, 202602)
RUNNING = 202603


@pytest.fixture
def tina(session):
    return identity(session, "tina")


def computed(session, run_id):
    tina = identity(session, "tina")
    compute_effect(session, who=tina, run_id=run_id, now=NOW)
    return next(row for row in effects(session, tina) if row.run_id == run_id)


def test_the_effect_is_the_rise_beyond_that_of_the_untrained(session):
    run_id, _ = held(session)
    found = computed(session, run_id)
    # On RIGHT alone everybody scored 0, 100, 0 while picked, and 0, 100 in December. In February
    # the trained scored 100, 100 (a rise of 50) and eight of the others 0, 100 as before (no rise),
    # one 0, 0 (a fall of 50) and one 100, 100.
    assert found.windows == (PICKED_BY, Period(202512, 202512), Period(202602, 202602))
    assert (found.trained, found.scored, found.unmeasured) == (10, 10, 0)
    estimate = found.estimate
    assert (estimate.rise, estimate.expected, estimate.effect) == pytest.approx((50, 0, 50))
    # So the pairs differ by 50, but for one by 100 and one by 0: an sd of sqrt(5000 / 9) = 23.57,
    # an error of 23.57 / sqrt(10) = 7.454, and 2.262 of them at 95 % on 9 degrees: 50 - 16.86
    assert estimate.error == pytest.approx(7.454, abs=1e-3)
    assert estimate.interval == pytest.approx((33.14, 66.86), abs=0.005)
    assert str(found.sentence).endswith("established.")


def test_an_effect_kept_without_any_spread_is_told_no_more(session):
    """As those were before: an interval of no width counted as established."""
    run_id, _ = held(session)
    computed(session, run_id)
    stored = session.get_one(TrainingEffect, run_id)
    payload = dict(stored.payload)
    alike = payload["estimate"] | {"lower": 50.0, "upper": 50.0, "error": 0.0, "spread": 0.0}
    stored.payload = payload | {"estimate": alike}
    session.flush()
    found = next(row for row in effects(session, identity(session, "tina")))
    assert found.estimate is None
    assert str(found.sentence).startswith("Everybody's scores changed alike")


def test_runs_are_judged_together_and_say_so(session):
    """One run alone at 95 %; the sentence has the interval that is drawn."""
    run_id, _ = held(session)
    computed(session, run_id)
    stored = session.get_one(TrainingEffect, run_id)
    payload = dict(stored.payload)
    kept = payload["estimate"] | {"effect": 4.0, "lower": 1.0, "upper": 7.0}
    for name in ("error", "freedom"):
        del kept[name]
    stored.payload = payload | {"estimate": kept}
    session.flush()
    found = next(row for row in effects(session, identity(session, "tina")))
    # kept without its error: 3 is 1.860 errors on 10 - 2 degrees of freedom, which is 1.613
    assert found.estimate.error == pytest.approx(1.613, abs=1e-3)
    # and 2.306 of them at 95 %: 4 - 3.72 to 4 + 3.72
    assert found.level == pytest.approx(0.95)
    assert found.estimate.interval == pytest.approx((0.28, 7.72), abs=0.005)
    assert "95 % interval +0.3 to +7.7: established." in str(found.sentence)


def test_scores_are_those_of_the_taught_items_alone(session):
    staff = staff_ids(session)[0]
    # RIGHT weighs half of the solution, 30 of 100; HELLO 20. One more October call loses HELLO.
    scored(session, staff, 10, 28, HELLO=NO)
    right = tallies(session, frozenset({"RIGHT"}), ALL)[staff][202510]
    assert (right.inspections, right.losing, right.scores.total) == (3, 1, pytest.approx(200))
    both = tallies(session, frozenset({"RIGHT", "HELLO"}), ALL)[staff][202510]
    # 100, 40 (30 of 50 lost) and 60 (20 of 50 lost)
    assert both.losing == 2
    assert both.scores.total == pytest.approx(200)
    assert both.scores.squares == pytest.approx(100**2 + 40**2 + 60**2)
    whole = tallies(session, frozenset(), ALL)[staff][202510]
    assert whole.scores.total == pytest.approx(100 + 70 + 80)  # no item: the scores themselves


def test_items_nobody_asked_about_have_no_scores(session):
    assert tallies(session, frozenset({"NOWHERE"}), ALL) == {}


def test_a_section_teaches_all_its_items(session):
    held(session, items=("RIGHT",), sections=("small/greeting",))
    course = session.query(TrainingCourse).one()
    assert taught_items(session, course) == {"RIGHT", "HELLO", "NAME"}


def test_too_few_trained_people_give_the_reason(session):
    run_id, _ = held(session, people=5)
    found = computed(session, run_id)
    assert found.estimate is None
    assert str(found.sentence).startswith("Only 5 of 5 trained people were scored since")


def test_who_did_not_come_counts_as_untrained(session):
    run_id, _ = held(session, attended=8)
    assert computed(session, run_id).trained == 8


def test_who_had_the_course_elsewhere_is_no_one_to_compare_with(session, tina):
    run_id, course_id = held(session)
    data = RunData(course_id=course_id, **RUN)
    other = save_run(session, who=tina, run_id=None, data=data, now=NOW)
    rest = dict.fromkeys(staff_ids(session)[10:], attendance.Reason.CHOSEN)
    attendance.enrol(session, who=tina, run_id=other, staff=rest, now=NOW)
    came = [AttendanceResult(row, attended=True) for row in enrolments(session, other)]
    attendance.record_results(session, who=tina, run_id=other, results=came, now=NOW)
    # nobody alike is left but X-01, who was scored in October only
    found = computed(session, run_id)
    assert found.estimate is None or found.estimate.method != "matched"


def test_without_attendance_there_is_nothing_to_compute(session, tina):
    run_id, _ = held(session, attended=0)
    with pytest.raises(InvalidInput, match="Record who came first"):
        compute_effect(session, who=tina, run_id=run_id, now=NOW)


def test_recording_something_else_forgets_what_was_computed(session, tina):
    run_id, _ = held(session)
    computed(session, run_id)
    first = enrolments(session, run_id)[0]
    attendance.record_results(
        session, who=tina, run_id=run_id, results=[AttendanceResult(first, attended=False)], now=NOW
    )
    assert effects(session, tina) == ()


def test_effects_are_computed_by_themselves_and_again_once_behind(session, tina):
    held(session)
    assert refresh_effects(session, now=NOW) == 1
    assert refresh_effects(session, now=NOW) == 0
    scored(session, staff_ids(session)[0], 14, 25)
    assert refresh_effects(session, now=NOW) == 0  # a day has to pass
    assert refresh_effects(session, now=NOW + timedelta(days=2)) == 1
    assert refresh_effects(session, now=NOW + timedelta(days=500)) == 0  # long over
    assert len(effects(session, tina)) == 1


@pytest.mark.parametrize("name", ["stan", "kim", "alice"])
def test_effects_are_for_who_sees_all_stations(session, name):
    run_id, _ = held(session)
    who = identity(session, name)
    with pytest.raises(NotAllowed):
        effects(session, who)
    with pytest.raises(NotAllowed):
        compute_effect(session, who=who, run_id=run_id, now=NOW)


def test_months_of_an_item_are_counted_over_all_stations(session, tina):
    found = emerging(session, tina, RUNNING)
    assert found.month == 202602
    counts = dict(zip(found.months, found.counts["RIGHT"], strict=True))
    # October: 20 people with one loss in two calls, and twelve calls at XMN
    assert counts[202510] == Counts(20, 52)
    assert counts[202602] == Counts(10, 40)
    assert found.rises == ()  # fewer than four months before


def test_a_month_that_is_not_over_is_told_against_no_whole_one(session, tina):
    """On a day of February the newest month is January; in it nobody was inspected."""
    found = emerging(session, tina, 202602)
    assert found.month == found.months[-1] == 202601
    assert (found.judged, found.rises) == (0, ())
    for day in range(1, 29):
        scored(session, staff_ids(session)[0], 14, day, RIGHT=NO, HONEST=NO)
    # November to January at KHH: 60 calls, 80 on average, which February does not change
    [station] = below_target(session, tina, 202602)
    assert (station.n, station.mean) == (60, pytest.approx(80))
    assert station.period == Period(202511, 202601)


@pytest.fixture
def months_before(session):
    """Half a year in which FAST was lost in 5 and 6 of 100 calls in turn."""
    station = session.get_one(Staff, staff_ids(session)[0]).station_id
    for month, lost in zip(range(202504, 202510), (5, 6, 5, 6, 5, 6), strict=True):
        session.add(
            StationItemMonth(
                checklist_version_id=version_of(session, "small"),
                channel="phone",
                sample_class="must_inspect",
                station_id=station,
                month=month,
                item_key="FAST",
                section_key="solution",
                lost=lost,
                answered=100,
            )
        )


@pytest.mark.usefixtures("months_before")
@pytest.mark.parametrize(
    ("people", "rising", "confined"), [(12, ["FAST"], []), (1, [], ["FAST"])], ids=["many", "one"]
)
def test_losses_of_one_person_are_no_rise_of_the_network(session, tina, people, rising, confined):
    for day in range(1, 13):
        scored(session, staff_ids(session)[day % people], 14, day, FAST=NO)
    found = emerging(session, tina, RUNNING)
    assert found.counts["FAST"][-1] == Counts(12, 52)
    assert [rise.item for rise in found.rises if rise.is_signal] == rising
    assert [rise.item for rise in found.confined] == confined


def test_a_station_manager_sees_the_own_items(session):
    olaf = emerging(session, identity(session, "olaf"), RUNNING)
    assert dict(zip(olaf.months, olaf.counts["RIGHT"], strict=True))[202510] == Counts(0, 12)


def test_stations_surely_below_the_pass_mark_ask_for_help(session, tina):
    assert below_target(session, tina, RUNNING) == ()
    for day in range(1, 29):
        scored(session, staff_ids(session)[0], 14, day, RIGHT=NO, HONEST=NO)
    [station] = below_target(session, tina, RUNNING)
    # December to February at KHH: 80 calls, 30 of them at 70, and now 28 at 50 (capped)
    assert (station.station_code, station.n, station.target) == ("KHH", 108, 85)
    assert station.mean == pytest.approx((50 * 100 + 30 * 70 + 28 * 50) / 108)
    assert below_target(session, identity(session, "olaf"), RUNNING) == ()


def test_no_roles_of_others_see_the_news(session):
    for name in ("kim", "alice"):
        with pytest.raises(NotAllowed):
            emerging(session, identity(session, name), RUNNING)


def test_a_run_moved_to_other_days_forgets_its_effect(session, tina):
    run_id, course_id = held(session)
    computed(session, run_id)
    data = replace(RunData(course_id=course_id, **RUN), starts_on=date(2026, 1, 7))
    save_run(session, who=tina, run_id=run_id, data=data, now=NOW)
    assert effects(session, tina) == ()
