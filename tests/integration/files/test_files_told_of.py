"""Who is told that a file is due soon, late or twice too long: once for each stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from core.clock import Calendar, Level, Opening
from core.files.stages import Stage, may_be_told
from core.files.steps import Step
from db.files.queries.one_file import file_view
from db.files.services import telling
from db.files.services.telling import note_file_read, tell_of_files, unread_files
from db.store.models import Notice
from tests.support.clock import NOW
from tests.support.files.desk import HOUR
from tests.support.inspection.inspecting import at_once


@pytest.fixture
def desk(desk_with_files):
    return desk_with_files


@pytest.fixture
def told(desk):
    """`told(hours)`: (stage, user) of the notices that are new so long after the file came."""
    seen = set()

    def told(hours):
        with desk.seeded.transaction() as session:
            tell_of_files(session, now=NOW + hours * HOUR)
            rows = session.execute(select(Notice.id, Notice.deed, Notice.user_id)).all()
        new = {(deed, user) for key, deed, user in rows if key not in seen}
        seen.update(row.id for row in rows)
        return new

    return told


def test_each_stage_is_told_once_and_to_more_people_each_time(desk, told):
    """A first answer within 24 h: three quarters are 18 h, twice is 48 h."""
    desk.entered()
    hanna, manny, bob = (who.user_id for who in (desk.hanna, desk.manny, desk.seeded.bob))
    assert told(17.9) == set()
    assert told(18.1) == {("due_soon", hanna)}
    assert told(20) == set()
    assert told(24.1) == {("late", hanna), ("late", manny)}
    assert told(30) == set()
    assert told(48.1) == {("escalated", bob)}
    assert told(200) == set()


@pytest.mark.both
def test_two_workers_at_one_moment_tell_once(desk):
    """Twenty files are late: hanna and manny are told of each, whoever tells: 40 notices."""
    for _ in range(20):
        desk.entered()

    def tell():
        with desk.seeded.transaction() as session:
            return tell_of_files(session, now=NOW + 25 * HOUR)

    assert sum(at_once(tell, tell)) == 40
    with desk.seeded.reading() as session:
        assert session.scalar(select(func.count(Notice.id))) == 40


def test_files_of_which_all_was_told_so_far_keep_no_other_waiting(desk, told, monkeypatch):
    monkeypatch.setattr(telling, "_AT_ONCE", 2)
    for _ in range(5):
        desk.entered()
    assert told(24.1)
    desk.entered(at=NOW + 6 * HOUR)
    assert told(24.2) == {("due_soon", desk.hanna.user_id)}


def test_who_does_not_see_a_file_any_more_is_told_of_it_no_more(desk, told):
    desk.entered()
    told(18.1)
    assert len(desk.read(unread_files, desk.hanna)) == 1
    moved = replace(desk.hanna, roles=desk.otto.roles, station_ids=desk.otto.station_ids)
    assert desk.read(unread_files, moved) == []


def test_what_was_answered_or_ended_tells_nobody(desk, told):
    answered, ended = desk.entered(), desk.entered()
    desk.take(answered, Step.FIRST_RESPONSE, NOW + HOUR)
    desk.take(ended, Step.CANCELLED, NOW + HOUR, note="Not ours.")
    assert told(30) == set()


def test_a_file_that_waits_for_the_customer_is_not_late(desk, told):
    """72 h less nothing: it waits since hour 2."""
    file_id = desk.entered(done=frozenset({Step.FIRST_RESPONSE}))
    desk.take(file_id, Step.WAITING_BEGAN, NOW + 2 * HOUR, note="Which card?")
    assert told(100) == set()


def test_urgent_notices_go_out_at_once_and_others_while_the_station_is_open():
    """NOW is a Tuesday; the desk opens at 9 in Taipei, which is 1:00 in UTC."""
    hours = tuple(Opening(day, time(9), time(18)) for day in range(5))
    nine_to_six = Calendar("Asia/Taipei", hours)
    night = NOW.replace(hour=16, minute=0)
    morning = night.replace(hour=2) + timedelta(days=1)
    assert not may_be_told(Level.ORDINARY, nine_to_six, now=night)
    assert may_be_told(Level.URGENT, nine_to_six, now=night)
    assert may_be_told(Level.ORDINARY, nine_to_six, now=morning)
    assert [stage.value for stage in Stage] == ["due_soon", "late", "escalated"]


def test_who_opens_the_file_has_read_it(desk, told):
    file_id = desk.entered()
    told(18.1)
    reading = {"now": NOW + 19 * HOUR}
    assert desk.read(file_view, desk.hanna, file_id, **reading).is_unread
    [news] = desk.read(unread_files, desk.hanna)
    assert (news.file_id, news.stage) == (file_id, Stage.DUE_SOON)
    assert desk.read(unread_files, desk.manny) == []
    for _ in range(2):
        with desk.seeded.transaction() as session:
            note_file_read(session, who=desk.hanna, file_id=file_id, **reading)
    assert not desk.read(file_view, desk.hanna, file_id, **reading).is_unread
    with desk.seeded.reading() as session:
        assert session.scalar(select(func.count()).where(Notice.seen_at.is_not(None))) == 1
