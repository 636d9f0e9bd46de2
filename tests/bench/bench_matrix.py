"""How long a million inspections of 40 items take to score, beside a few numpy sums.

python -m tests.bench.bench_matrix                    1,000,000 rows
python -m tests.bench.bench_matrix --rows 100000      a quick look

Plain numpy is given what it likes best, two ready matrices of 64-bit floats (marks from 0 to 1,
and 1 or 0 for whether the item applies), and does no more than sum marks x weight and
applies x weight by row and divide. The scorer starts from answer codes and also redistributes
within sections, caps, zeroes sections and forms, and finds bands and key-moment scores.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from core.checklist import Checklist, parse_checklist
from core.scoring import Answer, score
from core.scoring.layout import Codes, Layout, layout_of
from core.scoring.matrix import score_matrix

BAR = 5.0
REPEATS = 5
SAMPLE = 500
EFFECTS: dict[int, Any] = {0: "form_zero", 1: "section_zero", 2: {"cap": 60}, 3: "flag"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="inspections")
    rows = parser.parse_args().rows
    layout = layout_of(_checklist())
    matrix = _drawn(layout, rows)
    marks, applies = _ready(layout, matrix)
    weights = np.random.default_rng(2).random(layout.width)
    timed = _interleaved(
        {
            "scorer": lambda: score_matrix(layout, matrix),
            "plain numpy sums": lambda: (marks * weights).sum(1) / (applies * weights).sum(1),
            "numpy matrix product": lambda: (marks @ weights) / (applies @ weights),
        }
    )
    plain = timed["plain numpy sums"]
    print(
        f"\n{rows:,} inspections x {layout.width} items, medians of {REPEATS}; bar: {BAR:g} x plain"
    )
    print("| what | seconds | times plain numpy |")
    print("|---|---|---|")
    for name, seconds in timed.items():
        print(f"| {name} | {seconds:.3f} | {seconds / plain:.2f} |")
    print(
        f"Largest difference from one by one over {SAMPLE} rows: {_difference(layout, matrix):.1e}"
    )


def _checklist() -> Checklist:
    """Five sections of eight items: yes/no and levels, a fifth of them with effects."""
    sections = [
        {
            "key": f"s{place}",
            "weight": 20,
            "items": [_item(8 * place + position, position) for position in range(8)],
        }
        for place in range(5)
    ]
    bands = [{"key": "good", "from": 85}, {"key": "fair", "from": 60}, {"key": "poor", "from": 0}]
    return parse_checklist({"key": "bench", "bands": bands, "sections": sections})


def _item(number: int, position: int) -> dict[str, Any]:
    item: dict[str, Any] = {"key": f"i{number}", "weight": 1 + position % 3}
    if position % 2:
        return item | {"kind": "graded", "key_moment": position == 1}
    return item | ({"effects": {"no": EFFECTS[number // 8 % 4]}} if position < 4 else {})


def _drawn(layout: Layout, rows: int) -> Codes:
    """Answer codes: a tenth N/A, mostly good answers, one bad in fifty."""
    rng = np.random.default_rng(1)
    columns = []
    for cell in layout.cells:
        bad = 0.02 / (len(cell.item.options) - 1)
        chances = [0.1, 0.0, 0.88, *[bad] * (len(cell.item.options) - 1)]
        columns.append(rng.choice(len(chances), size=rows, p=chances).astype(np.uint8))
    return np.stack(columns, axis=1)


def _ready(layout: Layout, matrix: Codes) -> tuple[np.ndarray, np.ndarray]:
    marks = np.zeros(matrix.shape)
    for cell in layout.cells:
        best = max(option.points for option in cell.item.options)
        table = np.array([0, 0, *(option.points / best for option in cell.item.options)])
        marks[:, cell.start] = table[matrix[:, cell.start]]
    return marks, (matrix > 0).astype(np.float64)


def _interleaved(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of each, taken in turns so that a busy machine slows all alike."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(REPEATS):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def _difference(layout: Layout, matrix: Codes) -> float:
    chosen = matrix[np.random.default_rng(3).integers(0, len(matrix), SAMPLE)]
    found = score_matrix(layout, chosen)
    meanings = {cell.key: cell.answers() for cell in layout.cells}
    largest = 0.0
    for row, scored in zip(chosen, found.score, strict=True):
        answers: dict[str, Answer] = {}
        for cell in layout.cells:
            answer = meanings[cell.key][row[cell.start]]
            if answer is not None:
                answers[cell.key] = answer
        single = score(layout.checklist, answers).score
        assert (single is None) == bool(np.isnan(scored))
        largest = max(largest, 0.0 if single is None else abs(single - scored))
    return largest


if __name__ == "__main__":
    main()
