"""Which cases who may see, in which order, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.access import Role
from core.errors import NotAllowed, NotFound
from db.cases.queries.case import case
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import cases, summary
from db.checklists.models import ChecklistVersion
from db.inspection.models import Inspection
from db.inspection.services import amendments
from db.people.models import Staff
from db.people.queries.shown_texts import StaffLabels
from db.store.keys import IN_SESSION, Keys, keys_of, load_keys
from pages.ui.kit import wiring
from tests.factories import identity, make_staff, make_station, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, answers

pytestmark = pytest.mark.both


@pytest.fixture
def scored_at(world):
    """`scored_at(staff, ITEM=NO)`: an inspection of a call that this member of staff took."""

    def scored(staff=None, **given):
        return world.scored(staff=staff or world.staff(), **given)

    return scored


@pytest.fixture
def network(world):
    """The company with two desks below it, one with a counter of its own."""
    with world.seeded.transaction() as session:
        company = make_station(session, code="CO")
        north = make_station(session, code="NORTH", parent_id=company.id)
        counter = make_station(session, code="NORTH-1", parent_id=north.id)
        south = make_station(session, code="SOUTH", parent_id=company.id)
        return {
            "CO": (company.id, None),
            **{
                station.code: (station.id, make_staff(session, station=station, name=station.code))
                for station in (north, counter, south)
            },
        }


def listed(world, who, **wanted):
    page = world.one(lambda session: cases(session, who, CaseFilter(**wanted)))
    return [row.inspection_id for row in page.rows]


def test_the_lowest_score_comes_first_and_the_best_on_request(world, trainer):
    """HELLO is worth 20, RIGHT 30: 80 and 70 beside a full 100."""
    full, greeting, solution = world.scored(), world.scored(HELLO=NO), world.scored(RIGHT=NO)
    assert listed(world, trainer) == [solution, greeting, full]
    assert listed(world, trainer, best_first=True) == [full, greeting, solution]


def test_a_case_shows_what_it_lost_most_points_first(world, trainer):
    world.scored(HELLO=NO, RIGHT=NO)
    page = world.one(lambda session: cases(session, trainer, CaseFilter()))
    [row] = page.rows
    assert [(loss.item_key, loss.points) for loss in row.losses] == [
        ("RIGHT", pytest.approx(30)),
        ("HELLO", pytest.approx(20)),
    ]
    assert (row.station_code, row.channel, row.score) == ("TPE-PHONE", "phone", pytest.approx(50))
    assert row.excerpt.text == "你好，我想把明天的機票改到後天。"
    assert row.station("zh_TW") == "TPE-PHONE"


def test_pages_follow_each_other_without_gap_or_repeat(world, trainer):
    """Nine cases at three scores, so that pages of two end inside a tie."""
    made = [world.scored(**lost) for lost in ({}, {"HELLO": NO}, {"RIGHT": NO}) for _ in range(3)]
    for best_first, narrow in ((False, {}), (True, {}), (False, {"item_key": "HELLO"})):
        wanted = CaseFilter(best_first=best_first, **narrow)
        seen, after = [], None
        while True:
            with world.seeded.reading() as session:
                page = cases(session, trainer, wanted, after=after, limit=2)
            seen += [row.inspection_id for row in page.rows]
            if page.next is None:
                break
            after = page.next
        expected = made[3:6] if narrow else made
        assert sorted(seen) == sorted(expected)
        assert len(seen) == len(set(seen))


def test_pages_of_several_stations_follow_each_other_too(world, trainer, network, scored_at):
    made = [
        scored_at(network[code][1], **lost)
        for code in ("NORTH", "NORTH-1", "SOUTH")
        for lost in ({}, {"HELLO": NO})
    ]
    wanted = CaseFilter(station_ids=(network["CO"][0],))
    with world.seeded.reading() as session:
        first = cases(session, trainer, wanted, limit=4)
        second = cases(session, trainer, wanted, limit=4, after=first.next)
    seen = [row.inspection_id for row in (*first.rows, *second.rows)]
    assert (seen, second.next) == ([made[1], made[3], made[5], made[0], made[2], made[4]], None)


def test_a_station_includes_those_below_it(world, trainer, network, scored_at):
    north, counter, south = (scored_at(network[code][1]) for code in ("NORTH", "NORTH-1", "SOUTH"))
    assert listed(world, trainer, station_ids=(network["NORTH"][0],)) == [north, counter]
    assert listed(world, trainer, station_ids=(network["CO"][0],)) == [north, counter, south]
    assert listed(world, trainer, station_ids=(world.seeded.station_id,)) == []


def test_a_station_manager_sees_only_the_own_subtree(world, network, scored_at):
    north, counter, south = (scored_at(network[code][1]) for code in ("NORTH", "NORTH-1", "SOUTH"))
    with world.seeded.transaction() as session:
        make_user(session, "mona", Role.STATION_MANAGER, station_id=network["NORTH"][0])
        mona = identity(session, "mona")
    assert listed(world, mona) == [north, counter]
    assert listed(world, mona, station_ids=(network["CO"][0],)) == [north, counter]
    assert listed(world, mona, station_ids=(network["SOUTH"][0],)) == []
    assert world.one(lambda session: case(session, mona, north)).staff == "NORTH"
    with pytest.raises(NotFound):
        world.one(lambda session: case(session, mona, south))


def test_a_station_manager_without_a_station_sees_nothing(world):
    world.scored()
    with world.seeded.transaction() as session:
        make_user(session, "lost", Role.STATION_MANAGER)
        lost = identity(session, "lost")
    assert listed(world, lost) == []


@pytest.mark.parametrize("name", ["alice", "charlie"])
def test_inspectors_and_staff_do_not_browse_cases(world, name):
    inspection_id = world.scored()
    who = getattr(world, name)
    with pytest.raises(NotAllowed):
        listed(world, who)
    with pytest.raises(NotAllowed):
        world.one(lambda session: summary(session, who, CaseFilter(), 60))
    if name == "alice":
        with pytest.raises(NotFound):
            world.one(lambda session: case(session, who, inspection_id))


def test_filters_narrow_and_combine(world, trainer, scored_at):
    """Not HONEST caps at 50, which is critical and poor."""
    plain = world.scored(HELLO=NO)
    critical = world.scored(HONEST=NO, NAME=NO)
    chat = scored_at(call={"channel": "chat", "occurred_at": NOW - timedelta(days=40)}, HELLO=NO)
    for wanted, expected in (
        ({"item_key": "HELLO"}, [plain, chat]),
        ({"section_key": "greeting"}, [critical, plain, chat]),
        ({"section_key": "solution"}, [critical]),
        ({"section_key": "greeting", "item_key": "HONEST"}, []),
        ({"critical_only": True}, [critical]),
        ({"band": "poor"}, [critical, plain, chat]),
        ({"band": "good"}, []),
        ({"channel": "chat"}, [chat]),
        ({"channel": "chat", "item_key": "HELLO"}, [chat]),
        ({"from_month": 202602}, [critical, plain]),
        ({"to_month": 202601}, [chat]),
        ({"from_month": 202601, "to_month": 202601, "section_key": "greeting"}, [chat]),
        ({"checklist_id": 999}, []),
    ):
        assert listed(world, trainer, **wanted) == expected, wanted


def test_a_checklist_covers_all_its_versions(world, trainer):
    made = world.scored()
    with world.seeded.reading() as session:
        checklist_id = session.get_one(ChecklistVersion, world.version_id).checklist_id
    assert listed(world, trainer, checklist_id=checklist_id) == [made]


def test_a_case_that_lost_twice_in_a_section_is_listed_once(world, trainer):
    made = world.scored(HELLO=NO, NAME=NO)
    assert listed(world, trainer, section_key="greeting") == [made]


def test_amended_and_voided_cases_and_second_scorings_leave_the_list(world, trainer):
    kept, amended, voided = world.scored(HELLO=NO), world.scored(NAME=NO), world.scored(RIGHT=NO)
    second = world.scored(FAST=NO)
    with world.seeded.transaction() as session:
        session.execute(update(Inspection).where(Inspection.id == second).values(purpose="second"))
    corrected = world.do(
        amendments.amend,
        world.bob,
        inspection_id=amended,
        answers=answers(),
        reason="The greeting was there.",
    )
    world.do(amendments.void, world.bob, inspection_id=voided, reason="Wrong call.")
    assert listed(world, trainer) == [kept, corrected]
    assert listed(world, trainer, section_key="greeting") == [kept]
    with pytest.raises(NotFound):
        world.one(lambda session: case(session, trainer, second))
    assert world.one(lambda session: case(session, world.bob, second)).inspection_id == second


def test_the_summary_counts_low_scores_and_what_was_lost_most(world, trainer):
    """50 by the cap, 30 (NAME 20, RIGHT 30, FAST 15: 35), 80."""
    world.scored(HONEST=NO)
    world.scored(NAME=NO, RIGHT=NO, FAST=NO)
    world.scored(NAME=NO)
    found = world.one(lambda session: summary(session, trainer, CaseFilter(), 60))
    assert (found.count, found.more, found.low) == (3, False, 2)
    assert [(item.item_key, item.cases) for item in found.most_lost] == [
        ("NAME", 2),
        ("FAST", 1),
        ("HONEST", 1),
        ("RIGHT", 1),
    ]


def test_the_summary_says_when_there_are_more_than_it_counts(world, trainer, monkeypatch):
    monkeypatch.setattr("db.cases.queries.cases.COUNTED", 2)
    for _ in range(3):
        world.scored()
    found = world.one(lambda session: summary(session, trainer, CaseFilter(), 60))
    assert (found.count, found.more) == (2, True)


@pytest.fixture
def desk_of_27(world):
    """A station and the ids of its people in the order in which they came."""
    with world.seeded.transaction() as session:
        desk = make_station(session)
        people = [
            make_staff(session, station=desk, staff_no=f"YF{n:02}", name=f"Person {n}").id
            for n in range(27)
        ]
        return desk.id, people


def labels_of(world, desk, people, kind=StaffLabels.beside_cases, secret=b"secret", **of_what):
    def read(session):
        session.info[IN_SESSION] = lambda: Keys(secret)
        labels = kind(session, **of_what)
        labels.prepare(set(people))
        assert labels.label(None, desk) == ""
        return [labels.label(staff_id, desk) for staff_id in people]

    return world.one(read)


@pytest.fixture
def second_trainer(world):
    with world.seeded.transaction() as session:
        make_user(session, "tom", Role.TRAINER)
        return identity(session, "tom")


def test_a_person_has_one_pseudonym_for_a_reader_wherever_it_is_read(world, trainer, desk_of_27):
    labels = labels_of(world, *desk_of_27, who=trainer)
    assert len(set(labels)) == 27
    assert all(re.fullmatch("[2-9B-Z]{7}", label) for label in labels)
    assert labels_of(world, *desk_of_27, who=trainer) == labels
    assert labels_of(world, *desk_of_27, who=world.bob) == [f"Person {n}" for n in range(27)]


def test_pseudonyms_of_readers_sets_and_training_lead_to_no_other(
    world, trainer, second_trainer, desk_of_27
):
    """Of 5 x 27 no two are the same: readers cannot compare, and enrolling leads to no case."""
    mine = labels_of(world, *desk_of_27, who=trainer)
    other = labels_of(world, *desk_of_27, who=second_trainer)
    sets = [labels_of(world, *desk_of_27, who=trainer, set_id=number) for number in (1, 2)]
    training = labels_of(world, *desk_of_27, kind=StaffLabels.for_training, who=trainer)
    assert len({*mine, *other, *sets[0], *sets[1], *training}) == 5 * 27
    assert labels_of(world, *desk_of_27, who=second_trainer, set_id=1) == sets[0]


def test_a_pseudonym_says_nothing_of_station_number_or_who_else_is_there(
    world, trainer, desk_of_27
):
    """Neither a transfer, a new number nor a colleague who comes or goes changes any."""
    desk, people = desk_of_27
    before = labels_of(world, desk, people, who=trainer)
    with world.seeded.transaction() as session:
        elsewhere = make_station(session, code="FAR").id
        moved, gone = (session.get_one(Staff, people[n]) for n in (3, 5))
        moved.station_id, moved.staff_no, gone.active = elsewhere, "YF99", False
        make_staff(session, staff_no="YF0")
    assert labels_of(world, desk, people, who=trainer) == before
    assert labels_of(world, elsewhere, people[3:4], who=trainer) == before[3:4]


def test_pseudonyms_stand_in_no_order(world, trainer, desk_of_27):
    """Under 40 keys, the first entered of 27 comes first about 40 / 27 times.

    More than 8 of 40 has a chance below 0.0001.
    """
    firsts = 0
    for number in range(40):
        labels = labels_of(world, *desk_of_27, who=trainer, secret=f"secret {number}".encode())
        firsts += labels[0] == min(labels)
    assert firsts <= 8


def test_a_case_of_a_set_calls_its_person_the_same_for_all_readers(world, trainer, second_trainer):
    inspection_id = world.scored(HELLO=NO)

    def staff(who, **where):
        return world.one(lambda session: case(session, who, inspection_id, **where)).staff

    assert staff(trainer, set_id=1) == staff(second_trainer, set_id=1)
    assert len({staff(trainer), staff(second_trainer), staff(trainer, set_id=1)}) == 3
    row = world.one(lambda session: cases(session, trainer, CaseFilter()).rows[0])
    assert row.staff == staff(trainer)


def test_pages_draw_pseudonyms_with_the_portals_key(wired, trainer):
    """So that each of several processes gives the same."""
    with wiring.reading() as session:
        assert keys_of(session) == load_keys(wiring.settings().var_dir)
    with wiring.transaction() as session:
        assert keys_of(session) == load_keys(wiring.settings().var_dir)
