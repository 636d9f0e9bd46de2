"""Another system at the portal's door: its account, its key, the files it hands in."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Thread

from db.machines import services
from db.machines.services import ServiceData
from db.store.config import load_settings
from db.upkeep import import_process
from pages.ui.kit import wiring

STAFF = b"staff_no,name,station_code\n7,Wu,TPE-PHONE\n"
WITH_A_BAD_ROW = STAFF + b"8,Li,NOWHERE\n"


def make_key(seeded, username="crm", days=90, now=None):
    """A key of a new service account of this name."""
    now = now or wiring.now()
    with seeded.transaction() as session:
        who, data = seeded.administrator, ServiceData(username, "The CRM")
        user_id = services.save_service_account(session, who=who, user_id=None, data=data, now=now)
        issued = services.issue_key(
            session, who=who, user_id=user_id, label="nightly", days=days, now=now
        )
        return issued.key


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def hand_in(client, key, content, kind="staff", query="", **headers):
    address = f"/api/import/{kind}{query}"
    return client.post(address, content=content, headers=bearer(key) | headers)


def finished(client, key, answer):
    """What is told of a job once it does not run any more."""
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 300
    while True:
        told = client.get(answer.headers["location"], headers=bearer(key))
        assert told.status_code == 200, told.text
        if told.json()["state"] != "running":
            return told.json()
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def quick_jobs(monkeypatch):
    """Jobs are done in threads, which begin sooner; all have ended when this ends."""
    with monkeypatch.context() as patched:
        patched.setattr("db.jobs.engine.subprocess.Popen", Quick)
        yield
    while Quick.started:
        Quick.started.pop().wait()


class Quick:
    """Stands for the process of a job: the same work in a thread, which begins sooner."""

    started: list[Quick] = []  # noqa: RUF012  emptied by `quick_jobs`

    def __init__(self, command, **_values):
        job_id = int(command[-1])
        self._thread = Thread(target=import_process.work, args=(job_id, load_settings()))
        self._thread.start()
        self.started.append(self)

    def wait(self):
        self._thread.join()

    def poll(self):
        return None if self._thread.is_alive() else 0


class Idle:
    """Stands for the process of a job: begun, and nobody works; `started` are the jobs."""

    started: list[int] = []  # noqa: RUF012  emptied by who looks at it

    def __init__(self, command, **_values):
        self.started.append(int(command[-1]))

    def poll(self):
        return 0
