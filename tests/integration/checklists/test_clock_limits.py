"""Clocks are set from a day on, in every checklist that asks for them; results before stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.clock import LimitStatus
from core.errors import InvalidInput, NotAllowed, NotFound
from db.checklists.models import ChecklistVersion, ClockChange
from db.checklists.parsed_versions import active_versions, checklist_of
from db.checklists.queries.clocks import clock_changes, clocks
from db.checklists.services import drafting
from db.checklists.services.activation import Activation, activate
from db.checklists.services.clock_limits import ClockSetting, set_clock
from db.store.models import AuditEvent
from tests.factories import make_assignment, make_station
from tests.support.clock import NOW

TODAY = NOW.date()
LATER = TODAY + timedelta(days=7)
MINUTE = ClockSetting(LimitStatus.USE, 1)


@pytest.fixture
def setting(seeded_sqlite):
    """A session in which bob sets clocks."""
    with seeded_sqlite.transaction() as session:

        def put(item_id, to=MINUTE, day=TODAY, who=seeded_sqlite.bob):
            set_clock(session, who=who, item_id=item_id, setting=to, effective_from=day, now=NOW)

        yield seeded_sqlite, session, put


def rows(session, who, on=TODAY):
    return {row.item_id: row for row in clocks(session, who, on=on)}


def in_force(session, channel, item_id, on):
    """The limits of a clock in the checklists of a channel on a day."""
    versions = active_versions(session, channel, on=on)
    items = [c.by_key[item_id] for _, c in versions if item_id in c.by_key]
    return {item.clock.limit_minutes for item in items}


def test_seven_of_44_count_at_first_and_every_one_that_is_asked_once_all_are_set(setting):
    """38 stand in checklists: CPB-04, CPB-10, FUP-08, SRV-07, STD-18 and one more do not."""
    seeded, session, put = setting
    before = rows(session, seeded.bob)
    assert len(before) == 44
    assert sorted(key for key, row in before.items() if row.counts) == [
        *("CMP-09", "FUP-01", "FUP-03", "FUP-06", "FUP-11", "PRB-16", "PRB-17")
    ]
    for item_id in before:
        put(item_id, ClockSetting(LimitStatus.USE, 60))
    after = rows(session, seeded.bob)
    asked = {key for key, row in after.items() if row.uses}
    assert {key for key, row in after.items() if row.counts} == asked
    assert len(asked) == 38


def test_a_limit_holds_from_its_day_on_in_every_checklist(setting):
    _, session, put = setting
    put("CON-02", day=LATER)
    for channel in ("chat", "phone", "email"):
        assert in_force(session, channel, "CON-02", TODAY) == {None}
        assert in_force(session, channel, "CON-02", LATER) == {1}
    put("CON-02", ClockSetting(LimitStatus.UNSET), day=LATER)
    assert in_force(session, "chat", "CON-02", LATER) == {None}


def test_a_limit_of_one_checklist_leaves_the_others(setting):
    """Checklists are by channel: a minute in a chat, as before on the phone; then five for all."""
    seeded, session, put = setting
    in_chat = ClockSetting(LimitStatus.USE, 1, "chat")
    put("CON-02", in_chat)
    assert in_force(session, "chat", "CON-02", TODAY) == {1}
    assert in_force(session, "phone", "CON-02", TODAY) == {None}
    put("CON-02", ClockSetting(LimitStatus.USE, 5))
    assert in_force(session, "chat", "CON-02", TODAY) == {5}
    put("CON-02", in_chat)
    assert in_force(session, "chat", "CON-02", TODAY) == {1}
    assert [row.checklist for row in clock_changes(session, seeded.bob)] == ["chat", "", "chat"]
    with pytest.raises(InvalidInput, match="does not ask for the clock"):
        put("CON-02", ClockSetting(LimitStatus.USE, 1, "complaint"))


def test_a_clock_may_recur_by_the_calendar(setting):
    seeded, session, put = setting
    with pytest.raises(InvalidInput, match="recurs has no limit"):
        ClockSetting(LimitStatus.PERIOD, 60)
    put("CMP-09", ClockSetting(LimitStatus.PERIOD))
    row = rows(session, seeded.bob)["CMP-09"]
    assert (row.status, row.limit_minutes, row.counts) == (LimitStatus.PERIOD, None, False)


def test_what_was_scored_keeps_its_version_and_an_unused_one_of_the_day_is_changed_in_place(
    setting,
):
    seeded, session, put = setting
    make_assignment(session)
    put("CON-02")
    put("CON-08")
    phone = session.get_one(ChecklistVersion, seeded.phone_id)
    newer = session.scalars(
        select(ChecklistVersion).where(
            ChecklistVersion.checklist_id == phone.checklist_id, ChecklistVersion.id != phone.id
        )
    ).all()
    assert len(newer) == 1
    items = checklist_of(session, newer[0].id).by_key
    assert items["CON-02"].clock.limit_minutes == items["CON-08"].clock.limit_minutes == 1
    assert checklist_of(session, phone.id).by_key["CON-02"].clock.limit_minutes is None


def test_drafts_take_it_over_and_pilots_stay_pilots(setting):
    seeded, session, put = setting
    station = make_station(session)
    who = {"who": seeded.bob, "now": NOW}
    pilot = drafting.derive(session, version_id=seeded.phone_id, **who)
    at = Activation(TODAY - timedelta(days=0), frozenset({station.id}))
    edit = session.get_one(ChecklistVersion, pilot).edit
    activate(session, version_id=pilot, edit=edit, activation=at, **who)
    draft = drafting.derive(session, version_id=seeded.phone_id, **who)
    make_assignment(session, checklist_version_id=pilot)
    put("CON-02", day=LATER)
    drafted = session.get_one(ChecklistVersion, draft).content
    clocks = [i["clock"] for s in drafted["sections"] for i in s["items"] if i["key"] == "CON-02"]
    assert [clock["limit_minutes"] for clock in clocks] == [1]
    there = active_versions(session, "phone", on=LATER, station_id=station.id)
    [found] = [c.by_key["CON-02"] for _, c in there if "CON-02" in c.by_key]
    assert found.clock.limit_minutes == 1
    general = active_versions(session, "phone", on=LATER)
    assert [v for v, c in there if c.key == "phone"] != [v for v, c in general if c.key == "phone"]


def test_to_be_confirmed_is_measured_and_does_not_count(setting):
    seeded, session, put = setting
    put("PRB-17", ClockSetting(LimitStatus.CHECK, 2880))
    row = rows(session, seeded.bob)["PRB-17"]
    assert (row.status, row.limit_minutes, row.counts) == (LimitStatus.CHECK, 2880, False)
    put("PRB-17", ClockSetting(LimitStatus.OFF))
    assert rows(session, seeded.bob)["PRB-17"].status is LimitStatus.OFF


def test_each_change_is_kept_with_day_and_person_and_logged_once(setting):
    seeded, session, put = setting
    put("CON-02", day=LATER)
    put("CON-02", day=LATER)
    [row] = clock_changes(session, seeded.bob)
    assert (row.item_id, row.limit_minutes, row.effective_from) == ("CON-02", 1, LATER)
    assert (row.changed_by, row.changed_at) == ("Bob", NOW)
    logged = select(AuditEvent.details).where(AuditEvent.action == "set_clock")
    assert [entry["item"] for entry in session.scalars(logged)] == ["CON-02"]


def test_others_neither_see_nor_set_clocks(setting):
    seeded, session, put = setting
    for who in (seeded.alice, seeded.charlie, seeded.administrator):
        for asked in (
            lambda who=who: put("CON-02", who=who),
            lambda who=who: clocks(session, who, on=TODAY),
            lambda who=who: clock_changes(session, who),
        ):
            with pytest.raises(NotAllowed):
                asked()
    assert session.scalars(select(ClockChange)).all() == []


def test_a_day_that_is_past_and_one_before_a_version_that_is_planned_are_refused(setting):
    _, _, put = setting
    with pytest.raises(InvalidInput, match="a day that is past"):
        put("CON-02", day=TODAY - timedelta(days=1))
    put("CON-02", day=LATER)
    with pytest.raises(InvalidInput, match="begins on 2026-03-17 already"):
        put("CON-02", ClockSetting(LimitStatus.USE, 2))


def test_what_is_no_clock_or_no_limit_is_refused(setting):
    _, _, put = setting
    with pytest.raises(NotFound):
        put("ATT-01")
    for status, limit in (
        ("use", None),
        ("check", None),
        ("unset", 1),
        ("off", 1),
        ("period", 1),
        ("use", -1),
        ("use", float("nan")),
        ("use", 1e9),
    ):
        with pytest.raises(InvalidInput):
            ClockSetting(LimitStatus(status), limit)
