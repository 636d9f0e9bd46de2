"""The rows that an import refuses: counted, the first ones to show, all of them in a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from db.tabular.tables import Refusal

_SHOWN = 20
Translate = Callable[[str], str]


class Refusals:
    """Counts refused rows, keeps the first ones to show and writes all of them to a file."""

    def __init__(self, file: TextIO | None, translate: Translate) -> None:
        self._file, self._translate = file, translate
        self._mark = (0, 0)
        self.count = 0
        self.first: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(refusal)
        if self._file:
            reason = replace(refusal, sentence=self._translate(refusal.sentence))
            csv.writer(self._file).writerow([refusal.line, refusal.column, str(reason)])

    def mark(self) -> None:
        """What is refused up to here stands for every pass over the file."""
        self._mark = (self.count, self._file.tell() if self._file else 0)

    def rewind(self) -> None:
        """Forget what was refused since the mark, before the file is read again."""
        self.count, position = self._mark
        del self.first[self.count :]
        if self._file:
            self._file.seek(position)
            self._file.truncate()


@contextmanager
def refusals(path: Path | None, translate: Translate = str) -> Iterator[Refusals]:
    """Refusals that also go into a CSV file with line, column and reason, if a path is given."""
    with ExitStack() as stack:
        file = None
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            csv.writer(file).writerow(["line", "column", "reason"])
        yield Refusals(file, translate)
