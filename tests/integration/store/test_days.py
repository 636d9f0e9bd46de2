"""The portal's day is the head office's, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from db.people.models import Station
from db.store import session as sessions
from db.store.days import portal_day, portal_zone
from tests.factories import make_station

EVENING = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)  # 11 March, 04:00 in Taipei


def zone(engine) -> str:
    with sessions.reading(engine) as session:
        return portal_zone(session)


@pytest.fixture
def stations(seeded):
    """Beside the desk of the cast: an older code elsewhere, and offices that are not the top."""
    with seeded.transaction() as session:
        top = make_station(session, code="HQ", kind="head_office", timezone="Asia/Taipei")
        make_station(session, code="AAA", timezone="America/New_York")
        office = {"kind": "head_office", "timezone": "Europe/Berlin"}
        make_station(session, code="AAB", parent_id=top.id, **office)
        make_station(session, code="AAC", active=False, **office)
    return seeded


def test_it_is_the_day_of_the_head_office_at_the_top(stations):
    assert zone(stations.engine) == "Asia/Taipei"
    with stations.reading() as session:
        assert portal_day(session, EVENING) == date(2026, 3, 11)


def test_without_a_head_office_it_is_the_first_stations_at_the_top(seeded):
    with seeded.transaction() as session:
        make_station(session, code="AAA", timezone="America/New_York")
        make_station(session, code="AAB", timezone="Europe/Berlin")
    assert zone(seeded.engine) == "America/New_York"


def test_without_a_station_it_is_greenwichs(seeded):
    with seeded.transaction() as session:
        session.execute(update(Station).values(active=False))
    assert zone(seeded.engine) == "UTC"
