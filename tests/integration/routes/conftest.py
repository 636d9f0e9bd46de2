"""A client of the portal's routes, signed in by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.factories import Seeded
from tests.support.house.routes import portal_client
from tests.support.inspection.pads import wired_to


@pytest.fixture
def wired(
    seeded_sqlite: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Seeded]:
    with wired_to(seeded_sqlite.engine, tmp_path, monkeypatch):
        yield seeded_sqlite


@pytest.fixture
def client(wired: Seeded) -> TestClient:
    return portal_client()
