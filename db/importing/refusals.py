"""The file of refused rows: where each stands and why, nothing of what stood in it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from db.tabular.tables import Refusal

_SHOWN = 20
Translate = Callable[[str], str]
Write = Callable[[list[str | int]], object]


class Refusals:
    """Counts refused rows, keeps the first ones to show and writes all of them to a file."""

    def __init__(self, write: Write | None, translate: Translate) -> None:
        self._write, self._translate = write, translate
        self.count = 0
        self.first: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(refusal)
        if self._write:
            reason = replace(refusal, sentence=self._translate(refusal.sentence))
            self._write([refusal.line, refusal.column, str(reason)])


@contextmanager
def refusals(path: Path | None, translate: Translate = str) -> Iterator[Refusals]:
    """Refusals that also go into a CSV file with line, column and reason, if a path is given."""
    with ExitStack() as stack:
        write = None
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            write = csv.writer(file).writerow
            write(["line", "column", "reason"])
        yield Refusals(write, translate)
