"""Fifty people submitting at once through the submit route of one and of two server processes."""

from __future__ import annotations

import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select

from db.inspection.models import Inspection
from db.results.models import StationMonth
from db.store.session import reading
from tests.bench.bench_submit import work
from tests.bench.both import on_both
from tests.bench.crowd import Browser, browsers, fill
from tests.bench.processes import process_of, processor_seconds
from tests.bench.report import Table, Times, ms
from tests.support.databases import Databases
from tests.support.house.portal import serving

CLIENTS = 50
EACH = 20
REPEATED = 5
BAR = 100


@dataclass
class Client:
    """One inspector's browser, and what the portal answered."""

    address: str
    browser: Browser
    latencies: Times = field(default_factory=Times)
    inspections: dict[int, int] = field(default_factory=dict)
    refused: int = 0
    doubled: int = 0

    def work(self, start: Barrier) -> None:
        connection = http.client.HTTPConnection(self.address)
        connection.connect()
        start.wait()
        for task in self.browser.tasks:
            with self.latencies.measured():
                found = self._submit(connection, task)
            if found is None:
                self.refused += 1
            else:
                self.inspections[task] = found

    def repeat(self) -> None:
        """Send some of the submissions again, as a browser does whose answer was lost."""
        connection = http.client.HTTPConnection(self.address)
        for task, found in list(self.inspections.items())[::REPEATED]:
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
        path = f"/api/pad/{task}/submit"
        connection.request("POST", path, json.dumps(body), self.browser.headers)
        reply = connection.getresponse()
        content = reply.read()
        return json.loads(content)["inspection"] if reply.status == 200 else None


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    alone, notes = on_both(partial(_measured, 1))
    together, _same = on_both(partial(_measured, 2))
    notes.insert(
        0,
        (
            "The answer to each submission also carries the next encounter ready to score. "
            f"Afterwards every {REPEATED}th submission is sent once more. "
            "The clients run on the same cores as the servers; with two processes every other "
            "client is served by the second. The processor's time is that of the portal for one "
            "submission, without clients and database server."
        ),
    )
    head = (
        "database",
        "processes",
        "submissions",
        "per second",
        "bar",
        "median ms",
        "p95 ms",
        "processor ms",
    )
    yield Table(
        f"{CLIENTS} people submitting 40 items at once",
        (*head, "refused", "lost", "double"),
        [*alone, *together],
        notes,
    )


def _measured(processes: int, name: str, databases: Databases) -> list[str]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        filled = databases.like("crowd", lambda engine: fill(engine, CLIENTS, EACH, work()))
        engine = stack.enter_context(filled)
        url = engine.url.render_as_string(hide_password=False)
        portals = [stack.enter_context(serving(url, folder)) for _ in range(processes)]
        addresses = cycle(urlsplit(portal.url).netloc for portal in portals)
        crowd = browsers(engine, folder, CLIENTS)
        clients = [Client(address, each) for each, address in zip(crowd, addresses, strict=False)]
        servers = [process_of(urlsplit(portal.url).port) for portal in portals]
        before = sum(map(processor_seconds, servers))
        start = Barrier(CLIENTS + 1)
        with ThreadPoolExecutor(CLIENTS) as pool:
            for client in clients:
                pool.submit(client.work, start)
            start.wait()
            begun = time.perf_counter()
        seconds = time.perf_counter() - begun
        spent = sum(map(processor_seconds, servers)) - before
        for client in clients:
            client.repeat()
        return [name, str(processes), *_figures(engine, clients, seconds, spent)]


def _figures(engine: Engine, clients: list[Client], seconds: float, spent: float) -> list[str]:
    """`spent` is the servers' processor time in seconds."""
    latencies = Times()
    latencies.taken = [taken for client in clients for taken in client.latencies.taken]
    answered = [found for client in clients for found in client.inspections.values()]
    with reading(engine) as session:
        stored = session.scalar(select(func.count()).select_from(Inspection)) or 0
        counted = session.scalar(select(func.sum(StationMonth.n)))
    doubled = sum(client.doubled for client in clients) + stored - len(set(answered))
    lost = len(answered) - min(stored, counted or 0)
    return [
        *(str(len(answered)), f"{len(answered) / seconds:.0f}", str(BAR)),
        *(ms(latencies.median), ms(latencies.p95), ms(1000 * spent / len(answered))),
        *(str(sum(client.refused for client in clients)), str(lost), str(doubled)),
    ]
