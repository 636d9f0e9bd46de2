"""The cases most like one, within what the reader may see, on both databases."""

from __future__ import annotations

import pytest

from core.access import Role
from core.errors import NotFound
from db.cases.queries.similar import similar_cases
from db.inspection.services import amendments
from tests.factories import (
    identity,
    make_station,
    make_user,
)
from tests.support.inspection.inspecting import NO


@pytest.fixture
def said(world):
    def stored(text, *, station=None, **lost):
        staff = world.staff(station=station)
        return world.scored(staff=staff, call={"turns": [("agent", text)]}, **lost)

    return stored


def alike(world, who, inspection_id):
    found = world.one(lambda session: similar_cases(session, who, inspection_id))
    return [each.row.inspection_id for each in found]


def test_losses_and_text_count_one_half_each(world, trainer, said):
    """Against HELLO lost in a call about refunds: same loss and text, same loss, other loss."""
    asked = said("我的機票退款呢", HELLO=NO)
    both = said("机票退款呢", HELLO=NO)
    loss = said("行李壞了", HELLO=NO)
    partly = said("行李壞了", HELLO=NO, RIGHT=NO)
    said("機票退款", RIGHT=NO)  # nothing lost at the same item: no candidate
    assert alike(world, trainer, asked) == [both, loss, partly]
    found = world.one(lambda session: similar_cases(session, trainer, asked))
    assert [each.losses for each in found] == [1, 1, pytest.approx(20 / 50)]
    assert found[0].text > found[1].text == 0


def test_a_case_that_lost_nothing_is_like_others_of_its_score(world, trainer, said):
    asked, other = said("機票退款"), said("機票退款呢")
    low = said("機票退款", RIGHT=NO)
    assert alike(world, trainer, asked) == [other, low]


def test_ten_are_shown_and_voided_ones_are_not(world, trainer, said):
    asked = said("機票", HELLO=NO)
    made = [said("機票", HELLO=NO) for _ in range(11)]
    world.do(amendments.void, world.bob, inspection_id=made[0], reason="Wrong call.")
    assert alike(world, trainer, asked) == made[1:]


def test_a_station_manager_meets_only_the_own_subtree(world, said):
    with world.seeded.transaction() as session:
        desk = make_station(session, code="DESK")
        make_user(session, "mona", Role.STATION_MANAGER, station_id=desk.id)
        mona = identity(session, "mona")
        session.expunge(desk)
    asked = said("機票", station=desk, HELLO=NO)
    other = said("機票", HELLO=NO)
    mine = said("機票", station=desk, HELLO=NO)
    assert alike(world, mona, asked) == [mine]
    with pytest.raises(NotFound):
        alike(world, mona, other)
