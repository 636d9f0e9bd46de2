"""Fifty people submitting at once through the submit route of one real server process."""

from __future__ import annotations

import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select

from core.access import Role
from db.keys import load_keys
from db.models import Assignment, Inspection, StationMonth
from db.services.drafts import save_draft
from db.session import reading, transaction
from tests.bench.bench_submit import work
from tests.bench.data import token
from tests.bench.report import Table, Times, ms
from tests.factories import (
    identity,
    make_assignment,
    make_interaction,
    make_user,
    make_version,
    seed,
)
from tests.support import postgres, requirements
from tests.support.clock import NOW
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.inspector import forty
from tests.support.portal import serving

CLIENTS = 50
EACH = 20
REPEATED = 5
BAR = 100


@dataclass
class Client:
    """One inspector's browser: a session, a queue, and what the portal answered."""

    address: str
    token: str
    csrf: str
    tasks: list[int]
    latencies: Times = field(default_factory=Times)
    inspections: list[int] = field(default_factory=list)
    refused: int = 0
    doubled: int = 0

    def work(self, start: Barrier) -> None:
        connection = http.client.HTTPConnection(self.address)
        connection.connect()
        start.wait()
        for number, task in enumerate(self.tasks):
            with self.latencies.measured():
                found = self._submit(connection, task)
            if found is None:
                self.refused += 1
                continue
            self.inspections.append(found)
            if number % REPEATED == 0:
                self.doubled += self._submit(connection, task) != found

    def _submit(self, connection: http.client.HTTPConnection, task: int) -> int | None:
        entered = work()
        body = {
            "version": 1,
            "answers": entered.answers,
            "evidence": entered.evidence,
            "note": entered.note,
            "active_seconds": entered.active_seconds,
        }
        headers = {"Cookie": f"qi_session={self.token}", "X-CSRF-Token": self.csrf}
        connection.request("POST", f"/api/pad/{task}/submit", json.dumps(body), headers)
        reply = connection.getresponse()
        content = reply.read()
        return json.loads(content)["inspection"] if reply.status == 200 else None


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    notes = [
        (
            "The answer to each submission also carries the next encounter ready to score. "
            f"Every {REPEATED}th submission is sent twice; those are not counted in the rate. "
            "The clients run on the same cores as the server."
        )
    ]
    with tempfile.TemporaryDirectory() as folder:
        rows = [_measured("SQLite", SqliteDatabases(Path(folder)))]
    if programs := requirements.postgres_programs():
        with postgres.server(programs, settings=()) as url:
            databases = PostgresDatabases(url)
            rows.append(_measured("PostgreSQL", databases))
            databases.close()
    else:
        notes.append("MISSING: PostgreSQL, so it was not measured.")
    head = ("database", "submissions", "per second", "bar", "median ms", "p95 ms")
    yield Table(
        f"{CLIENTS} people submitting 40 items at once, one server process",
        (*head, "refused", "lost", "double"),
        rows,
        notes,
    )


def _measured(name: str, databases: Databases) -> list[str]:
    with (
        tempfile.TemporaryDirectory() as folder,
        databases.like("crowd", _fill) as engine,
        serving(engine.url.render_as_string(hide_password=False), Path(folder)) as portal,
    ):
        clients = _clients(engine, Path(folder), urlsplit(portal.url).netloc)
        start = Barrier(CLIENTS + 1)
        with ThreadPoolExecutor(CLIENTS) as pool:
            for client in clients:
                pool.submit(client.work, start)
            start.wait()
            begun = time.perf_counter()
        seconds = time.perf_counter() - begun
        return [name, *_figures(engine, clients, seconds)]


def _figures(engine: Engine, clients: list[Client], seconds: float) -> list[str]:
    latencies = Times()
    latencies.taken = [taken for client in clients for taken in client.latencies.taken]
    answered = [found for client in clients for found in client.inspections]
    with reading(engine) as session:
        stored = session.scalar(select(func.count()).select_from(Inspection)) or 0
        counted = session.scalar(select(func.sum(StationMonth.n)))
    doubled = sum(client.doubled for client in clients) + stored - len(set(answered))
    lost = len(answered) - min(stored, counted or 0)
    return [
        *(str(len(answered)), f"{len(answered) / seconds:.0f}", str(BAR)),
        *(ms(latencies.median), ms(latencies.p95)),
        *(str(sum(client.refused for client in clients)), str(lost), str(doubled)),
    ]


def _fill(engine: Engine) -> None:
    """Inspectors with drafted work waiting to be submitted."""
    seed(engine)
    with transaction(engine) as session:
        version_id = make_version(session, forty()).id
        for name in _names():
            make_user(session, name, Role.INSPECTOR)
            who = identity(session, name)
            for number in range(EACH):
                call = make_interaction(session, external_id=f"{name}-{number}")
                task = make_assignment(
                    session, interaction=call, inspector=who, checklist_version_id=version_id
                )
                save_draft(session, who=who, assignment_id=task.id, version=0, work=work(), now=NOW)
                session.flush()


def _clients(engine: Engine, folder: Path, address: str) -> list[Client]:
    keys = load_keys(folder)
    clients = []
    for name in _names():
        session_token = token(engine, name)
        with reading(engine) as session:
            mine = Assignment.inspector_id == identity(session, name).user_id
            tasks = list(session.scalars(select(Assignment.id).where(mine)))
        csrf = keys.digest("api token", session_token)
        clients.append(Client(address, session_token, csrf, tasks))
    return clients


def _names() -> list[str]:
    return [f"inspector-{number}" for number in range(CLIENTS)]
