"""Writing to the terminal: results to standard output, everything else to standard error."""

from __future__ import annotations

import sys
import time


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")


class ProgressLine:
    """One line that is written over and over, on a terminal only."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._started = time.monotonic()

    def show(self, share: float, rows: int) -> None:
        if self._shown:
            seconds = max(0.001, time.monotonic() - self._started)
            sys.stderr.write(
                f"\r{share:4.0%}  {rows:,} rows, {rows / seconds:,.0f} a second \x1b[K"
            )
            sys.stderr.flush()

    def end(self) -> None:
        if self._shown:
            sys.stderr.write("\n")
