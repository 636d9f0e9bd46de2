"""A station whose complaints rise, and the people who watch it."""

from __future__ import annotations

import pytest

from tests.factories import seeded_like
from tests.support.warning.watching import Watching, prepare


@pytest.fixture
def watching(databases):
    with seeded_like(databases, "watching", prepare) as seeded:
        yield Watching(seeded)
