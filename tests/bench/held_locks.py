"""Run a command of `db`, and write down how long each of its transactions kept other writers out.

    python -m tests.bench.held_locks FILE import interactions rows.jsonl

FILE gets a JSON list of milliseconds: from the first statement of a transaction that writes, when
it has the lock, until its connection is given back after the commit.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, Pool, event

from db.__main__ import main


class Watch:
    """Listens to every engine of this process."""

    def __init__(self) -> None:
        self.held: list[float] = []
        self._begun: dict[int, float | None] = {}
        event.listen(Engine, "begin", self._begin)
        event.listen(Engine, "before_cursor_execute", self._execute)
        event.listen(Pool, "checkin", self._given_back)

    def _begin(self, connection: Any) -> None:
        if connection.get_execution_options().get("portal_writes"):
            self._begun[id(connection.connection.dbapi_connection)] = None

    def _execute(self, connection: Any, _cursor: object, statement: str, *_more: object) -> None:
        driver = id(connection.connection.dbapi_connection)
        if driver in self._begun and self._begun[driver] is None and "BEGIN" not in statement:
            self._begun[driver] = perf_counter()

    def _given_back(self, driver: object, _record: object) -> None:
        begun = self._begun.pop(id(driver), None)
        if begun is not None:
            self.held.append((perf_counter() - begun) * 1000)


if __name__ == "__main__":
    watch = Watch()
    status = main(sys.argv[2:])
    Path(sys.argv[1]).write_text(json.dumps(watch.held), encoding="utf-8")
    sys.exit(status)
