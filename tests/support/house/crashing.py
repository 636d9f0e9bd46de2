"""Inspectors who submit without a pause while something is killed, and what they were told."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import httpx

from db.store.keys import load_keys
from pages.ui.kit.auth import COOKIE
from tests.support.house.portal import free_port
from tests.support.inspection.inspecting import PIN, answers
from tests.support.requirements import ROOT
from tests.support.sign_in.sessions import session_token

BODY = {
    "version": 0,
    "answers": answers(FAST={"value": "no"}),
    "evidence": [PIN],
    "note": "",
    "active_seconds": 60,
}


class SubmitServer:
    """The submit route in a process of its own."""

    def __init__(self, database_url, folder):
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.keys = load_keys(folder)
        self._log = folder / "server.log"
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "VAR_DIR": str(folder),
            "PORT": str(self._port),
            "PUBLIC_URL": "",
        }

    def start(self):
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.house.submit_server", str(self._port)],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self.wait_until(200)

    def wait_until(self, readiness):
        """Wait for what /readyz is to answer: 200, or 503 without a database."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._log.read_text()
            if self._ready() == readiness:
                return
            time.sleep(0.05)
        raise AssertionError(self._log.read_text())

    def _ready(self):
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code
        except httpx.TransportError:
            return None

    def kill(self):
        self._process.kill()
        self._process.wait()


class Inspectors:
    """Several at once; `told` holds the inspection each acknowledged assignment became."""

    def __init__(self, world, server):
        with world.seeded.transaction() as session:
            token = session_token(session, "alice", now=datetime.now(UTC))
        self._client = httpx.Client(
            base_url=server.url,
            cookies={COOKIE: token},
            headers={"X-CSRF-Token": server.keys.digest("api token", token), "Origin": server.url},
            timeout=120,
        )
        self.told: dict[int, int] = {}
        self.refused: set[str] = set()

    def submit(self, task) -> bool:
        try:
            answer = self._client.post(f"/api/pad/{task}/submit", json=BODY)
        except httpx.TransportError:
            return False
        if answer.status_code != 200:
            self.refused.add(f"{answer.status_code} {answer.text}")
            return False
        inspection = answer.json()["inspection"]
        assert self.told.setdefault(task, inspection) == inspection
        return True

    def submitting(self, tasks) -> list[threading.Thread]:
        """Three threads that submit their share and stop at the first failure."""
        threads = [
            threading.Thread(target=self._work, args=(tasks[number::3],)) for number in range(3)
        ]
        for thread in threads:
            thread.start()
        return threads

    def close(self):
        self._client.close()

    def _work(self, tasks):
        for task in tasks:
            if not self.submit(task):
                return
