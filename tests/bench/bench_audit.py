"""Searching, sealing and checking the audit log; ten entries for each inspection of the size."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from core.access import Identity, Role
from db.migrations import migrate
from db.safekeeping.log_sealing import Sealer, checkpoints
from db.safekeeping.log_verification import verify
from db.safekeeping.queries.audit_log import AuditFilter, events
from db.store.base import table_of
from db.store.files import FolderFiles
from db.store.keys import load_keys
from db.store.models import AuditEvent
from db.store.session import make_engine, reading, transaction
from tests.bench.report import Table, Times, ms

_BAR = 1000
_PEOPLE = 300
_SPAN = timedelta(days=365)
_END = datetime(2026, 1, 1, tzinfo=UTC)
_ACTIONS = ("view",) * 6 + ("submit", "listen", "sign_in", "save", "amend", "export")
_AUDITOR = Identity(1, "auditor", "Auditor", frozenset({Role.AUDITOR}))
_REPEATS = 20


def run(sizes: Sequence[int]) -> Iterator[Table]:
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            engine = make_engine(f"sqlite:///{folder}/audit.db")
            migrate.upgrade(engine)
            _fill(engine, size * 10)
            yield _searched(engine, size * 10)
            yield _sealed(engine, Path(folder), size * 10)
            engine.dispose()


def _searched(engine: Engine, count: int) -> Table:
    rows = []
    for name, wanted in _questions().items():
        times, found = Times(), 0
        for _ in range(_REPEATS):
            with times.measured(), reading(engine) as session:
                page = events(session, _AUDITOR, wanted, limit=101)
                deeper = events(session, _AUDITOR, wanted, after=page[-1].position) if page else []
            found = len(page) + len(deeper)
        rows.append((name, ms(times.median), ms(max(times.taken)), str(found)))
    return Table(
        f"Searching {count:,} entries, two pages of the viewer, SQLite",
        ("filter", "median ms", "slowest ms", "entries shown"),
        rows,
        [f"Bar: {_BAR} ms. {_REPEATS} times each, the first with cold caches."],
    )


def _questions() -> dict[str, AuditFilter]:
    month = AuditFilter(since=_END - timedelta(days=200), until=_END - timedelta(days=170))
    return {
        "everything": AuditFilter(),
        "a month": month,
        "one person": AuditFilter(user_id=7),
        "one person in a month": replace(month, user_id=7),
        "one action": AuditFilter(action="amend"),
        "one person and action in a month": replace(month, user_id=7, action="export"),
        "one object": AuditFilter(object_type="inspection", object_id="4711"),
        "one kind of object": AuditFilter(object_type="user"),
        "an action and a kind of object": AuditFilter(action="export", object_type="inspection"),
        "an action that this kind never sees": AuditFilter(action="view", object_type="user"),
        "a person and a kind in a month": replace(month, user_id=7, object_type="user"),
        "what a person never did": AuditFilter(user_id=7, action="void"),
        "what a person never touched": AuditFilter(user_id=7, object_type="checklist_version"),
        "a kind that does not occur": AuditFilter(object_type="checklist_version"),
    }


def _sealed(engine: Engine, folder: Path, count: int) -> Table:
    keys = load_keys(folder)
    began = time.perf_counter()
    Sealer(engine, keys, FolderFiles(folder)).seal(now=_END)
    sealed = time.perf_counter()
    with reading(engine) as session:
        assert verify(session, keys, checkpoints(FolderFiles(folder))).is_whole
    verified = time.perf_counter()
    rows = [
        ("sealing", f"{sealed - began:.1f}", f"{count / (sealed - began):,.0f}"),
        ("checking", f"{verified - sealed:.1f}", f"{count / (verified - sealed):,.0f}"),
    ]
    return Table(f"Seals over {count:,} entries", ("what", "seconds", "entries a second"), rows)


def _fill(engine: Engine, count: int) -> None:
    rows = _rows(count)
    while batch := list(islice(rows, 50_000)):
        with transaction(engine) as session:
            session.execute(insert(table_of(AuditEvent)), batch)


def _rows(count: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(7)
    for number in range(count):
        action = dice.choice(_ACTIONS)
        yield {
            "at": _END - _SPAN * (1 - number / count),
            "user_id": dice.randint(1, _PEOPLE),
            "action": action,
            "object_type": "user" if action in ("sign_in", "save") else "inspection",
            "object_id": str(dice.randint(1, max(2, count // 10))),
            "reason": "",
            "details": {"fields": ["name"]} if action == "save" else {},
        }
