"""Who has two roles reaches with each as far as that one reaches, and no further."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import NotAllowed
from db.inspection.queries.coverage import by_inspector, by_staff, by_station
from tests.factories import identity, make_staff, make_station, make_user
from tests.support.clock import NOW

WINDOW = {"since": NOW.date() - timedelta(days=30), "today": NOW.date()}


@pytest.fixture
def someone(world):
    """`someone(role, …)`: a person of several roles, confined to the station of one Dora."""
    with world.seeded.transaction() as session:
        station = make_station(session)
        dora = make_staff(session, station=station, name="Dora").id

    def made(*roles):
        with world.seeded.transaction() as session:
            make_user(session, "someone", *roles, station_id=station.id)
            return identity(session, "someone")

    world.assigned(staff_id=dora, station_id=station.id)
    return made


def names(world, query, who, **more):
    return [row.name for row in world.one(lambda session: query(session, who, **WINDOW, **more))]


def test_a_trainer_who_inspects_reads_no_names_of_stations_that_are_not_theirs(world, someone):
    """Trainers know the names of their stations, inspectors see their own coverage only."""
    who = someone(Role.TRAINER, Role.INSPECTOR)
    assert names(world, by_staff, who) == []
    assert names(world, by_station, who, language="en") == []
    assert names(world, by_inspector, who) == []


def test_a_station_manager_who_inspects_reads_the_names_of_the_own_stations(world, someone):
    who = someone(Role.STATION_MANAGER, Role.INSPECTOR)
    assert names(world, by_staff, who) == ["Dora"]


def test_who_manages_quality_reads_every_name(world, someone):
    who = someone(Role.QUALITY_MANAGER, Role.INSPECTOR)
    assert names(world, by_staff, who) == ["Charlie", "Dora"]


def test_a_trainer_alone_sees_no_coverage(world, someone):
    with pytest.raises(NotAllowed):
        names(world, by_staff, someone(Role.TRAINER))
