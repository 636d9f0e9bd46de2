"""Stored scores computed again from the answers, many at once.

The vectorised scorer goes block by block. Each block is one transaction that also notes how far it
came, so that the next run goes on where an interrupted one stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from math import isnan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Row, Text, bindparam, cast, delete, func, select, update
from sqlalchemy.orm import Session

from core.scoring.layout import Layout, layout_of
from core.scoring.ledger import TOLERANCE
from core.scoring.matrix import MatrixScores, score_matrix
from db.checklists.parsed_versions import checklist_of
from db.inspection.models import Inspection
from db.store.base import table_of
from db.store.models import Meta
from db.store.session import reading, transaction

_BLOCK = 5_000  # short enough that submissions hardly wait for it
_MARK = "rescored_to"
_SCORES = ("score", "score_before_critical", "key_moment_score")
_COLUMNS = (*_SCORES, "band", "passed", "critical")
Progress = Callable[[int, int], None]


class RescoringCounts(NamedTuple):
    """How many inspections were scored again, and how many scores came out differently.

    `after` is the inspection that an interrupted run had reached; 0 where none was interrupted.
    """

    read: int
    changed: int
    after: int


def rescore(engine: Engine, progress: Progress) -> RescoringCounts:
    """Score every inspection again and store what differs by more than 1e-9 from what is stored.

    Findings and rollups are left as they are: after a change they want a rebuild.
    """
    with reading(engine) as session:
        after = _mark(session)
        total = session.scalar(select(func.count()).where(Inspection.id > after)) or 0
    read = changed = 0
    layouts: dict[int, Layout] = {}
    while True:
        with transaction(engine) as session:
            last = _mark(session)
            rows = session.execute(_block(last)).all()
            if not rows:
                session.execute(delete(Meta).where(Meta.key == _MARK))
                return RescoringCounts(read=read, changed=changed, after=after)
            changed += sum(
                _store(session, new_values) for new_values in _rescored(session, layouts, rows)
            )
            _set_mark(session, last, rows[-1].id)
        read += len(rows)
        progress(read, total)


def _mark(session: Session) -> int:
    """The last inspection that an interrupted run scored; 0 where none was interrupted."""
    return int(session.scalar(select(Meta.value).where(Meta.key == _MARK)) or 0)


def _set_mark(session: Session, before: int, last: int) -> None:
    if before:
        session.execute(update(Meta).where(Meta.key == _MARK).values(value=str(last)))
    else:
        session.add(Meta(key=_MARK, value=str(last)))


def _block(last: int) -> Any:  # noqa: ANN401  a Select of several columns
    columns = (getattr(Inspection, name) for name in _COLUMNS)
    answers = cast(Inspection.answers, Text).label("answers")
    return (
        select(Inspection.id, Inspection.checklist_version_id, answers, *columns)
        .where(Inspection.id > last)
        .order_by(Inspection.id)
        .limit(_BLOCK)
    )


def _rescored(
    session: Session, layouts: dict[int, Layout], rows: Sequence[Row[Any]]
) -> Iterator[list[dict[str, Any]]]:
    """By checklist version, the new values of the rows whose scores differ."""

    def version_of(row: Row[Any]) -> int:
        return int(row.checklist_version_id)

    for version_id, group in groupby(sorted(rows, key=version_of), version_of):
        if version_id not in layouts:
            layouts[version_id] = layout_of(checklist_of(session, version_id))
        same = list(group)
        layout = layouts[version_id]
        scores = score_matrix(layout, layout.matrix(json.loads(row.answers) for row in same))
        yield _differing(same, _values(layout, scores))


def _values(layout: Layout, scores: MatrixScores) -> dict[str, NDArray[Any]]:
    """The columns of the table; a score that is unknown is NaN, what follows from it None."""
    bands = np.array([*(band.key for band in layout.checklist.bands), None], dtype=object)
    passed = scores.passed.astype(object)
    passed[np.isnan(scores.score) | (layout.checklist.pass_mark is None)] = None
    return {
        **{name: getattr(scores, name) for name in _SCORES},
        "band": bands[scores.band],
        "passed": passed,
        "critical": scores.critical.astype(object),
    }


def _differing(rows: Sequence[Row[Any]], values: dict[str, NDArray[Any]]) -> list[dict[str, Any]]:
    differs = np.zeros(len(rows), dtype=bool)
    for name, new in values.items():
        former = np.array([getattr(row, name) for row in rows], dtype=new.dtype)
        if name in _SCORES:
            equal = np.isclose(former, new, rtol=0, atol=TOLERANCE, equal_nan=True)
            differs |= ~equal
        else:
            differs |= former != new
    indices = np.flatnonzero(differs)
    new_values = {name: _plain(new[indices]) for name, new in values.items()}
    return [
        {"row": rows[index].id, **{f"new_{name}": new_values[name][n] for name in _COLUMNS}}
        for n, index in enumerate(indices.tolist())
    ]


def _plain(values: NDArray[Any]) -> list[Any]:
    """As the database takes them: None for NaN."""
    plain: list[Any] = values.tolist()
    return [None if isinstance(value, float) and isnan(value) else value for value in plain]


def _store(session: Session, changed: list[dict[str, Any]]) -> int:
    if changed:
        table = table_of(Inspection)
        new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _COLUMNS}
        session.execute(update(table).where(table.c.id == bindparam("row")).values(new), changed)
    return len(changed)
