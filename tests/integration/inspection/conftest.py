"""What tests of drawing and of coverage begin with."""

from __future__ import annotations

import pytest

from tests.factories import Seeded
from tests.support.inspection.monthly_draw import waiting_calls


@pytest.fixture
def waiting(seeded: Seeded) -> list[int]:
    """Twelve phone calls of this month that nobody was given yet, one of them urgent."""
    return waiting_calls(seeded)
