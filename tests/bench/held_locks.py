"""Run a command of `db`, and write down how long each of its transactions kept other writers out.

    python -m tests.bench.held_locks FILE import interactions rows.jsonl

FILE gets JSON with two lists of milliseconds. `held`: from the first statement of a transaction
that writes, when it has the lock, until its connection is given back after the commit. `copied`:
how long SQLite then copied its log into the database, which it does by itself within the commit of
every so many pages, after the lock is free; here it is told to, so that both are known.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, Pool, event

from db.__main__ import main

_EACH = 20
"""Transactions after which the log is copied: about as many as write the 1,000 pages at which
SQLite copies by itself."""


class Watch:
    """Listens to every engine of this process."""

    def __init__(self) -> None:
        self.held: list[float] = []
        self.copied: list[float] = []
        self._begun: dict[int, float | None] = {}
        event.listen(Pool, "connect", self._connected)
        event.listen(Engine, "begin", self._begin)
        event.listen(Engine, "before_cursor_execute", self._execute)
        event.listen(Pool, "checkin", self._given_back)

    def _connected(self, driver: Any, _record: object) -> None:
        driver.execute("PRAGMA wal_autocheckpoint=0")

    def _begin(self, connection: Any) -> None:
        if connection.get_execution_options().get("portal_writes"):
            self._begun[id(connection.connection.dbapi_connection)] = None

    def _execute(self, connection: Any, _cursor: object, statement: str, *_more: object) -> None:
        driver = id(connection.connection.dbapi_connection)
        if driver in self._begun and self._begun[driver] is None and "BEGIN" not in statement:
            self._begun[driver] = perf_counter()

    def _given_back(self, driver: Any, _record: object) -> None:
        begun = self._begun.pop(id(driver), None)
        if begun is None:
            return
        ended = perf_counter()
        self.held.append((ended - begun) * 1000)
        if len(self.held) % _EACH == 0:
            driver.execute("PRAGMA wal_checkpoint(PASSIVE)")
            self.copied.append((perf_counter() - ended) * 1000)


if __name__ == "__main__":
    watch = Watch()
    status = main(sys.argv[2:])
    told = {"held": watch.held, "copied": watch.copied}
    Path(sys.argv[1]).write_text(json.dumps(told), encoding="utf-8")
    sys.exit(status)
