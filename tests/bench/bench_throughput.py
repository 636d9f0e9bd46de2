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

from db.models import Inspection, StationMonth
from db.session import reading
from tests.bench.bench_submit import work
from tests.bench.both import on_both
from tests.bench.crowd import Browser, browsers, fill
from tests.bench.report import Table, Times, ms
from tests.support.databases import Databases
from tests.support.portal import serving

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
    inspections: list[int] = field(default_factory=list)
    refused: int = 0
    doubled: int = 0

    def work(self, start: Barrier) -> None:
        connection = http.client.HTTPConnection(self.address)
        connection.connect()
        start.wait()
        for number, task in enumerate(self.browser.tasks):
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
        path = f"/api/pad/{task}/submit"
        connection.request("POST", path, json.dumps(body), self.browser.headers)
        reply = connection.getresponse()
        content = reply.read()
        return json.loads(content)["inspection"] if reply.status == 200 else None


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    rows, notes = on_both(_measured)
    notes.insert(
        0,
        (
            "The answer to each submission also carries the next encounter ready to score. "
            f"Every {REPEATED}th submission is sent twice; those are not counted in the rate. "
            "The clients run on the same cores as the server."
        ),
    )
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
        databases.like("crowd", lambda engine: fill(engine, CLIENTS, EACH, work())) as engine,
        serving(engine.url.render_as_string(hide_password=False), Path(folder)) as portal,
    ):
        address = urlsplit(portal.url).netloc
        clients = [Client(address, each) for each in browsers(engine, Path(folder), CLIENTS)]
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
