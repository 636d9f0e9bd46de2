"""What every command is made of: how it is declared, and how it writes to the terminal."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


def _no_arguments(_parser: ArgumentParser) -> None:
    """For commands that take none."""


@dataclass(frozen=True)
class Command:
    """One command: `run` gives the exit status; its docstring begins with the line of help."""

    run: Callable[[Namespace], int]
    add_arguments: Callable[[ArgumentParser], None] = _no_arguments

    @property
    def summary(self) -> str:
        return (self.run.__doc__ or "").splitlines()[0]


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
