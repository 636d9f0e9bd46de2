"""A checklist that is not in force yet."""

from __future__ import annotations

import pytest

from db.services import checklists
from tests.support.inspecting import World
from tests.support.versions import READY


@pytest.fixture
def desk(world: World) -> int:
    """bob's first draft of a checklist that is ready."""
    return world.do(checklists.create, world.bob, content=READY)
