"""The scored person acknowledges a result, once and for nobody else."""

from __future__ import annotations

import pytest

from core.access import Role
from core.errors import NotAllowed, NotFound
from db.inspection.models import Acknowledgement
from db.people.models import Station
from db.results.services.acknowledgements import acknowledge
from tests.factories import identity, make_staff, make_user


def test_the_scored_person_acknowledges_once(world):
    row = world.scored()
    world.do(acknowledge, world.charlie, inspection_id=row, comment=" Agreed. ")
    world.do(acknowledge, world.charlie, inspection_id=row, comment="Changed my mind.")
    assert world.all(Acknowledgement.comment, Acknowledgement.user_id) == [
        ("Agreed.", world.charlie.user_id)
    ]


def test_nobody_acknowledges_for_another(world):
    row = world.scored()
    with world.seeded.transaction() as session:
        other = make_staff(session, station=session.get_one(Station, world.seeded.station_id))
        make_user(session, "erin", Role.STAFF, staff_id=other.id)
        erin = identity(session, "erin")
    with pytest.raises(NotFound):
        world.do(acknowledge, erin, inspection_id=row, comment="")
    with pytest.raises(NotAllowed):
        world.do(acknowledge, world.alice, inspection_id=row, comment="")
