"""400 conversations of 8,000 characters go in on SQLite while an inspector's pad saves.

The import is the command in a process of its own, on one core and on two. What it is compared with
is masking the same conversations and finding their index terms in one process, measured before and
after it, so that a busy machine slows both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, NamedTuple

from sqlalchemy import Engine

from core.encounters.prepared_texts import ClearTexts, prepared
from core.errors import PortalError
from db.inspection.services.drafts import Work, save_draft
from db.inspection.tasks import ASSIGNED
from db.store.session import reading, transaction
from tests.bench.bench_import import Row, _fill, _write_jsonl, rows
from tests.bench.report import Table, Times, ms
from tests.factories import identity, make_assignment, make_interaction, make_version, seed
from tests.support.clock import NOW
from tests.support.databases import SqliteDatabases
from tests.support.inspection.inspector import forty
from tests.support.requirements import ROOT

CONVERSATIONS, CHARACTERS = 400, 8_000
SAVES_BAR, HELD_BAR = 250, 100
RATIO_BARS = {1: 2.0, 2: 1.2}
_PAUSE = 0.05
_SAMPLE = 20


class Measured(NamedTuple):
    seconds: float
    worked: float
    saves: Times
    refused: int
    held: list[float]
    copied: list[float]


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    found = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "long.jsonl"
        _write_jsonl(path, conversations())
        for cores, bar in RATIO_BARS.items():
            if cores > len(os.sched_getaffinity(0)):
                continue
            alone = _alone()
            with SqliteDatabases(Path(name)).like(f"beside {cores}", _prepare) as engine:
                measured = _beside(engine, path, Path(name), cores)
            again = _alone()
            alone.taken += again.taken
            alone.worked += again.worked
            found.append(_cells(cores, bar, alone, measured))
    head = ("cores", "alone s", "import s", "import / alone", "the same of the processor", "bar")
    saves = ("saves", "median ms", "p95 ms", "bar", "slowest ms", "refused")
    held = ("transactions", "lock held p95 ms", "longest ms", "bar", "log copied, longest ms")
    yield Table(
        f"{CONVERSATIONS} conversations of {CHARACTERS:,} characters beside a saving pad, SQLite",
        (*head, *saves, *held),
        found,
        ("Starting the command and looking through the file first are part of the import's time.",),
    )


def conversations() -> Iterator[Row]:
    """Telephone calls, each as long."""
    talk = rows()
    for number in range(CONVERSATIONS):
        call = next(talk)
        turns: list[Row] = []
        while sum(len(turn["text"]) for turn in turns) < CHARACTERS:
            turns += next(talk)["turns"]
        yield call | {"external_id": f"long-{number}", "turns": turns}


def _alone() -> Times:
    """Masking and index terms in one process: milliseconds of each conversation."""
    times = Times()
    texts = [
        ClearTexts([turn["text"] for turn in call["turns"]], {})
        for call in islice(conversations(), _SAMPLE)
    ]
    for each in texts:
        with times.measured():
            prepared(each)
    return times


def _prepare(engine: Engine) -> None:
    _fill(engine)
    seed(engine)
    with transaction(engine) as session:
        make_version(session, forty())
        make_assignment(session, interaction_id=make_interaction(session).id)


def _beside(engine: Engine, path: Path, folder: Path, cores: int) -> Measured:
    allowed = set(sorted(os.sched_getaffinity(0))[:cores])
    environment = {
        **os.environ,
        "DATABASE_URL": engine.url.render_as_string(),
        "VAR_DIR": str(folder),
    }
    told = folder / "held.json"
    program = [sys.executable, "-m", "tests.bench.held_locks", str(told)]
    command = [*program, "import", "interactions", str(path)]
    saves, version, refused = Times(), 0, 0
    with reading(engine) as session:
        alice = identity(session, "alice")
    started = perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),  # noqa: PLW1509  no thread runs here
    )
    while True:
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        try:
            with saves.measured(), transaction(engine) as session:
                work = Work(answers={}, note=f"Saved {version} times.")
                saved: Any = save_draft(
                    session, who=alice, task=ASSIGNED.task(1), version=version, work=work, now=NOW
                )
            version = saved.version
        except PortalError:
            refused += 1
        sleep(_PAUSE)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    worked = used.ru_utime + used.ru_stime
    seconds = perf_counter() - started
    return Measured(seconds, worked, saves, refused, **json.loads(told.read_text()))


def _cells(cores: int, bar: float, alone: Times, measured: Measured) -> list[str]:
    seconds, worked = (
        sum(times) / len(times) * CONVERSATIONS / 1000 for times in (alone.taken, alone.worked)
    )
    return [
        str(cores),
        f"{seconds:.1f}",
        f"{measured.seconds:.1f}",
        f"{measured.seconds / seconds:.2f}",
        f"{measured.worked:.1f} / {worked:.1f} s = {measured.worked / worked:.2f}",
        f"{bar:g}",
        str(len(measured.saves.taken)),
        ms(measured.saves.median),
        ms(measured.saves.p95),
        str(SAVES_BAR),
        ms(max(measured.saves.taken)),
        str(measured.refused),
        str(len(measured.held)),
        ms(sorted(measured.held)[int(0.95 * (len(measured.held) - 1))]),
        ms(max(measured.held)),
        str(HELD_BAR),
        ms(max(measured.copied)),
    ]
