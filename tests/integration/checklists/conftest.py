"""A checklist that is not in force yet."""

from __future__ import annotations

import pytest

from db.checklists.services import drafting
from tests.support.checklists.versions import READY
from tests.support.inspection.inspecting import World


@pytest.fixture
def desk(world: World) -> int:
    """bob's first draft of a checklist that is ready."""
    return world.do(drafting.create, world.bob, content=READY)
