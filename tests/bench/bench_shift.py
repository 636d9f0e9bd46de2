"""Fifty inspectors at work for ten minutes: pages open over websockets, saves, submissions.

Each answers forty items in about twelve seconds, saves every two seconds and submits, which no
person does faster; after every fifth submission the page is opened anew over its websocket. One
server process and all clients share the machine. BENCH_MINUTES shortens it.
"""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from db.inspection.models import Inspection
from db.store.session import reading
from tests.bench.bench_submit import work
from tests.bench.crowd import Browser, browsers, fill
from tests.bench.processes import process_of, resident
from tests.bench.report import Table, Times, ms
from tests.support.databases import SqliteDatabases
from tests.support.house.portal import serving

INSPECTORS = 50
MINUTES = float(os.environ.get("BENCH_MINUTES", "10"))
SAVES = 6
SAVE_EVERY = 2.0
REOPEN = 5
BAR_MS = 500
_QUEUE = int(MINUTES * 60 / (SAVES * SAVE_EVERY)) + 2


@dataclass
class Inspector:
    """One browser with its websocket, and what it saw."""

    address: str
    browser: Browser
    saves: Times = field(default_factory=Times)
    submits: Times = field(default_factory=Times)
    pages: Times = field(default_factory=Times)
    inspections: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def work(self, delay: float, until: float) -> None:
        time.sleep(delay)
        try:
            with self._websocket() as socket:
                self._open_page(socket)
                for number, task in enumerate(self.browser.tasks, start=1):
                    if time.monotonic() > until:
                        return
                    self._score(task)
                    if number % REOPEN == 0:
                        self._open_page(socket)
        except Exception as error:  # noqa: BLE001  whatever it is, it is counted
            self.errors.append(repr(error))

    def _score(self, task: int) -> None:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        entered = work()
        keys = list(entered.answers)
        for number in range(1, SAVES + 1):
            time.sleep(SAVE_EVERY)
            part = {key: entered.answers[key] for key in keys[: number * len(keys) // SAVES]}
            with self.saves.measured():
                self._send(connection, f"{task}/save", number - 1, part)
        with self.submits.measured():
            answer = self._send(connection, f"{task}/submit", SAVES, entered.answers)
        self.inspections.append(answer["inspection"])
        connection.close()

    def _send(
        self, connection: http.client.HTTPConnection, path: str, version: int, answers: Any
    ) -> Any:
        entered = work()
        body = {
            "version": version,
            "answers": answers,
            "evidence": entered.evidence if path.endswith("submit") else [],
            "note": entered.note,
            "active_seconds": entered.active_seconds,
        }
        connection.request("POST", f"/api/pad/{path}", json.dumps(body), self.browser.headers)
        reply = connection.getresponse()
        content = reply.read()
        if reply.status != http.client.OK:
            raise ConnectionError(f"{path}: {reply.status} {content[:200]!r}")
        return json.loads(content)

    def _websocket(self) -> ClientConnection:
        return connect(
            f"ws://{self.address}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=self.browser.headers,
            origin=Origin(f"http://{self.address}"),
            max_size=None,
        )

    def _open_page(self, socket: ClientConnection) -> None:
        """Run the page of the next encounter and read until the script has finished."""
        asked = BackMsg()
        asked.rerun_script.page_name = "score"
        with self.pages.measured():
            socket.send(asked.SerializeToString())
            while True:
                told = ForwardMsg()
                told.ParseFromString(bytes(socket.recv(timeout=60)))
                if told.WhichOneof("type") == "script_finished":
                    return


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    with (
        tempfile.TemporaryDirectory() as name,
        SqliteDatabases(Path(name)).like("shift", _filled) as engine,
        serving(engine.url.render_as_string(hide_password=False), Path(name)) as portal,
    ):
        address = urlsplit(portal.url)
        server = process_of(address.port)
        before = resident(server)
        people = [
            Inspector(address.netloc, each) for each in browsers(engine, Path(name), INSPECTORS)
        ]
        begun = time.monotonic()
        with ThreadPoolExecutor(INSPECTORS) as pool:
            step = SAVES * SAVE_EVERY / INSPECTORS
            for number, each in enumerate(people):
                pool.submit(each.work, number * step, begun + MINUTES * 60)
        row = _row(engine, people, (resident(server) - before) / INSPECTORS)
    errors = sorted({error for each in people for error in each.errors})
    yield Table(
        f"{INSPECTORS} inspectors with open pages for {MINUTES:g} minutes, SQLite, one process",
        (
            *("submissions", "submit median ms", "submit p95 ms", f"bar {BAR_MS}", "save p95 ms"),
            *("page p95 ms", "errors", "lost", "double", "MB a session"),
        ),
        [row],
        errors[:3],
    )


def _row(engine: Engine, people: list[Inspector], megabytes: float) -> list[str]:
    answered = [found for each in people for found in each.inspections]
    with reading(engine) as session:
        stored = session.scalar(select(func.count()).select_from(Inspection)) or 0
    submits, saves, pages = (_joined(people, kind) for kind in ("submits", "saves", "pages"))
    return [
        *(str(len(answered)), ms(submits.median), ms(submits.p95)),
        "met" if submits.p95 <= BAR_MS else "missed",
        *(ms(saves.p95), ms(pages.p95), str(sum(len(each.errors) for each in people))),
        *(str(len(set(answered)) - stored), str(len(answered) - len(set(answered)))),
        f"{megabytes:.2f}",
    ]


def _joined(people: list[Inspector], kind: str) -> Times:
    times = Times()
    times.taken = [taken for each in people for taken in getattr(each, kind).taken]
    return times


def _filled(engine: Engine) -> None:
    fill(engine, INSPECTORS, _QUEUE)
