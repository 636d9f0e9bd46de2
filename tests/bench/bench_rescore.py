"""Scores of every inspection from its answers again, from and to SQLite, and a whole rebuild.

Re-scoring reads the answers, encodes them, scores them by matrix and writes the score columns, in
one transaction for each block; before the clock starts the stored scores are taken away. A rebuild
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
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Engine, bindparam, select, update
from sqlalchemy.orm import Session

from core.scoring import parse_answers, score
from core.scoring.layout import Layout, layout_of
from core.scoring.matrix import MatrixScores, score_matrix
from db.checklists import checklist_of
from db.models import Inspection, table_of
from db.rebuild import rebuild
from db.session import make_engine, reading, transaction
from tests.bench import data
from tests.bench.report import Table

BAR = 60
BLOCK = 20_000
CHECKED = 300
_COLUMNS = ("score", "score_before_critical", "key_moment_score", "band", "passed", "critical")


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
    cost = _timed(lambda: _rescore(engine))
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


def _rescore(engine: Engine) -> int:
    layouts: dict[int, Layout] = {}
    last = done = 0
    while True:
        with transaction(engine) as session:
            found = session.execute(
                select(Inspection.id, Inspection.checklist_version_id, Inspection.answers)
                .where(Inspection.id > last)
                .order_by(Inspection.id)
                .limit(BLOCK)
            ).all()
            if not found:
                return done
            by_version: dict[int, list[Any]] = {}
            for row in found:
                by_version.setdefault(row.checklist_version_id, []).append(row)
            for version_id, rows in by_version.items():
                if version_id not in layouts:
                    layouts[version_id] = layout_of(checklist_of(session, version_id))
                _store(session, layouts[version_id], rows)
        last, done = found[-1].id, done + len(found)


def _store(session: Session, layout: Layout, rows: list[Any]) -> None:
    scores = score_matrix(layout, layout.matrix(row.answers for row in rows))
    columns = _columns(layout, scores)
    table = table_of(Inspection)
    statement = update(table).where(table.c.id == bindparam("row"))
    statement = statement.values({name: bindparam(f"new_{name}") for name in _COLUMNS})
    names = ("row", *(f"new_{name}" for name in _COLUMNS))
    values = zip([row.id for row in rows], *columns, strict=True)
    session.execute(statement, [dict(zip(names, each, strict=True)) for each in values])


def _columns(layout: Layout, scores: MatrixScores) -> list[list[Any]]:
    """The columns of the table as lists, None where a score is unknown."""
    bands = [None, *(band.key for band in layout.checklist.bands)]
    known = [
        np.where(np.isnan(column), None, column).tolist()
        for column in (scores.score, scores.score_before_critical, scores.key_moment_score)
    ]
    passed = np.where(np.isnan(scores.score), None, scores.passed).tolist()
    return [*known, [bands[place + 1] for place in scores.band], passed, scores.critical.tolist()]


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1e-9
