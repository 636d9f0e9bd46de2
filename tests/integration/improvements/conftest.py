"""Two stations with known figures, and the people who act on them."""

from __future__ import annotations

import pytest

from tests.support.improvements.acting import Acting


@pytest.fixture
def acting(seeded):
    return Acting(seeded)
