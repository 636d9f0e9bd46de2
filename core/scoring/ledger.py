"""The ledger: every step from answers to score, with numbers in and out.

The score is computed by making these steps, so the ledger cannot tell another story than the
score. The kinds, each with the one formula a reader needs:

    weight             share x of / total: an item's or section's share, before N/A
    redistribute       weight x of / applicable: the same after N/A items gave theirs away
    contribution       weight x points / possible: what an item adds, in percent points
    capped             points of a multiple choice, at most `cap`
    earned             points x multiplier (points mode)
    possible           best x multiplier (points mode)
    sum                of what the parts add
    total              of what the parts weigh
    baseline           value + baseline x scale
    baseline_possible  weight + baseline (points mode)
    minimum            at least minimum x scale
    percent            value / weight x 100
    limit              kept between low and high
    section_zero       the section adds nothing
    cap                a critical effect leaves at most `cap`
    form_zero          a critical effect leaves nothing
    floor              1 where a section below its floor keeps the band down, else 0: at least
                       three items and half of its weight applied, or an answer zeroed it
    round              half up, for display only; the score keeps full precision
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Inputs = Mapping[str, float]
TOLERANCE = 1e-9  # marks, bands and floors count as reached this close to them
FEWEST_ITEMS, LEAST_SHARE = 3, 0.5  # of a section, for its floor to speak


@dataclass(frozen=True, slots=True)
class LedgerStep:
    """One calculation: its kind, the item, section or form it is about, numbers in and out."""

    kind: str
    subject: str
    inputs: Inputs
    output: float


def rounded(value: float, decimals: int) -> float:
    """Rounded half up, away from zero on a tie, as people round on paper.

    A tie that binary numbers cannot hold is still a tie: values within 1e-9 of it count as it.
    """
    exact = Decimal(repr(round(value, 9)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _sum(inputs: Inputs) -> float:
    return math.fsum(inputs.values())


def _floor_speaks(inputs: Inputs) -> float:
    is_broad = inputs["items"] >= FEWEST_ITEMS and inputs["applied"] >= LEAST_SHARE - TOLERANCE
    is_below = inputs["score"] < inputs["below"] - TOLERANCE
    return float(is_below and (is_broad or bool(inputs["zeroed"])))


FORMULAS: dict[str, Callable[[Inputs], float]] = {
    "weight": lambda i: i["share"] * i["of"] / i["total"],
    "redistribute": lambda i: i["weight"] * i["of"] / i["applicable"],
    "contribution": lambda i: i["weight"] * i["points"] / i["possible"],
    "capped": lambda i: min(i["points"], i["cap"]),
    "earned": lambda i: i["points"] * i["multiplier"],
    "possible": lambda i: i["best"] * i["multiplier"],
    "sum": _sum,
    "total": _sum,
    "baseline": lambda i: i["value"] + i["baseline"] * i["scale"],
    "baseline_possible": lambda i: i["weight"] + i["baseline"],
    "minimum": lambda i: max(i["value"], i["minimum"] * i["scale"]),
    "percent": lambda i: i["value"] * 100 / i["weight"],
    "limit": lambda i: min(max(i["score"], i["low"]), i["high"]),
    "section_zero": lambda i: min(i["value"], 0.0),
    "cap": lambda i: min(i["score"], i["cap"]),
    "form_zero": lambda _: 0.0,
    "floor": _floor_speaks,
    "round": lambda i: rounded(i["score"], int(i["decimals"])),
}
# What a later step finds under its input of this name, for the same subject.
GIVES = {
    "weight": "weight",
    "redistribute": "weight",
    "possible": "weight",
    "total": "weight",
    "baseline_possible": "weight",
    "contribution": "value",
    "earned": "value",
    "sum": "value",
    "baseline": "value",
    "minimum": "value",
    "section_zero": "value",
    "capped": "points",
    "percent": "score",
    "limit": "score",
    "cap": "score",
    "form_zero": "score",
}
PARTS = {"sum": "value", "total": "weight"}  # inputs are the parts' own results


def step(kind: str, subject: str, /, **inputs: float) -> LedgerStep:
    """One calculation, done by the formula of its kind."""
    return LedgerStep(kind=kind, subject=subject, inputs=inputs, output=FORMULAS[kind](inputs))


def replay(ledger: Iterable[LedgerStep]) -> float | None:
    """The score that follows from the first numbers of a ledger alone; None when it has none.

    Every number that an earlier step gives is taken from that step as recomputed here, not from
    what is written, so that a ledger that does not hang together gives another score.
    """
    results: dict[tuple[str, str], float] = {}
    for written in ledger:
        output = FORMULAS[written.kind](_chained(written, results))
        if written.kind in GIVES:
            results[written.subject, GIVES[written.kind]] = output
    return results.get(("form", "score"))


def _chained(written: LedgerStep, results: Mapping[tuple[str, str], float]) -> dict[str, float]:
    inputs, subject = written.inputs, written.subject
    if input_kind := PARTS.get(written.kind):
        return {key: results.get((key, input_kind), value) for key, value in inputs.items()}
    return {name: results.get((subject, name), value) for name, value in inputs.items()}
