"""How honest the effect of training is, over courses whose true effect is known.

python -m tests.bench.bench_effect               4,000 runs of each kind
python -m tests.bench.bench_effect --runs 200    a quick look
"""

from __future__ import annotations

import argparse

import numpy as np

from tests.support.training.effect_simulation import Design, course

TRUE_EFFECT = 4.0
DESIGNS: tuple[Design, ...] = ("matched", "reliability")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=4000, help="courses of each kind")
    runs = parser.parse_args().runs
    print(f"\nEffect of training, {runs} courses each; bars: coverage .88-.92 with no effect,")
    print(f"mean error within 5 % ({0.05 * TRUE_EFFECT:.2f} points) with one")
    print(
        "| method | used in | baseline | true effect | naive rise | naive claims an effect "
        "| mean effect | coverage | established |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for design in DESIGNS:
        for baseline in (False, True):
            for effect in (0.0, TRUE_EFFECT):
                _row(design, effect, runs, baseline=baseline)


def _row(design: Design, effect: float, runs: int, *, baseline: bool) -> None:
    found = [course(design, effect, baseline=baseline, seed=seed) for seed in range(runs)]
    effects = np.array([run.estimate.effect for run in found])
    print(
        f"| {design} | {np.mean([run.estimate.method == design for run in found]):.1%} "
        f"| {'yes' if baseline else 'no'} | {effect:.0f} "
        f"| {np.mean([run.naive_rise for run in found]):+.2f} "
        f"| {np.mean([run.naive_claims for run in found]):.1%} "
        f"| {effects.mean():+.3f} +- {effects.std() / np.sqrt(runs):.3f} "
        f"| {np.mean([run.covers(effect) for run in found]):.3f} "
        f"| {np.mean([run.estimate.established for run in found]):.1%} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
