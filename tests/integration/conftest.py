"""What tests of services share."""

from __future__ import annotations

import pytest

from core.access import Identity, Role
from tests.factories import Seeded, identity, make_user, make_version
from tests.support.inspecting import SMALL, World


@pytest.fixture
def world(seeded: Seeded) -> World:
    """The cast with a small checklist and one call of charlie's in alice's queue."""
    with seeded.transaction() as session:
        make_version(session, SMALL)
    return World(seeded)


@pytest.fixture
def trainer(world: World) -> Identity:
    with world.seeded.transaction() as session:
        make_user(session, "tina", Role.TRAINER)
        return identity(session, "tina")
