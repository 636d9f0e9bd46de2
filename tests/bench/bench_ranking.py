"""How good, how honest and how fast the station ranking is.

    python -m tests.bench.bench_ranking                  quick look, 5 runs per design
    python -m tests.bench.bench_ranking --runs 300       the measured tables

Every part runs in a process of its own with one BLAS thread. The numbers beside "reference" are
those of the prototype this ranking was specified by.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np

from core.ranking import ScoreCells, Traffic, rank_stations
from core.ranking.design import encode
from core.ranking.model import fit_random
from tests.support.importing import stc3
from tests.support.ranking import oversampling_simulation as oversampling
from tests.support.ranking import ranking_simulation as simulation
from tests.support.requirements import REAL_DATA

ASSIGNMENTS = ("random", "local", "masked", "amplified")
MEAN_SIZES = (120, 30)
REFERENCE = {
    ("random", 120): 0.880,
    ("local", 120): 0.849,
    ("masked", 120): 0.790,
    ("amplified", 120): 0.867,
    ("random", 30): 0.714,
    ("local", 30): 0.674,
    ("masked", 30): 0.487,
    ("amplified", 30): 0.739,
}
SECONDS = {1_000_000: 1.0, 5_000_000: 3.0}
MEGABYTES = 500
STC3_DRAWS = 40  # per run asked for, so that the default of 5 gives 200


def main() -> None:
    arguments = _arguments()
    if arguments.part:
        PARTS[arguments.part](arguments)
        return
    for part in ("speed", "simulation", "oversampling", "stc3"):
        _in_process(part, "--runs", str(arguments.runs))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="simulated periods per design")
    parser.add_argument("--part", choices=PARTS, help="run one part in this process")
    parser.add_argument("--cells", type=Path, help="file that part make writes, part rank reads")
    parser.add_argument("--inspections", type=int, default=1_000_000)
    parser.add_argument("--assignment", choices=ASSIGNMENTS, default="random")
    return parser.parse_args()


def _in_process(part: str, *rest: str) -> None:
    command = [sys.executable, "-m", "tests.bench.bench_ranking", "--part", part, *rest]
    subprocess.run(command, check=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})


def speed(_: argparse.Namespace) -> None:
    """Each size and design in a fresh process, so that the peak memory is the ranking's own."""
    print("\nFrom score cells to ranking with intervals")
    print("| inspections | design | cells | fit s | all s | bar s | peak MB | bar MB |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for inspections in SECONDS:
            for assignment in ("random", "local", "masked"):
                what = ["--inspections", str(inspections), "--assignment", assignment]
                what += ["--cells", str(Path(folder) / "cells.npz")]
                _in_process("make", *what)
                _in_process("rank", *what)


def make(arguments: argparse.Namespace) -> None:
    rng = np.random.default_rng(arguments.inspections)
    mean = arguments.inspections / simulation.STATIONS
    network = simulation.simulate(arguments.assignment, mean, rng)
    columns = {field.name: getattr(network.cells, field.name) for field in fields(ScoreCells)}
    served = {f"t_{f.name}": getattr(network.traffic, f.name) for f in fields(Traffic)}
    np.savez(arguments.cells, **columns, **served)


def rank(arguments: argparse.Namespace) -> None:
    with np.load(arguments.cells) as stored:
        cells = ScoreCells(*(stored[field.name] for field in fields(ScoreCells)))
        traffic = Traffic(*(stored[f"t_{field.name}"] for field in fields(Traffic)))
    fit = min(_seconds(lambda: fit_random(encode(cells))) for _ in range(3))
    whole = min(_seconds(lambda: rank_stations(cells, traffic)) for _ in range(3))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {cells.n.sum():,.0f} | {arguments.assignment} | {len(cells.n):,} | {fit:.2f} "
        f"| {whole:.2f} | {SECONDS[arguments.inspections]:.0f} | {peak:.0f} | {MEGABYTES} |",
        flush=True,
    )


def _seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def simulate(arguments: argparse.Namespace) -> None:
    print(f"\nSimulated networks, {arguments.runs} runs per design (Spearman +- its error)")
    print("| design, mean n | method | Spearman | Kendall | top | bottom | coverage | width |")
    print("|---|---|---|---|---|---|---|---|")
    for mean in MEAN_SIZES:
        for assignment in ASSIGNMENTS:
            _design(assignment, mean, arguments.runs)


def _design(assignment: str, mean: int, runs: int) -> None:
    rows: dict[str, list[tuple[float, ...]]] = {}
    flagged = 0
    for run in range(runs):
        rng = np.random.default_rng([mean, ASSIGNMENTS.index(assignment), run])
        network = simulation.simulate(assignment, mean, rng)
        adjusted = simulation.adjusted(network, run)
        flagged += adjusted.follows_quality
        methods = {
            "raw": simulation.raw(network, run),
            "shrunken": simulation.shrunken(network, run),
            "adjusted": adjusted.places,
            "inspectors fixed": simulation.fixed(network, run),
        }
        for name, places in methods.items():
            quality = simulation.judge(places, network.quality)
            rows.setdefault(name, []).append(astuple(quality))
    for name, values in rows.items():
        means = np.mean(values, axis=0)
        error = np.std([value[0] for value in values]) / np.sqrt(runs)
        figures = " | ".join(f"{figure:.3f}" for figure in means[1:5])
        print(
            f"| {assignment}, {mean} | {name} | {means[0]:.3f} +- {error:.3f} | {figures} "
            f"| {means[5]:.1f} |"
        )
    print(
        f"| {assignment}, {mean} | reference for adjusted | {REFERENCE[assignment, mean]:.3f} "
        f"| | | | | assignment flagged in {flagged / runs:.0%} |",
        flush=True,
    )


def oversample(arguments: argparse.Namespace) -> None:
    print(f"\nComplaints picked 1 to 10 times as often, {arguments.runs} runs")
    print("| method | bias where picked 10 times as often | RMSE | Spearman |")
    print("|---|---|---|---|")
    found: dict[str, list[tuple[float, ...]]] = {}
    for run in range(arguments.runs):
        sampled = oversampling.simulate(np.random.default_rng([9, run]))
        for name, error in oversampling.errors(sampled, run).items():
            found.setdefault(name, []).append(astuple(error))
    for name, values in found.items():
        bias, rmse, spearman = np.mean(values, axis=0)
        print(f"| {name} | {bias:+.3f} | {rmse:.3f} | {spearman:.3f} |", flush=True)


def reality(arguments: argparse.Namespace) -> None:
    draws = arguments.runs * STC3_DRAWS
    folder = REAL_DATA / "stc3"
    if not folder.exists():
        print("\nMISSING: the STC-3 ratings, so the experiment on them was not run")
        return
    print(f"\nSTC-3, score S, {draws} draws of raters")
    print(
        "| raters | position 11 | accounts ranked | Spearman raw | adjusted | RMSE raw | adjusted "
        "| 90 % interval covers: raw | adjusted | rank |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for with_bad_position in (True, False):
        dialogues = stc3.read(folder, with_bad_position=with_bad_position)
        for raters in ("any", "three"):
            found = [astuple(stc3.experiment(dialogues, raters, draw)) for draw in range(draws)]
            means = np.mean(found, axis=0)
            figures = " | ".join(f"{figure:.3f}" for figure in means[1:])
            kept = "with" if with_bad_position else "without"
            print(f"| {raters} | {kept} | {means[0]:.2f} | {figures} |", flush=True)


PARTS = {
    "speed": speed,
    "make": make,
    "rank": rank,
    "simulation": simulate,
    "oversampling": oversample,
    "stc3": reality,
}


if __name__ == "__main__":
    main()
