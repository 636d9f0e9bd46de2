"""What was done is an event in the transaction of the deed; followers and readers get it once."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from db.store import audit, event_reading, events, settling
from db.store.base import table_of
from db.store.event_reading import KEPT, drop_read, read_events, so_far
from db.store.models import AuditEvent, Event, EventPosition
from db.store.moving import Records, move_all
from tests.support.clock import NOW
from tests.support.databases import postgres_only, sqlite_only
from tests.support.store.flags import FLAG, flag_table
from tests.support.store.reading import NAME, diary, killed, take, write_down, written


@pytest.fixture
def portal(seeded):
    """Whatever seeding published is read, so that a test begins with nothing new."""
    read_events(seeded.engine)
    return seeded


def rows(portal, model, *conditions):
    with portal.reading() as session:
        return session.scalars(select(model).where(*conditions).order_by(model.id)).all()


def published(portal):
    return [(row.deed, row.ids) for row in rows(portal, Event, Event.kind == "flag")]


def counted(portal):
    with portal.reading() as session:
        return session.scalars(select(so_far(NAME))).one()


def test_a_deed_on_several_records_is_a_line_each_in_the_log_and_one_event(portal):
    with flag_table(portal.engine) as model:
        with portal.transaction() as session:
            session.add_all(model(id=number) for number in (1, 2))
            session.flush()
            both = Records(model, [1, 2])
            move_all(session, both, FLAG.by("take_flag"), who=portal.bob, now=NOW)
        [event] = rows(portal, Event, Event.kind == "flag")
        assert (event.deed, event.ids, event.user_id) == ("take_flag", [1, 2], portal.bob.user_id)
        logged = rows(portal, AuditEvent, AuditEvent.object_type == "flag")
        assert [row.object_id for row in logged] == ["1", "2"]


def test_what_is_rolled_back_was_neither_logged_nor_published(portal):
    def fail():
        with portal.transaction() as session:
            audit.record(session, portal.bob, "take_flag", ("flag", 1), now=NOW)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert published(portal) == []
    assert rows(portal, AuditEvent, AuditEvent.object_type == "flag") == []


def test_looking_at_something_is_logged_and_no_event(portal):
    take(portal.engine, 1, deed="view")
    assert published(portal) == []
    assert len(rows(portal, AuditEvent, AuditEvent.object_type == "flag")) == 1


def test_followers_act_in_the_transaction_of_the_deed(portal, monkeypatch):
    seen = []
    monkeypatch.setattr(events, "_followers", {})

    @events.follows("flag", "take_flag", "lower_flag")
    def follow(session, event):
        newest = session.scalars(select(Event.ids).order_by(Event.id.desc()).limit(1)).one()
        seen.append((event.deed, event.ids, newest))
        if event.deed == "lower_flag":
            raise KeyError

    take(portal.engine, 1, 2)
    take(portal.engine, 3, deed="forget_flag")
    assert seen == [("take_flag", (1, 2), [1, 2])]
    with pytest.raises(KeyError):
        take(portal.engine, 4, deed="lower_flag")
    assert published(portal) == [("take_flag", [1, 2]), ("forget_flag", [3])]


def test_a_reader_gets_what_concerns_it_once_and_in_order(portal, monkeypatch):
    monkeypatch.setattr(event_reading, "_AT_ONCE", 2)
    with diary(monkeypatch):
        for number in (1, 2, 3):
            take(portal.engine, number)
            take(portal.engine, number, deed="forget_flag")
        assert (read_events(portal.engine), read_events(portal.engine)) == (3, 0)
        assert written(portal.engine) == "take_flag [1] take_flag [2] take_flag [3] "
        take(portal.engine, 4, deed="lower_flag")
        assert read_events(portal.engine) == 1
    assert written(portal.engine).endswith("take_flag [3] lower_flag [4] ")


def test_what_a_reader_fails_at_comes_again_and_holds_up_nobody_else(portal, monkeypatch, caplog):
    def fail(session, events):
        write_down(session, events)
        raise KeyError

    take(portal.engine, 1)
    with diary(monkeypatch, fail), caplog.at_level(logging.ERROR):
        assert read_events(portal.engine) == 0
    assert "reader of events failed: diary" in caplog.text
    with diary(monkeypatch):
        assert read_events(portal.engine) == 1
    assert written(portal.engine) == "take_flag [1] "


def test_two_processes_that_read_at_once_read_each_event_once(portal, monkeypatch):
    with diary(monkeypatch):
        take(portal.engine, 1)
        take(portal.engine, 2)
        with ThreadPoolExecutor(4) as pool:
            read = list(pool.map(lambda _: read_events(portal.engine), range(4)))
    assert sum(read) == 2
    assert written(portal.engine) == "take_flag [1] take_flag [2] "


@pytest.mark.parametrize(
    ("moment", "before"), [("deed", ""), ("handle", ""), ("read", "take_flag [7] ")]
)
def test_killed_at_any_moment_it_is_told_once(portal, monkeypatch, moment, before):
    """Killed behind the commit of a deed; before that of a reader; behind that of a reader."""
    if moment != "deed":
        take(portal.engine, 7)
    killed(portal.engine, moment)
    assert written(portal.engine) == before
    with diary(monkeypatch):
        read_events(portal.engine)
        read_events(portal.engine)
    assert written(portal.engine) == ("take_flag [1] " if moment == "deed" else "take_flag [7] ")


@pytest.fixture
def out_of_order(portal, monkeypatch):
    """The first of two deeds has its number and is not committed; the second is."""
    with diary(monkeypatch), portal.engine.connect() as slow:
        event = table_of(Event)
        numbered = slow.execute(insert(event).values(**values(1)).returning(event.c.id))
        first = numbered.scalar_one()
        take(portal.engine, 2)
        assert rows(portal, Event)[-1].id > first
        yield portal, slow


def values(number):
    return {"at": NOW, "kind": "flag", "deed": "take_flag", "ids": [number], "details": {}}


@postgres_only
def test_a_lower_number_that_is_committed_later_is_not_lost(out_of_order, monkeypatch):
    portal, slow = out_of_order
    monkeypatch.setattr(settling, "_PATIENCE_SECONDS", 0.1)
    assert read_events(portal.engine) == 0
    slow.commit()
    assert read_events(portal.engine) == 2
    assert written(portal.engine) == "take_flag [1] take_flag [2] "


@postgres_only
def test_the_count_grows_with_each_commit_in_whatever_order(out_of_order):
    portal, slow = out_of_order
    assert counted(portal) == 1
    slow.commit()
    assert counted(portal) == 2


def test_the_count_is_the_same_read_or_not_and_with_old_ones_removed(portal, monkeypatch):
    """Three concern the reader: counted unread, read, partly read, and removed but for the last."""
    with diary(monkeypatch):
        for number in (1, 2):
            take(portal.engine, number)
            take(portal.engine, number, deed="forget_flag")
        assert counted(portal) == 2
        read_events(portal.engine)
        assert counted(portal) == 2
        take(portal.engine, 3)
        assert counted(portal) == 3
        read_events(portal.engine)
        later = NOW + KEPT + timedelta(days=1)
        assert drop_read(portal.engine, now=later) > 0
        assert published(portal) == [("take_flag", [3])]
        assert counted(portal) == 3


def test_what_a_reader_has_not_read_stays_however_old(portal, monkeypatch):
    later = NOW + KEPT + timedelta(days=1)
    with diary(monkeypatch):
        read_events(portal.engine)
        take(portal.engine, 1)
        take(portal.engine, 2)
        drop_read(portal.engine, now=later)
        assert published(portal) == [("take_flag", [1]), ("take_flag", [2])]
        read_events(portal.engine)
        assert drop_read(portal.engine, now=NOW + KEPT) == 0
        drop_read(portal.engine, now=later)
    assert published(portal) == [("take_flag", [2])]


@sqlite_only
def test_a_number_is_never_given_again(portal):
    take(portal.engine, 1)
    read_events(portal.engine)
    drop_read(portal.engine, now=NOW + KEPT + timedelta(days=1))
    with portal.reading() as session:
        newest = session.scalar(select(func.max(Event.id)))
        assert {row.last for row in session.scalars(select(EventPosition))} == {newest}
    take(portal.engine, 2)
    assert rows(portal, Event)[-1].id > newest
