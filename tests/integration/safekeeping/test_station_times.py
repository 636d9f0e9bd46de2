"""A region may have times of keeping of its own, for itself and all below it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound
from core.safekeeping.retention import MONTHS, RetainedKind, older_than
from core.settings import Settings
from db.encounters.models import Interaction
from db.files.models import File
from db.people.models import Staff
from db.safekeeping.keeping_times import rules_at, station_times
from db.safekeeping.models import StationRetentionRule
from db.safekeeping.retention import retain
from db.safekeeping.services.keeping_rules import save_rules, save_station_rules
from db.store.models import AuditEvent
from db.store.session import reading, transaction
from tests.factories import identity, make_interaction, make_staff, make_station, make_user
from tests.support.clock import NOW

OLD = NOW - timedelta(days=1)


class Network:
    """A region with a desk and a desk elsewhere, each with a call of a colleague who has left."""

    def __init__(self, engine, folder):
        self.engine = engine
        self.settings = Settings(
            database_url=engine.url.render_as_string(hide_password=False), var_dir=folder
        )
        self.calls, self.staff = {}, {}
        with transaction(engine) as session:
            self.region = make_station(session, code="EU").id
            self.desks = {
                "here": make_station(session, code="EU-1", parent_id=self.region).id,
                "away": make_station(session, code="US-1").id,
            }
            for name, station in self.desks.items():
                person = make_staff(session, station_id=station, active=False)
                call = make_interaction(session, staff=person)
                self.calls[name], self.staff[name] = call.id, person.id
            make_user(session, "ada", Role.ADMINISTRATOR)
            self.ada = identity(session, "ada")

    def keep(self, station, **months):
        values = {RetainedKind(kind): value for kind, value in months.items()}
        with transaction(self.engine) as session:
            save_station_rules(session, who=self.ada, station_id=station, months=values, now=NOW)

    def aged(self, months):
        with transaction(self.engine) as session:
            for row in session.scalars(select(Interaction)):
                row.occurred_at = older_than(OLD, months)

    def with_words(self):
        with reading(self.engine) as session:
            query = select(Interaction.id).where(Interaction.turn_count > 0)
            kept = set(session.scalars(query))
        return {name for name, call in self.calls.items() if call in kept}

    def named(self):
        with reading(self.engine) as session:
            kept = set(session.scalars(select(Staff.id).where(Staff.name != "")))
        return {name for name, person in self.staff.items() if person in kept}

    def retain(self):
        return retain(self.engine, self.settings, now=NOW)


@pytest.fixture
def network(engine, tmp_path):
    return Network(engine, tmp_path)


@pytest.mark.parametrize(
    ("months", "kept"),
    [(11, {"here", "away"}), (12, {"away"}), (24, set())],
)
def test_transcripts_go_by_the_time_of_their_region(network, months, kept):
    """12 months in the region, 24 elsewhere as proposed."""
    network.keep(network.region, transcripts=12)
    network.aged(months)
    network.retain()
    assert network.with_words() == kept


def test_a_region_may_keep_longer_than_all_others_or_for_good(network):
    network.keep(network.region, transcripts=36)
    network.aged(24)
    assert network.retain()[RetainedKind.TRANSCRIPTS] == 1
    assert network.with_words() == {"here"}
    network.keep(network.region, transcripts=None)
    network.aged(500)
    assert network.retain()[RetainedKind.TRANSCRIPTS] == 0
    assert network.with_words() == {"here"}


def test_a_desk_may_differ_from_its_region(network):
    network.keep(network.region, transcripts=36)
    network.keep(network.desks["here"], transcripts=6)
    network.aged(6)
    network.retain()
    assert network.with_words() == {"away"}


def test_names_of_those_who_left_go_by_the_time_of_their_station(network):
    network.keep(network.region, former_staff=6)
    network.aged(6)
    assert network.retain()[RetainedKind.FORMER_STAFF] == 1
    assert network.named() == {"away"}


def test_words_of_files_go_by_the_time_of_their_station(network):
    network.keep(network.region, transcripts=12)
    with transaction(network.engine) as session:
        for name, station in network.desks.items():
            session.add(
                File(
                    source="test",
                    external_id=f"F-{name}",
                    first_kind="complaint",
                    kind="complaint",
                    station_id=station,
                    state="closed",
                    level="normal",
                    round=1,
                    marks=[],
                    received_at=older_than(OLD, 12),
                    content="Where is it?",
                )
            )
    network.retain()
    with reading(network.engine) as session:
        words = dict(session.execute(select(File.station_id, File.content)).all())
    assert words == {network.desks["here"]: "", network.desks["away"]: "Where is it?"}


def test_what_holds_at_a_station_is_told(network):
    network.keep(network.region, transcripts=12, recordings=None)
    with reading(network.engine) as session:
        here, away = (rules_at(session, network.desks[name]) for name in ("here", "away"))
        listed = station_times(session)
        assert rules_at(session, None) == away == MONTHS
    assert here == MONTHS | {RetainedKind.TRANSCRIPTS: 12, RetainedKind.RECORDINGS: None}
    assert [(row.code, dict(row.months)) for row in listed] == [
        ("EU", {RetainedKind.TRANSCRIPTS: 12, RetainedKind.RECORDINGS: None})
    ]


def test_what_is_not_named_follows_the_stations_above_again(network):
    network.keep(network.region, transcripts=12, recordings=6)
    network.keep(network.region, transcripts=12)
    with reading(network.engine) as session:
        rows = session.scalars(select(StationRetentionRule)).all()
        logged = session.scalars(
            select(AuditEvent).where(AuditEvent.object_type == "retention").order_by(AuditEvent.id)
        ).all()
        assert [(row.kind, row.months) for row in rows] == [("transcripts", 12)]
    assert [row.details["fields"] for row in logged] == [
        ["recordings", "transcripts"],
        ["recordings"],
    ]


def test_a_change_of_the_usual_time_leaves_the_region_alone(network):
    network.keep(network.region, transcripts=36)
    with transaction(network.engine) as session:
        months = {**MONTHS, RetainedKind.TRANSCRIPTS: 1}
        save_rules(session, who=network.ada, months=months, now=NOW)
    network.aged(2)
    network.retain()
    assert network.with_words() == {"here"}


@pytest.mark.parametrize(
    ("months", "error"),
    [({"log": 12}, "kept alike"), ({"transcripts": 0}, "1 to"), ({"transcripts": 601}, "1 to")],
)
def test_what_cannot_be_is_refused(network, months, error):
    with pytest.raises(InvalidInput, match=error):
        network.keep(network.region, **months)
    with pytest.raises(NotFound):
        network.keep(network.region + 999, transcripts=1)


def test_only_who_keeps_the_data_sets_it(network):
    with transaction(network.engine) as session:
        make_user(session, "mona", Role.STATION_MANAGER)
        network.ada = identity(session, "mona")
    with pytest.raises(NotAllowed):
        network.keep(network.region, transcripts=1)
