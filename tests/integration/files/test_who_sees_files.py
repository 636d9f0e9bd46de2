"""Which files whom: the own station's, those in which one acted, closed ones, outlines."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound
from core.files.kinds import Kind
from core.files.steps import Step
from db.files.queries.file_filter import FileFilter, Which
from db.files.queries.file_list import files
from db.files.queries.handlers import handlers
from db.files.queries.one_file import file_view
from db.files.queries.sight import seen_stations
from db.files.services.entering import FileChanges, change_fields
from db.files.services.kinds_in_use import kinds_in_use, switch_kinds
from db.files.services.steps import hand_over, strike_out
from db.people.models import Staff
from tests.support.clock import NOW
from tests.support.files.desk import HOUR, WORDS

LATER = NOW + 20 * HOUR


@pytest.fixture
def desk(desk_with_files):
    return desk_with_files


def listed(desk, who, which=Which.RUNNING):
    page = desk.read(files, who, FileFilter(which=which), now=LATER)
    return [row.file_id for row in page.rows]


def test_a_handler_sees_the_files_of_the_own_station_and_no_other(desk):
    here = desk.entered()
    there = desk.entered(desk.otto, station_id=desk.elsewhere)
    assert listed(desk, desk.hanna) == [here]
    assert listed(desk, desk.otto) == [there]
    assert sorted(listed(desk, desk.seeded.bob)) == [here, there]
    assert listed(desk, desk.manny) == [here]
    with pytest.raises(NotFound):
        desk.read(file_view, desk.otto, here, now=LATER)


def test_who_inspects_sees_no_files(desk):
    desk.entered()
    with pytest.raises(NotAllowed):
        listed(desk, desk.seeded.alice)


def test_an_auditor_sees_that_a_file_is_there_and_nothing_that_was_written_in_it(desk):
    here = desk.entered(contact="02-1234-5678", demand="money back")
    desk.take(here, Step.FIRST_RESPONSE, NOW + HOUR, note="called back")
    desk.take(here, Step.ASSIGNED, NOW + 2 * HOUR, owner=desk.hanna.user_id)
    assert listed(desk, desk.axel) == [here]
    [row] = desk.read(files, desk.axel, FileFilter(), now=LATER).rows
    assert row.words == ""
    view = desk.read(file_view, desk.axel, here, now=LATER)
    assert not view.reads
    assert row.owner is view.owner is None, "not shown, and not nobody"
    assert (view.fields.content, view.fields.demand, view.fields.contact) == ("", "", "")
    assert {(line.note, line.by, line.owner) for line in view.story} == {("", "", "")}
    assert view.next == ()


def test_a_trainer_sees_closed_files_alone_with_the_names_of_staff_hidden(desk):
    with desk.seeded.transaction() as session:
        session.get_one(Staff, desk.seeded.staff_id).name = "周俊宏"
    here = desk.entered(content="周俊宏 said there is no refund.")
    assert listed(desk, desk.tina) == []
    with pytest.raises(NotFound):
        desk.read(file_view, desk.tina, here, now=LATER)
    desk.closed(here)
    assert listed(desk, desk.tina, Which.ENDED) == [here]
    view = desk.read(file_view, desk.tina, here, now=LATER)
    assert "said there is no refund" in view.fields.content
    assert "周俊宏" not in view.fields.content
    assert "周俊宏" in desk.read(file_view, desk.manny, here, now=LATER).fields.content


def test_staff_see_the_files_in_which_they_acted(desk):
    mine, others = desk.entered(), desk.entered(content="Another matter.")
    charlie = desk.seeded.charlie
    assert listed(desk, charlie) == []
    desk.take(mine, Step.ASSIGNED, NOW + HOUR, owner=charlie.user_id)
    desk.take(mine, Step.ASSIGNED, NOW + 2 * HOUR, owner=desk.hanna.user_id)
    assert listed(desk, charlie) == [mine]
    assert desk.read(file_view, charlie, mine, now=LATER).fields.content == WORDS
    with pytest.raises(NotFound):
        desk.read(file_view, charlie, others, now=LATER)


def test_the_list_offers_the_stations_of_files_that_one_sees_and_no_others(desk):
    mine = desk.entered()

    def offered(who):
        return [row.id for row in desk.read(seen_stations, who)]

    here, both = [desk.seeded.station_id], sorted([desk.seeded.station_id, desk.elsewhere])
    assert offered(desk.hanna) == here
    assert offered(desk.seeded.charlie) == []
    desk.take(mine, Step.ASSIGNED, NOW + HOUR, owner=desk.seeded.charlie.user_id)
    assert offered(desk.seeded.charlie) == here
    assert sorted(offered(desk.tina)) == sorted(offered(desk.axel)) == both


def test_only_handlers_of_the_station_and_quality_managers_change_a_file(desk):
    here = desk.entered()
    event = desk.take(here, Step.FIRST_RESPONSE, NOW + HOUR)
    deeds = (
        lambda session, who: change_fields(
            session, who=who, file_id=here, changes=FileChanges(), now=LATER
        ),
        lambda session, who: strike_out(
            session, who=who, file_id=here, event_id=event, reason="x", now=LATER
        ),
        lambda session, who: hand_over(
            session, who=who, file_ids=[here], owner_id=desk.hanna.user_id, now=LATER
        ),
    )
    for deed in deeds:
        for who in (desk.manny, desk.tina, desk.axel, desk.seeded.charlie, desk.otto):
            with (
                desk.seeded.transaction() as session,
                pytest.raises(NotFound if who is desk.otto else NotAllowed),
            ):
                deed(session, who)


def test_files_are_handed_to_who_may_work_on_them(desk):
    people = desk.read(handlers, desk.hanna, [desk.seeded.station_id])
    assert set(people) == {desk.hanna.user_id, desk.seeded.bob.user_id}
    both = desk.read(handlers, desk.hanna, [desk.seeded.station_id, desk.elsewhere])
    assert set(both) == {desk.seeded.bob.user_id}


def test_other_kinds_are_nowhere_until_an_administrator_switches_them_on(desk):
    assert desk.read(lambda session, _who: kinds_in_use(session), desk.hanna) == (
        Kind.PROBLEM,
        Kind.COMPLAINT,
        Kind.WORK_ORDER,
    )
    with pytest.raises(InvalidInput, match="switched off"):
        desk.entered(kind=Kind.SUGGESTION)
    switching = {"who": desk.seeded.administrator, "now": NOW}
    with desk.seeded.transaction() as session:
        switch_kinds(session, kinds=frozenset({Kind.SUGGESTION}), **switching)
    suggestion = desk.entered(kind=Kind.SUGGESTION)
    assert listed(desk, desk.hanna) == [suggestion]
    with desk.seeded.transaction() as session:
        switch_kinds(session, kinds=frozenset(), **switching)
    assert listed(desk, desk.hanna) == []
    with desk.seeded.transaction() as session, pytest.raises(NotAllowed):
        switch_kinds(session, kinds=frozenset(), who=desk.seeded.bob, now=NOW)
