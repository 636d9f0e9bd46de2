"""Taking steps and striking them out: who may, in which order, twice, at the same time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.access import Role
from core.clock import Level
from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from core.files.steps import FileEvent, Step
from db.files.derived_columns import derive
from db.files.models import File, FileStep
from db.files.services.steps import re_check, strike_out, take_step
from db.files.writing import Taken
from db.store.models import AuditEvent
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import at_once

HOUR = timedelta(hours=1)
BEGIN = NOW - 200 * HOUR


@pytest.fixture
def complaint(seeded):
    """A complaint received 200 hours ago."""
    with seeded.transaction() as session:
        file = File(
            source="crm",
            external_id="C-1",
            first_kind="complaint",
            station_id=seeded.station_id,
            received_at=BEGIN,
            marks=[],
            kind="complaint",
            state="new",
            level="ordinary",
            round=1,
        )
        session.add(file)
        session.flush()
        session.add(
            FileStep(
                file_id=file.id,
                step="received",
                at=BEGIN,
                source="system",
                absent=[],
                written_at=BEGIN,
            )
        )
        session.flush()
        derive(session, [file.id])
        return file.id


@pytest.fixture
def take(seeded, complaint):
    def take(step, hours, *, who=None, note="", **more):
        event = FileEvent(step, BEGIN + hours * HOUR, **more)
        told = {"who": who or seeded.bob, "file_id": complaint, "now": NOW}
        with seeded.transaction() as session:
            if step is Step.RECHECKED:
                return re_check(session, at=event.at, note=note, **told)
            return take_step(session, taken=Taken(event, note), **told)

    return take


@pytest.fixture
def strike(seeded, complaint):
    def strike(event_id, reason="typed wrongly"):
        with seeded.transaction() as session:
            strike_out(
                session,
                who=seeded.bob,
                file_id=complaint,
                event_id=event_id,
                reason=reason,
                now=NOW,
            )

    return strike


@pytest.fixture
def file(seeded, complaint):
    def file():
        with seeded.reading() as session:
            return session.get_one(File, complaint)

    return file


def test_a_step_moves_the_file_and_is_logged(seeded, take, file, complaint):
    """Due first 24 h after receiving, then 72 h; 30 h were too many."""
    assert (file().state, file().next_due_at) == ("new", BEGIN + 24 * HOUR)
    take(Step.ASSIGNED, 1, owner=seeded.alice.user_id)
    take(Step.FIRST_RESPONSE, 30)
    now = file()
    assert (now.state, now.owner_id) == ("open", seeded.alice.user_id)
    assert (now.next_due_at, now.late_since) == (BEGIN + 72 * HOUR, BEGIN + 24 * HOUR)
    with seeded.reading() as session:
        log = select(AuditEvent.action, AuditEvent.object_id, AuditEvent.details)
        entries = session.execute(log.where(AuditEvent.object_type == "file")).all()
    assert [entry.action for entry in entries] == ["take_step"] * 2
    assert entries[1] == ("take_step", str(complaint), {"step": "first_response"})


def test_a_click_that_comes_twice_takes_one_step(take, file):
    assert take(Step.RECORDED, 1) == take(Step.RECORDED, 1)


def test_the_same_step_by_somebody_else_comes_too_late(seeded, take):
    take(Step.RECORDED, 1)
    with pytest.raises(InvalidInput, match="entered 2 times"):
        take(Step.RECORDED, 2)


def test_of_two_people_at_once_one_takes_the_step(seeded, complaint):
    def execute(number):
        event = FileEvent(Step.RECORDED, BEGIN + number * HOUR)
        with seeded.transaction() as session:
            return take_step(
                session, who=seeded.bob, file_id=complaint, taken=Taken(event), now=NOW
            )

    outcomes = at_once(*(lambda n=n: execute(n) for n in (1, 2)))
    assert sum(isinstance(outcome, InvalidInput) for outcome in outcomes) == 1
    with seeded.reading() as session:
        counted = select(func.count()).where(FileStep.step == "recorded")
        assert session.scalar(counted) == 1


def test_pressed_again_within_five_seconds_a_step_is_taken_once_unless_another_came_between(take):
    """Begun, begun again after 1 s, ended after 2 s, begun anew after 4 s: three steps."""
    seconds = timedelta(seconds=1) / HOUR
    began = take(Step.WAITING_BEGAN, 1)
    assert take(Step.WAITING_BEGAN, 1 + 1 * seconds) == began
    ended = take(Step.WAITING_ENDED, 1 + 2 * seconds)
    assert len({began, ended, take(Step.WAITING_BEGAN, 1 + 4 * seconds)}) == 3


def test_of_a_step_at_one_moment_the_second_of_two_people_is_refused(seeded, take):
    with seeded.transaction() as session:
        make_user(session, "dora", Role.QUALITY_MANAGER)
        dora = identity(session, "dora")
    take(Step.PROGRESS_TOLD, 1)
    with pytest.raises(InvalidInput, match="entered 2 times"):
        take(Step.PROGRESS_TOLD, 1, who=dora)


def test_only_who_works_on_files_takes_steps(seeded, take):
    for who in (seeded.alice, seeded.charlie):
        for step in (Step.RECORDED, Step.RECHECKED):
            with pytest.raises(NotAllowed):
                take(step, 1, who=who)


def test_re_checking_is_no_step_that_one_takes(seeded, complaint):
    taken = Taken(FileEvent(Step.RECHECKED, NOW))
    with seeded.transaction() as session, pytest.raises(InvalidInput, match="somebody else"):
        take_step(session, who=seeded.bob, file_id=complaint, taken=taken, now=NOW)


class TestReChecking:
    @pytest.fixture
    def executed(self, seeded, take):
        take(Step.ASSIGNED, 1, owner=seeded.administrator.user_id)
        take(Step.ASSIGNED, 2, owner=seeded.alice.user_id)
        take(Step.EXECUTED, 3)

    @pytest.fixture
    def others(self, seeded):
        """Quality managers with and without a hand in it: alice owns it, the former owner too."""
        with seeded.transaction() as session:
            for name in ("dora", "erin"):
                make_user(session, name, Role.QUALITY_MANAGER)
            session.flush()
            return identity(session, "dora"), identity(session, "erin")

    def test_who_took_a_step_may_not(self, seeded, take, executed):
        with pytest.raises(NotAllowed, match="Nobody re-checks"):
            take(Step.RECHECKED, 10)

    def test_owners_may_not_even_once_they_handed_it_on(self, seeded, take, others):
        dora, erin = others
        take(Step.ASSIGNED, 1, owner=dora.user_id)
        take(Step.ASSIGNED, 2, owner=seeded.alice.user_id)
        take(Step.EXECUTED, 3)
        with pytest.raises(NotAllowed, match="Nobody re-checks"):
            take(Step.RECHECKED, 10, who=dora)
        take(Step.RECHECKED, 10, who=erin)

    def test_a_step_that_was_struck_out_was_taken_all_the_same(self, take, strike, others):
        dora, _erin = others
        taken = take(Step.RECORDED, 1, who=dora)
        take(Step.EXECUTED, 3)
        strike(taken)
        with pytest.raises(NotAllowed, match="Nobody re-checks"):
            take(Step.RECHECKED, 10, who=dora)


class TestStrikingOut:
    def test_what_was_struck_out_counts_no_more_and_stays(self, seeded, take, strike, file):
        taken = take(Step.FIRST_RESPONSE, 30)
        strike(taken)
        strike(taken)
        assert file().late_since is None
        assert file().next_due_at == BEGIN + 24 * HOUR
        with seeded.reading() as session:
            row = session.get_one(FileStep, taken)
        assert (row.step, row.at) == ("first_response", BEGIN + 30 * HOUR)
        assert (row.struck_by, row.struck_reason) == (seeded.bob.user_id, "typed wrongly")

    def test_the_same_step_may_be_entered_again_at_the_same_time(self, take, strike):
        first = take(Step.FIRST_RESPONSE, 30)
        strike(first)
        assert take(Step.FIRST_RESPONSE, 30) != first

    def test_without_a_reason_or_against_the_others_it_is_refused(self, seeded, take, strike):
        began = take(Step.WAITING_BEGAN, 1)
        take(Step.WAITING_ENDED, 2)
        with pytest.raises(InvalidInput, match="Give a reason"):
            strike(began, reason=" ")
        with pytest.raises(InvalidInput, match="has not begun"):
            strike(began)
        with pytest.raises(NotFound):
            strike(began + 1000)

    def test_waiting_that_ended_an_hour_later_moves_the_due_by_an_hour(self, take, strike, file):
        take(Step.FIRST_RESPONSE, 1)
        take(Step.WAITING_BEGAN, 2)
        ended = take(Step.WAITING_ENDED, 10)
        assert file().next_due_at == BEGIN + (72 + 8) * HOUR
        strike(ended)
        assert file().next_due_at is None
        take(Step.WAITING_ENDED, 11)
        assert file().next_due_at == BEGIN + (72 + 9) * HOUR


def test_cancelling_wants_a_reason_and_ends_it(take, file):
    with pytest.raises(InvalidInput, match="Give a reason"):
        take(Step.CANCELLED, 1)
    take(Step.CANCELLED, 1, note="Not ours.")
    assert (file().state, file().next_due_at) == ("cancelled", None)
    with pytest.raises(OutOfTurn):
        take(Step.RECORDED, 2)


def test_raising_the_level_is_a_step(take, file):
    take(Step.SEVERITY_SET, 1, level=Level.ORDINARY)
    take(Step.SEVERITY_SET, 2, level=Level.URGENT, note="A child travels alone.")
    assert file().level == "urgent"
    assert file().next_due_at == BEGIN + 2 * HOUR + timedelta(minutes=10)
