"""Observations begun on site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound
from db.encounters.models import Interaction
from db.inspection.queries import observations
from db.inspection.queries.desk import desk
from db.inspection.queries.sampling_frame import sampling_frame
from db.inspection.services.observations import Observation, begin_observation
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from pages.ui.inspection.pad import display
from pages.ui.kit.messages import use_language
from tests.factories import identity, make_staff, make_station, make_user, version_of
from tests.support.clock import NOW
from tests.support.inspection.inspecting import World, at_once

KEY = "0123456789abcdef" * 2


class Counter(World):
    """A counter with two people, who wear different uniforms."""

    def __init__(self, seeded):
        super().__init__(seeded)
        with seeded.transaction() as session:
            station = make_station(session, code="TPE", kind="airport")
            self.station_id = station.id
            people = {
                variant: make_staff(session, station=station, uniform_variant=variant)
                for variant in ("tie", "scarf")
            }
            self.people = {variant: staff.id for variant, staff in people.items()}
            self.version = version_of(session, "airport_counter")

    def begin(self, who=None, **values):
        known = {"key": KEY, "staff_id": self.people["tie"], "checklist_version_id": self.version}
        observation = Observation(**known | values)
        return self.do(begin_observation, who or self.alice, observation=observation)

    def desk(self, assignment, who=None):
        return self.one(
            lambda session: desk(session, who or self.alice, ASSIGNED.task(assignment.id))
        )

    def observed(self):
        return [row for row in self.all(Interaction.source) if row.source == "observation"]


@pytest.fixture
def counter(world):
    return Counter(world.seeded)


def test_what_is_begun_is_the_inspectors_own_and_kept_apart_from_the_sample(counter):
    begun = counter.begin()
    found = counter.desk(begun)
    assert (begun.sample_class, begun.purpose, begun.inspector_id) == (
        "observed",
        "record",
        counter.alice.user_id,
    )
    assert (found.encounter.channel, found.encounter.case) == ("counter", "OBS-0123456789AB")
    assert found.checklist.key == "airport_counter"


@pytest.mark.parametrize(
    ("typed", "source", "at"),
    [
        (None, "system", NOW),
        (
            datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
            "manual",
            datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        ),
    ],
)
def test_its_time_is_that_of_the_system_or_typed_and_marked_so(counter, typed, source, at):
    found = counter.desk(counter.begin(occurred_at=typed)).encounter
    assert found.occurred_at == at
    assert [event["source"] for event in found.events] == [source]


@pytest.mark.parametrize(
    ("uniform", "situation", "ruled_out"),
    [
        ("tie", "ordinary", {}),
        ("scarf", "ordinary", dict.fromkeys(("ATT-05", "ATT-06"), "not part of this uniform")),
        ("tie", "in_distress", {"ETQ-04": "smile out of place"}),
    ],
)
def test_uniform_and_passenger_rule_items_out(counter, uniform, situation, ruled_out):
    begun = counter.begin(staff_id=counter.people[uniform], situation=situation)
    given = counter.desk(begun).draft.answers
    assert given == {key: {"na": True, "reason": reason} for key, reason in ruled_out.items()}


def test_an_imported_encounter_knows_the_uniform_too(counter):
    with counter.seeded.transaction() as session:
        made = counter.begin(staff_id=counter.people["scarf"])
        session.get_one(Interaction, made.interaction_id).attributes = {}
    assert set(counter.desk(made).draft.answers) == {"ATT-05", "ATT-06"}


def test_begun_twice_it_is_one(counter):
    first, again = counter.begin(), counter.begin()
    assert first.id == again.id
    assert len(counter.observed()) == 1


def test_begun_five_times_at_once_it_is_one(counter):
    begun = at_once(*[partial(counter.begin, key="f" * 32)] * 5)
    assert len({assignment.id for assignment in begun}) == 1
    assert len(counter.observed()) == 1


def test_anothers_observation_is_not_taken_over(counter):
    counter.begin()
    dora = counter.inspector("dora")
    with pytest.raises(NotAllowed, match="somebody else"):
        counter.begin(dora)


def test_nobody_observes_themselves_or_their_team(counter):
    for variant, sentence in (("tie", "own work"), ("scarf", "own team")):
        with counter.seeded.transaction() as session:
            make_user(session, variant, Role.INSPECTOR, staff_id=counter.people["tie"])
            who = identity(session, variant)
        with pytest.raises(NotAllowed, match=sentence):
            counter.begin(who, staff_id=counter.people[variant])
        own = counter.one(lambda session, who=who: observations.counter_stations(session, who))
        assert "TPE" not in {place.code for place in own}


def test_who_does_not_score_observes_nothing(counter):
    with pytest.raises(NotAllowed):
        counter.begin(counter.bob)


@pytest.mark.parametrize(
    "values",
    [
        {"key": "short"},
        {"situation": "cheerful"},
        {"occurred_at": NOW + timedelta(hours=1)},
        {"checklist_version_id": 1_000_000},
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(counter, values):
    with pytest.raises(InvalidInput):
        counter.begin(**values)
    assert counter.observed() == []


def test_a_checklist_for_phones_is_none_for_counters(counter):
    with pytest.raises(InvalidInput, match="not in force"):
        counter.begin(checklist_version_id=counter.seeded.phone_id)


def test_unknown_staff_are_refused(counter):
    with pytest.raises(NotFound):
        counter.begin(staff_id=1_000_000)


def test_nobody_chosen_is_nobody_watched(counter):
    with pytest.raises(InvalidInput, match="whose encounter"):
        counter.begin(staff_id=None)
    assert counter.observed() == []


def test_the_desk_shows_the_number_that_was_read_from_the_badge(counter):
    begun = counter.begin()
    number = counter.one(lambda session: session.get_one(Staff, counter.people["tie"]).staff_no)
    assert counter.desk(begun).staff == number


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Staff number"), ("zh_TW", "員工編號"), ("zh_CN", "工号")]
)
def test_the_pad_names_it_beside_the_station_and_among_the_facts(counter, request, language, label):
    found = counter.desk(counter.begin())
    use_language(language)
    request.addfinalizer(lambda: use_language("en"))
    assert f"TPE · {found.staff} · OBS-" in display.heading(found)["title"]
    assert display.encounter_data(found)["facts"][0] == {"name": label, "value": found.staff}


def test_the_desk_shows_the_name_beside_it_to_who_may_know_it(counter):
    with counter.seeded.transaction() as session:
        make_user(session, "erin", Role.INSPECTOR, Role.QUALITY_MANAGER)
        erin = identity(session, "erin")
    staff = counter.one(lambda session: session.get_one(Staff, counter.people["tie"]))
    desk_of_hers = counter.desk(counter.begin(erin), erin)
    assert desk_of_hers.staff == f"{staff.staff_no} {staff.name}"


def test_what_was_drawn_is_scored_without_knowing_whose_it_is(counter):
    with counter.seeded.transaction() as session:
        make_user(session, "erin", Role.INSPECTOR, Role.QUALITY_MANAGER)
        erin = identity(session, "erin")
    drawn = counter.assigned(erin)
    assert counter.one(lambda session: desk(session, erin, ASSIGNED.task(drawn))).staff == ""


def test_an_observation_is_never_drawn_into_a_plan(counter):
    begun = counter.begin()
    frame = counter.one(lambda session: sampling_frame(session, 202603, ["counter", "phone"]))
    assert begun.interaction_id not in {one.interaction_id for one in frame}
