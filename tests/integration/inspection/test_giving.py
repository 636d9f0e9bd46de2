"""Certain encounters given to an inspector, given on, taken back; in no figure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from db.encounters import search_index
from db.encounters.models import Interaction
from db.inspection.models import Assignment, Draft
from db.inspection.queries.coverage import inspectors
from db.inspection.queries.encounter_list import EncounterFilter, encounters, open_assignments
from db.inspection.services.assignments import Reassignment, reassign
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.giving import Gift, give, take_back
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff, User
from db.results.models import ScoreCell, StaffMonth, StationMonth
from db.results.queries import own_results
from tests.factories import make_interaction, version_of
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, answers

DUE = NOW.date() + timedelta(days=7)


@pytest.fixture
def calls(world):
    """Two of charlie's calls that nobody was given; the newer one was rated 1 of 5."""
    with world.seeded.transaction() as session:
        charlie = session.get_one(Staff, world.seeded.staff_id)
        rated = {"customer_rating": 1, "rating_low": 1, "rating_high": 5}
        rows = [
            make_interaction(session, staff=charlie, occurred_at=NOW - timedelta(hours=2)),
            make_interaction(
                session,
                staff=charlie,
                occurred_at=NOW - timedelta(hours=1),
                turns=[("customer", "My trunk was lost")],
                **rated,
            ),
        ]
        session.flush()
        search_index.index_interactions(session, [row.id for row in rows])
        return [row.id for row in rows]


def given(world, calls, who=None, **changed):
    gift = {"inspector_id": world.alice.user_id, "due_on": DUE, "reason": "A complaint."}
    return world.do(give, who or world.bob, gift=Gift(calls, **(gift | changed)))


def tasks_of(world, calls):
    wanted = Assignment.interaction_id.in_(calls)
    return world.one(
        lambda session: session.scalars(
            select(Assignment).where(wanted).order_by(Assignment.id)
        ).all()
    )


def scored(world, who, task, **changed):
    key = ASSIGNED.task(task.id)
    world.do(save_draft, who, task=key, version=0, work=Work(changed))
    return world.inspection(world.do(submit, who, task=key, version=1).inspection_id)


@pytest.mark.both
def test_what_is_given_twice_is_given_once(world, calls):
    assert given(world, [*calls, calls[0]]) == (2, 0)
    assert given(world, calls) == (0, 2)
    rows = tasks_of(world, calls)
    phone = world.one(lambda session: version_of(session, "phone"))
    assert {(row.sample_class, row.purpose, row.due_on) for row in rows} == {
        ("chosen", "record", DUE)
    }
    assert {row.checklist_version_id for row in rows} == {phone}
    assert [(deed, key) for deed, key in world.noted() if deed == "give"] == [
        ("give", str(key)) for key in calls
    ]


@pytest.mark.both
def test_a_chosen_inspection_changes_no_mean(world, calls):
    """One call drawn at random scores 85; the chosen one's 80 shows with its losses alone."""
    world.scored(FAST=NO)
    before = {table: world.all(table.n, table.total) for table in (StationMonth, StaffMonth)}
    given(world, calls[:1])
    with world.seeded.transaction() as session:
        [task] = session.scalars(select(Assignment).filter_by(interaction_id=calls[0]))
        task.checklist_version_id = world.version_id
    row = scored(world, world.alice, task, **answers(HELLO=NO))
    assert (row.sample_class, row.purpose, row.score) == ("chosen", "record", pytest.approx(80))
    assert {table: world.all(table.n, table.total) for table in before} == before
    assert world.all(ScoreCell.n) == [(1,)]
    assert (row.id, "HELLO", pytest.approx(20)) in world.findings()
    with world.seeded.reading() as session:
        results = own_results.own_results(session, world.charlie).rows
    assert {one.inspection_id for one in results} >= {row.id}
    assert world.rebuilt() == world.derived()


def test_a_second_look_is_blind_and_no_pair(world):
    """With the version of the first; it makes no row of agreement, as nobody drew it."""
    first = world.inspection(world.scored(FAST=NO))
    iris = world.inspector("iris")
    derived = world.derived()
    given(world, [first.interaction_id], inspector_id=iris.user_id)
    task = tasks_of(world, [first.interaction_id])[-1]
    assert (task.purpose, task.checklist_version_id) == ("second", world.version_id)
    assert scored(world, iris, task, **answers(HELLO=NO)).purpose == "second"
    assert world.derived() == derived == world.rebuilt()
    assert given(world, [first.interaction_id]) == (0, 1)  # alice scored it already


def test_own_work_and_own_team_are_refused(world, calls):
    with world.seeded.transaction() as session:
        session.get_one(User, world.alice.user_id).staff_id = world.seeded.staff_id
    with pytest.raises(NotAllowed, match="own work"):
        given(world, calls)
    with world.seeded.transaction() as session:
        charlie = session.get_one(Staff, world.seeded.staff_id)
        colleague = Staff(
            staff_no="S-TWO",
            name="Two",
            station_id=charlie.station_id,
            **{name: getattr(charlie, name) for name in ("post", "active")},
        )
        session.add(colleague)
        session.flush()
        session.get_one(User, world.alice.user_id).staff_id = colleague.id
    with pytest.raises(NotAllowed, match="own team"):
        given(world, calls)
    assert tasks_of(world, calls) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"reason": " "}, "Give a reason"),
        ({"inspector_id": None}, "Choose the inspector"),
        ({"inspector_id": 0}, "no such active inspector"),
    ],
)
def test_what_lacks_is_said(world, calls, changed, why):
    with pytest.raises((InvalidInput, NotFound), match=why):
        given(world, calls, **changed)
    with pytest.raises(InvalidInput, match="at least one"):
        given(world, [])
    with pytest.raises(NotAllowed):
        given(world, calls, who=world.alice)


def test_where_no_checklist_is_for_one_nothing_is_given(world, calls):
    with world.seeded.transaction() as session:
        session.get_one(Interaction, calls[1]).checklist = "email"
        name = session.get_one(Interaction, calls[1]).external_id
    with pytest.raises(InvalidInput, match="No checklist is for") as caught:
        given(world, calls)
    assert caught.value.values == {"case": name}
    assert tasks_of(world, calls) == []


@pytest.mark.both
def test_one_alone_goes_to_another_inspector(world, calls):
    given(world, calls)
    iris = world.inspector("iris")
    with world.seeded.transaction() as session:
        for row in session.scalars(select(Assignment).filter_by(sample_class="chosen")):
            row.checklist_version_id = world.version_id
    first, second = tasks_of(world, calls)
    key = ASSIGNED.task(first.id)
    world.do(save_draft, world.alice, task=key, version=0, work=Work(answers()))
    wanted = Reassignment(first.id, iris.user_id, "Alice is away.")
    with pytest.raises(InvalidInput, match="It is begun"):
        world.do(reassign, world.bob, wanted=wanted)
    begun = Reassignment(first.id, iris.user_id, "Alice is away.", begun=True)
    world.do(reassign, world.bob, wanted=begun)
    assert [row.inspector_id for row in tasks_of(world, calls)] == [
        iris.user_id,
        world.alice.user_id,
    ]
    assert world.count(Draft) == 0
    with pytest.raises(NotAllowed):
        world.do(reassign, world.alice, wanted=begun)
    with pytest.raises(InvalidInput, match="already has"):
        world.do(reassign, world.bob, wanted=begun)
    scored(world, world.alice, second, **answers())
    done = Reassignment(second.id, iris.user_id, "Too late.")
    with pytest.raises(OutOfTurn):
        world.do(reassign, world.bob, wanted=done)


@pytest.mark.both
def test_what_is_taken_back_is_as_if_it_was_not_given(world, calls):
    given(world, calls)
    first, second = tasks_of(world, calls)
    back = {"assignment_id": first.id, "reason": "Not this one."}
    with pytest.raises(NotAllowed):
        world.do(take_back, world.alice, **back)
    world.do(take_back, world.bob, **back)
    assert [row.id for row in tasks_of(world, calls)] == [second.id]
    assert ("take_back", str(calls[0])) in world.noted()
    assert given(world, calls) == (1, 1)
    drawn = {"assignment_id": world.task, "reason": "Not this one."}
    with pytest.raises(InvalidInput, match="stays drawn"):
        world.do(take_back, world.bob, **drawn)


@pytest.mark.both
def test_the_list_narrows_by_all_it_shows_and_pages_from_new_to_old(world, calls):
    with world.seeded.reading() as session:

        def found(**wanted):
            page = encounters(session, world.bob, EncounterFilter(**wanted))
            return [row.interaction_id for row in page.rows if row.interaction_id in calls]

        assert found() == calls[::-1]
        assert found(rating="low") == found(words="trunk") == calls[1:]
        assert found(channel="chat") == found(case_kind="order") == found(inspected=True) == []
        assert found(station_id=world.seeded.station_id, channel="phone") == calls[::-1]
        first = encounters(session, world.bob, EncounterFilter(), limit=1)
        assert [row.interaction_id for row in first.rows] == calls[1:]
        assert first.rows[0].rating == (1, 5)
        second = encounters(session, world.bob, EncounterFilter(), after=first.next, limit=1)
        assert [row.interaction_id for row in second.rows] == calls[:1]
        with pytest.raises(NotAllowed):
            encounters(session, world.alice, EncounterFilter())


def test_who_waits_for_what_is_listed(world, calls):
    given(world, calls[:1])
    with world.seeded.transaction() as session:
        session.get_one(Interaction, calls[1]).consent = False
    with world.seeded.reading() as session:
        rows = open_assignments(session, world.bob, inspector_id=world.alice.user_id)
        assert [(row.sample_class, row.begun) for row in rows] == [
            ("random", False),
            ("chosen", False),
        ]
        assert inspectors(session, world.bob) == {world.alice.user_id: "Alice"}
        page = encounters(session, world.bob, EncounterFilter())
        assert {row.interaction_id: row.given for row in page.rows}[calls[0]] == ("Alice",)
        assert calls[1] not in {row.interaction_id for row in page.rows}
        for read in (open_assignments, inspectors):
            with pytest.raises(NotAllowed):
                read(session, world.alice)
