"""Scores of every inspection from its answers again, from and to SQLite, and a whole rebuild.

Before the clock starts the stored scores are taken away, so that every row is written. A rebuild
goes inspection by inspection, because findings and item rollups need whole score sheets; it is
measured at the smallest size.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select, update

from core.scoring import parse_answers, score
from db.checklists.parsed_versions import checklist_of
from db.inspection.models import Inspection
from db.store.session import make_engine, reading, transaction
from db.upkeep.rebuild import rebuild
from db.upkeep.rescore import rescore
from tests.bench import data
from tests.bench.report import Table

BAR = 60
CHECKED = 300


class Cost(NamedTuple):
    rows: int
    seconds: float
    worked: float
    megabytes: float


def run(sizes: tuple[int, ...]) -> Iterator[Table]:
    with data.folder() as place:
        rows = [_row("scores by matrix", _alone(place, size, _rescored), BAR) for size in sizes]
        rows.append(_row("rebuild", _alone(place, min(sizes), _rebuilt), None))
    yield Table(
        "Every inspection scored again, from and to SQLite",
        (
            *("what", "inspections", "seconds", "of the processor", "inspections per second"),
            *("seconds for a million", "bar", "peak MB"),
        ),
        rows,
        (f"{CHECKED} of the scores were compared with those computed one by one.",),
    )


def _row(what: str, cost: Cost, bar: int | None) -> list[str]:
    return [
        *(what, f"{cost.rows:,}", f"{cost.seconds:.1f}", f"{cost.worked:.1f}"),
        f"{cost.rows / cost.seconds:,.0f}",
        f"{cost.seconds / cost.rows * 1e6:.0f} (processor {cost.worked / cost.rows * 1e6:.0f})",
        *("none" if bar is None else str(bar), f"{cost.megabytes:.0f}"),
    ]


def _alone(place: Path, size: int, work: Callable[[Path], Cost]) -> Cost:
    """The work done on a copy, in a process of its own, so that the peak memory is its own."""
    with data.database(place, size), tempfile.TemporaryDirectory(dir=place) as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(place / f"{size}.db", copy)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(work, copy).result()


def _rescored(path: Path) -> Cost:
    engine = make_engine(f"sqlite:///{path}")
    with reading(engine) as session:
        chosen = select(Inspection.id, Inspection.score).limit(CHECKED)
        told = {row.id: row.score for row in session.execute(chosen)}
    with transaction(engine) as session:
        session.execute(update(Inspection).values(score=None))
    cost = _timed(lambda: rescore(engine, lambda _done, _total: None).changed)
    with reading(engine) as session:
        rows = session.scalars(select(Inspection).where(Inspection.id.in_(told)))
        for row in rows:
            checklist = checklist_of(session, row.checklist_version_id)
            sheet = score(checklist, parse_answers(checklist, row.answers))
            for expected in (sheet.score, told[row.id]):
                assert _same(row.score, expected), (row.id, row.score, expected)
    return cost


def _rebuilt(path: Path) -> Cost:
    engine = make_engine(f"sqlite:///{path}")

    def work() -> int:
        with transaction(engine) as session:
            return rebuild(session, lambda _done, _total: None)

    return _timed(work)


def _timed(work: Callable[[], int]) -> Cost:
    start, working = time.perf_counter(), time.process_time()
    rows = work()
    seconds, worked = time.perf_counter() - start, time.process_time() - working
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(rows, seconds, worked, peak)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1e-9
