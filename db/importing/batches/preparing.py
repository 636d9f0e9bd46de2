"""Texts of an import made ready before its transactions, on every core there is."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from functools import partial
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from core.encounters.prepared_texts import ClearTexts, Prepared, each_prepared, serve_parent
from db.importing.batches.read_batch import Batch
from db.importing.kinds import ReadableRow, TextKind
from db.importing.personal_data import clear_texts

_AHEAD = 3
"""Batches whose texts are made ready while one is written."""
_WORTH_PROCESSES = 400_000
"""Characters after which other processes are started; each takes half a second to begin."""

_Wait = Callable[[], list[Prepared]]


class Preparing(AbstractContextManager["Preparing"]):
    """Prepares texts; with more than one core in processes of its own, as they are many."""

    def __init__(self, processes: int | None = None, worth: int = _WORTH_PROCESSES) -> None:
        self._processes = cores() if processes is None else processes
        self._left = worth
        self._pool: ProcessPoolExecutor | None = None

    def begin(self, texts: Sequence[ClearTexts]) -> _Wait:
        """Start with some; what is given back waits for them.

        Where processes cannot be started, or die, this one does it.
        """
        here = partial(each_prepared, texts)
        self._left -= sum(len(turn) for each in texts for turn in each.turns)
        if self._processes < 2 or self._left > 0 or not texts:
            return here
        size = -(-len(texts) // self._processes)
        try:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    self._processes,
                    mp_context=get_context("spawn"),  # a fork would copy locks that threads hold
                    initializer=serve_parent,
                )
            parts = [
                self._pool.submit(each_prepared, texts[start : start + size])
                for start in range(0, len(texts), size)
            ]
        except (BrokenProcessPool, OSError):
            self._processes = 1
            return here
        return partial(_all_of, parts, here)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def made_ready(
    preparing: Preparing,
    kind: TextKind,
    batches: Iterable[tuple[Batch, list[ReadableRow]]],
) -> Iterator[Batch]:
    """The batches, each once the texts of its rows are ready to be stored.

    Those of the next batches are made ready while one is written, where there are more cores. What
    is made ready comes from the file alone, so nothing that happens meanwhile makes it wrong.

    Args:
        preparing: does it.
        kind: takes what is ready.
        batches: as they were read, and of each the rows whose texts are needed.
    """
    waiting: deque[tuple[Batch, list[ReadableRow], _Wait]] = deque()

    def first() -> Batch:
        batch, rows, wait = waiting.popleft()
        for item, ready in zip(rows, wait(), strict=True):
            kind.take_ready(item, ready)
        return batch

    for batch, rows in batches:
        waiting.append((batch, rows, preparing.begin(list(map(clear_texts, rows)))))
        if len(waiting) > _AHEAD:
            yield first()
    while waiting:
        yield first()


def _all_of(parts: Iterable[Future[list[Prepared]]], here: _Wait) -> list[Prepared]:
    try:
        return [each for part in parts for each in part.result()]
    except BrokenProcessPool:
        return here()
