"""Tables of measurements: printed as they come, and kept in docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter, process_time

from tests.support.requirements import ROOT

DOCUMENT = ROOT / "docs/performance.md"
_GIB = 1024**3


@dataclass(frozen=True)
class Table:
    """A heading, what is compared, rows below a header, and what has to be known to read them."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def text(self) -> str:
        lines = [self.header, ["---"] * len(self.header), *self.rows]
        drawn = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return "\n\n".join([f"**{self.title}**", drawn, *self.notes])


class Times:
    """Milliseconds of what is done over and over, by the clock and of this process's own work."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.worked: list[float] = []

    @contextmanager
    def measured(self) -> Iterator[None]:
        start, working = perf_counter(), process_time()
        yield
        self.taken.append((perf_counter() - start) * 1000)
        self.worked.append((process_time() - working) * 1000)

    @property
    def median(self) -> float:
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        return sorted(self.taken)[int(0.95 * (len(self.taken) - 1))]


def ms(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def ratio(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def machine() -> str:
    """When and on what it was measured, and how busy that was besides."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GIB
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}, load average {os.getloadavg()[0]:.1f} at the end"
    )


def keep(section: str, parts: Iterable[str]) -> None:
    """Put a section's tables between its markers in the document."""
    begin, end = f"<!-- bench: {section} -->", f"<!-- end: {section} -->"
    whole = DOCUMENT.read_text(encoding="utf-8")
    inside = "\n\n".join([begin, f"Measured {machine()}.", *parts, end])
    changed, found = re.subn(
        f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: inside, whole, flags=re.DOTALL
    )
    assert found == 1, f"{DOCUMENT.name} has no place for {section}"
    DOCUMENT.write_text(changed, encoding="utf-8")
