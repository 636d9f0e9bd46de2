"""What tests of imports share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Databases
from tests.support.importing.offices import Office
from tests.support.importing.partial import make_office


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    """What a first import left; later files lack columns of it."""
    with databases.like("office", make_office) as engine:
        yield Office(engine, tmp_path)
