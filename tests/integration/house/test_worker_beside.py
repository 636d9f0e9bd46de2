"""The worker that the portal keeps beside it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests import factories
from tests.support.house.fragile import FragilePortal

pytestmark = pytest.mark.sampled(3)


@pytest.fixture
def fragile(sqlite_databases, tmp_path):
    with sqlite_databases.like("seeded", factories.seed) as engine:
        portal = FragilePortal(engine.url.render_as_string(), tmp_path)
        portal.start()
        yield portal
        portal.kill()


def test_a_killed_portal_starts_again_while_its_worker_still_lives(fragile):
    """The worker is held still, as a busy one is, so that it cannot notice and go."""
    worker = child_of(fragile.process.pid)
    os.kill(worker, signal.SIGSTOP)
    try:
        fragile.kill()
        fragile.start()
    finally:
        os.kill(worker, signal.SIGKILL)


def child_of(pid):
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        threads = Path(f"/proc/{pid}/task").glob("*/children")
        if found := [child for thread in threads for child in thread.read_text().split()]:
            return int(found[0])
        time.sleep(0.05)
    raise AssertionError("no worker came")
