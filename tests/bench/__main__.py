"""Measure the portal against the numbers it holds itself to.

    python -m tests.bench                            every section, 10 thousand to a million
    python -m tests.bench pages clicks --sizes 1000  some sections, another size
    python -m tests.bench --write                    also refresh docs/performance.md

Sizes are numbers of inspections; databases are made in a temporary folder, or once for all in the
folder that BENCH_DIR names.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.bench import report

SECTIONS = tuple(
    sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
)
ASKED = {"ranking": ("--part", "speed")}
SIZES = (10_000, 100_000, 1_000_000)


def main() -> None:
    chosen = _arguments()
    for name in chosen.sections or SECTIONS:
        print(f"\n## {name}\n", flush=True)
        parts = []
        for text in _texts(name, tuple(chosen.sizes)):
            print(text, end="\n\n", flush=True)
            parts.append(text)
        print(f"Measured {report.machine()}.", flush=True)
        if chosen.write:
            report.keep(name, parts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="N")
    parser.add_argument("--write", action="store_true", help="refresh docs/performance.md")
    chosen = parser.parse_args()
    if unknown := set(chosen.sections) - set(SECTIONS):
        parser.error(f"unknown section: {', '.join(sorted(unknown))}")
    return chosen


def _texts(name: str, sizes: tuple[int, ...]) -> Iterator[str]:
    """A section's tables as they are measured; some sections are programs that print theirs."""
    run = getattr(import_module(f"tests.bench.bench_{name}"), "run", None)
    if run is None:
        yield _printed_by(name)
        return
    for table in run(sizes):
        yield table.text()


def _printed_by(name: str) -> str:
    command = [sys.executable, "-m", f"tests.bench.bench_{name}", *ASKED.get(name, ())]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
