"""States that follow from steps, and what refuses a step or a list of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.clock import Level
from core.errors import InvalidInput, OutOfTurn
from core.files.course import Course, FileFacts, FileState, Mark, hands
from core.files.kinds import KINDS, Kind
from core.files.order import MOST_EVENTS, check_events, check_step, permitted
from core.files.steps import FileEvent, Step
from tests.support.clock_runs import HOUR, MINUTE, at

BEGIN = at("02T09:00")
NOW = at("20T09:00")


def hourly(*steps, kind=Kind.COMPLAINT, **more):
    """A step an hour, from 2 March 09:00 on."""
    events = tuple(FileEvent(step, BEGIN + n * HOUR) for n, step in enumerate(steps))
    return FileFacts(kind, events, **more)


def whole(kind, *more):
    return hourly(*KINDS[kind].required, *more, kind=kind)


def without(facts, *steps):
    return replace(facts, events=tuple(e for e in facts.events if e.step not in steps))


def step(name, hours=100, **more):
    return FileEvent(name, BEGIN + hours * HOUR, **more)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([Step.RECEIVED], FileState.NEW),
        ([Step.RECEIVED, Step.RECORDED], FileState.NEW),
        ([Step.RECEIVED, Step.ASSIGNED], FileState.OPEN),
        ([Step.RECEIVED, Step.ASSIGNED, Step.WAITING_BEGAN], FileState.WAITING),
        ([Step.RECEIVED, Step.ASSIGNED, Step.WAITING_BEGAN, Step.WAITING_ENDED], FileState.OPEN),
        ([Step.RECEIVED, Step.ASSIGNED, Step.EXECUTED], FileState.DONE),
        ([Step.RECEIVED, Step.EXECUTED, Step.TOLD], FileState.TOLD),
        ([Step.RECEIVED, Step.EXECUTED, Step.TOLD, Step.ARCHIVED], FileState.CLOSED),
        ([Step.RECEIVED, Step.CANCELLED], FileState.CANCELLED),
        ([Step.RECEIVED, Step.TOLD, Step.REOPENED], FileState.OPEN),
        ([Step.RECEIVED, Step.TOLD, Step.ARCHIVED, Step.REOPENED, Step.TOLD], FileState.TOLD),
    ],
)
def test_the_state_follows_from_the_steps(steps, state):
    assert Course(hourly(*steps)).state is state


@pytest.mark.parametrize("kind", Kind)
def test_the_last_required_step_closes_a_kind(kind):
    course = Course(whole(kind))
    assert (course.state, course.missing) == (FileState.CLOSED, ())
    events = whole(kind).events
    if len(events) > 1:
        open_facts = replace(whole(kind), events=events[:-1])
        assert Course(open_facts).state not in {FileState.CLOSED, FileState.CANCELLED}
        check_step(open_facts, step(events[-1].step), now=NOW)


class TestEvents:
    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            (hourly(Step.RECORDED), "received once, not 0 times"),
            (hourly(Step.RECEIVED, Step.RECEIVED), "received once, not 2 times"),
            (hourly(Step.RECORDED, Step.RECEIVED), "recorded comes before the file was received"),
            (hourly(Step.RECEIVED, Step.WAITING_ENDED), "ends that has not begun"),
            (hourly(Step.RECEIVED, Step.WAITING_BEGAN, Step.WAITING_BEGAN), "begins twice"),
            (hourly(Step.RECEIVED, Step.TOLD, Step.EXECUTED), "told comes before executed"),
            (
                hourly(Step.RECEIVED, Step.ACCEPTED, Step.EXECUTED, kind=Kind.WORK_ORDER),
                "accepted comes before executed",
            ),
            (
                hourly(Step.RECEIVED, Step.SUPERIOR_TOLD, Step.SEVERITY_SET),
                "superior_told comes before severity_set",
            ),
            (hourly(Step.RECEIVED, Step.EXECUTED, Step.EXECUTED), "executed was entered 2 times"),
            (hourly(Step.RECEIVED, Step.REOPENED), "Only a file that was told or closed"),
        ],
    )
    def test_refused(self, facts, sentence):
        with pytest.raises(InvalidInput, match=sentence):
            check_events(facts, now=NOW)

    def test_a_time_ahead(self):
        """Five minutes may be the other clock's fault."""
        facts = hourly(Step.RECEIVED, Step.RECORDED)
        check_events(facts, now=BEGIN + HOUR - 5 * MINUTE)
        with pytest.raises(InvalidInput, match="recorded lies ahead"):
            check_events(facts, now=BEGIN + HOUR - 5 * MINUTE - timedelta(seconds=1))

    def test_five_hundred_are_the_most(self):
        most = hourly(Step.RECEIVED, *[Step.PROGRESS_TOLD] * (MOST_EVENTS - 1))
        check_events(most, now=NOW + 1000 * HOUR)
        with pytest.raises(InvalidInput, match="at most 500"):
            check_events(
                replace(most, events=(*most.events, step(Step.CANCELLED))), now=NOW + 1000 * HOUR
            )

    def test_order_holds_only_between_steps_that_the_kind_has(self):
        """A problem is not accepted by a front desk."""
        check_events(
            hourly(Step.RECEIVED, Step.ACCEPTED, Step.EXECUTED, kind=Kind.PROBLEM), now=NOW
        )

    def test_what_is_lacking_may_come_with_the_next_import(self):
        check_events(hourly(Step.RECEIVED, Step.TOLD, Step.ARCHIVED), now=NOW)


class TestSteps:
    def test_classified_and_first_response_come_before_the_solution_in_any_order(self):
        for steps in ([Step.CLASSIFIED], [Step.FIRST_RESPONSE]):
            with pytest.raises(InvalidInput, match="must come before solution_set"):
                check_step(hourly(Step.RECEIVED, *steps), step(Step.SOLUTION_SET), now=NOW)
        for steps in (
            [Step.CLASSIFIED, Step.FIRST_RESPONSE],
            [Step.FIRST_RESPONSE, Step.CLASSIFIED],
        ):
            check_step(hourly(Step.RECEIVED, *steps), step(Step.SOLUTION_SET), now=NOW)

    def test_a_reopened_file_is_answered_again_but_not_classified_again(self):
        closed = whole(Kind.COMPLAINT)
        again = replace(closed, events=(*closed.events, step(Step.REOPENED, 48)))
        with pytest.raises(InvalidInput, match="first_response must come before solution_set"):
            check_step(again, step(Step.SOLUTION_SET, 50), now=NOW)
        answered = replace(again, events=(*again.events, step(Step.FIRST_RESPONSE, 49)))
        check_step(answered, step(Step.SOLUTION_SET, 50), now=NOW)

    def test_a_work_order_is_told_after_the_front_desk_has_accepted_it(self):
        done = hourly(Step.RECEIVED, Step.ASSIGNED, Step.EXECUTED, kind=Kind.WORK_ORDER)
        with pytest.raises(InvalidInput, match="accepted must come before told"):
            check_step(done, step(Step.TOLD), now=NOW)
        check_step(done, step(Step.ACCEPTED), now=NOW)

    def test_re_checking_comes_after_executing(self):
        with pytest.raises(InvalidInput, match="executed must come before rechecked"):
            check_step(hourly(Step.RECEIVED, Step.ASSIGNED), step(Step.RECHECKED), now=NOW)

    def test_archiving_wants_every_step_or_the_reason_why_not(self):
        lacking = without(whole(Kind.COMPLAINT), Step.ARCHIVED, Step.SATISFACTION_ASKED)
        with pytest.raises(InvalidInput, match=r"Still lacking: satisfaction_asked\."):
            check_step(lacking, step(Step.ARCHIVED), now=NOW)
        said = step(Step.ARCHIVED, absent=frozenset({Step.SATISFACTION_ASKED}))
        check_step(lacking, said, now=NOW)
        closed = Course(replace(lacking, events=(*lacking.events, said)))
        assert (closed.state, closed.missing) == (FileState.CLOSED, ())

    def test_a_major_complaint_tells_the_superior_before_it_is_archived(self):
        ready = without(whole(Kind.COMPLAINT), Step.ARCHIVED)
        for major in (replace(ready, level=Level.URGENT), replace(ready, marks={Mark.SAFETY})):
            with pytest.raises(InvalidInput, match=r"lacking: superior_told\."):
                check_step(major, step(Step.ARCHIVED), now=NOW)

    def test_nothing_but_reopening_comes_after_closing(self):
        assert permitted(whole(Kind.COMPLAINT), now=NOW) == (Step.REOPENED,)
        with pytest.raises(OutOfTurn):
            check_step(whole(Kind.COMPLAINT), step(Step.CANCELLED), now=NOW)

    def test_nothing_comes_after_cancelling(self):
        assert permitted(hourly(Step.RECEIVED, Step.CANCELLED), now=NOW) == ()

    def test_what_may_come_next(self):
        new = permitted(hourly(Step.RECEIVED), now=NOW)
        assert Step.FIRST_RESPONSE in new
        assert not {Step.SOLUTION_SET, Step.TOLD, Step.WAITING_ENDED, Step.ARCHIVED} & set(new)
        assert Step.ACCEPTED not in new  # of work orders alone

    def test_without_agreement_a_file_ends_after_two_answers_that_did_not_satisfy(self):
        ready = without(whole(Kind.COMPLAINT), Step.ARCHIVED)
        once = replace(ready, events=(*ready.events, step(Step.NOT_SATISFIED, 50)))
        end = step(Step.ARCHIVED, not_agreed=True)
        with pytest.raises(InvalidInput, match="after two answers"):
            check_step(once, end, now=NOW)
        twice = replace(once, events=(*once.events, step(Step.NOT_SATISFIED, 51)))
        check_step(twice, end, now=NOW)
        assert Course(twice).wants_supervisor
        assert Course(replace(twice, events=(*twice.events, end))).is_not_agreed

    def test_only_problems_and_feedback_become_complaints(self):
        became = step(Step.BECAME_COMPLAINT)
        check_step(hourly(Step.RECEIVED, kind=Kind.FEEDBACK), became, now=NOW)
        with pytest.raises(InvalidInput, match="no step became_complaint"):
            check_step(hourly(Step.RECEIVED), became, now=NOW)

    def test_a_file_that_became_a_complaint_needs_what_a_complaint_needs(self):
        became = hourly(Step.RECEIVED, Step.BECAME_COMPLAINT, kind=Kind.PROBLEM)
        assert Step.RECHECKED in Course(became).missing
        assert Course(became).kind is KINDS[Kind.COMPLAINT]


def test_hands_are_all_who_owned_it_or_took_a_step_and_not_who_re_checked_it():
    events = (
        FileEvent(Step.RECEIVED, BEGIN),
        FileEvent(Step.ASSIGNED, BEGIN, by=1, owner=2),
        FileEvent(Step.ASSIGNED, BEGIN + HOUR, by=1, owner=3),
        FileEvent(Step.RECHECKED, BEGIN + 2 * HOUR, by=4),
    )
    assert hands(events) == {1, 2, 3}
    assert Course(FileFacts(Kind.COMPLAINT, events)).owner == 3
