"""Another system, its service account and its key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from core.access import Identity, Role
from tests.factories import Seeded, identity, make_user
from tests.support.house.routes import portal_client
from tests.support.inspection.pads import wired_to
from tests.support.machines.files import Idle, make_key
from tests.support.machines.service_keys import save


@pytest.fixture
def wired(seeded: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeded]:
    """The routes' own wiring, pointed at a database."""
    with wired_to(seeded.engine, tmp_path, monkeypatch):
        yield seeded


@pytest.fixture
def client(wired: Seeded) -> TestClient:
    return portal_client()


@pytest.fixture
def key(wired: Seeded) -> str:
    return make_key(wired)


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are begun, and nobody works."""
    monkeypatch.setattr("db.jobs.engine.subprocess.Popen", Idle)


@pytest.fixture
def admin(session: Session) -> Identity:
    make_user(session, "admin", Role.ADMINISTRATOR, language="zh_TW")
    return identity(session, "admin")


@pytest.fixture
def crm(session: Session, admin: Identity) -> int:
    """The id of a service account."""
    return save(session, admin)
