"""The STC-3 experiment: few raters per account against the mean of all nineteen.

Dialogues from index 2,590 on (raters are steady there), accounts with at least 20 of them, score S.
One rater is kept per dialogue; the truth of an account is the mean over all raters and dialogues.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from scipy import stats

from core.ranking import rank_stations
from tests.support.ranking.ranking_simulation import cells_of

FIRST, ENOUGH, SCORE, BAD_POSITION = 2590, 20, "S", 10
LEVEL = 0.90

Raters = Literal["any", "three"]


@dataclass(frozen=True, eq=False)
class Dialogues:
    """Account code per dialogue and dialogues x raters scores."""

    account: np.ndarray
    scores: np.ndarray

    def truth(self) -> np.ndarray:
        return np.array([self.scores[self.account == a].mean() for a in np.unique(self.account)])


def read(folder: Path, *, with_bad_position: bool) -> Dialogues:
    with (folder / "ratings.csv").open(encoding="utf-8") as file:
        ratings = {
            row["dialogue_id"]: [int(value) for key, value in row.items() if key.startswith("r")]
            for row in csv.DictReader(file)
            if row["dimension"] == SCORE
        }
    with (folder / "dialogue_account.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[FIRST:]
    rows = [row for row in rows if row["first_mentioned_account"]]
    accounts = np.array([row["first_mentioned_account"] for row in rows])
    names, codes, counts = np.unique(accounts, return_inverse=True, return_counts=True)
    kept = counts[codes] >= ENOUGH
    scores = np.array([ratings[row["dialogue_id"]] for row in rows], dtype=float)[kept]
    if not with_bad_position:
        scores = np.delete(scores, BAD_POSITION, axis=1)
    return Dialogues(np.unique(names[codes][kept], return_inverse=True)[1], scores)


@dataclass(frozen=True)
class Nearness:
    """Raw and adjusted against the truth, over the accounts that were ranked."""

    ranked: int
    raw_spearman: float
    adjusted_spearman: float
    raw_rmse: float
    adjusted_rmse: float
    raw_coverage: float
    adjusted_coverage: float
    rank_coverage: float


def experiment(dialogues: Dialogues, raters: Raters, seed: int) -> Nearness:
    """One draw of raters, scored through the ranking as the portal would."""
    rng = np.random.default_rng(seed)
    rater = _raters(dialogues, raters, rng)
    score = dialogues.scores[np.arange(len(rater)), rater]
    nobody = np.zeros_like(rater)
    cells = cells_of(dialogues.account, nobody, rater, nobody, score)
    ranking = rank_stations(cells, minimum=1, level=LEVEL, seed=seed)
    rows = sorted(ranking.ranked, key=lambda row: row.station)
    kept = np.array([row.station for row in rows])
    truth = dialogues.truth()[kept]
    order = (-truth).argsort().argsort() + 1
    values = [row.adjusted.value for row in rows]
    plain = np.array([row.plain for row in rows])
    half = stats.norm.ppf((1 + LEVEL) / 2) * _standard_errors(dialogues.account, score)[kept]
    intervals = np.array([row.adjusted.interval for row in rows])
    ranks = np.array([row.adjusted.position.rank_interval for row in rows])
    expected = [-row.adjusted.position.expected_rank for row in rows]
    return Nearness(
        ranked=len(rows),
        raw_spearman=float(stats.spearmanr(plain, truth).statistic),
        adjusted_spearman=float(stats.spearmanr(expected, truth).statistic),
        raw_rmse=float(np.sqrt(np.mean((plain - truth) ** 2))),
        adjusted_rmse=float(np.sqrt(np.mean((np.array(values) - truth) ** 2))),
        raw_coverage=float((np.abs(plain - truth) <= half).mean()),
        adjusted_coverage=_covered(intervals, truth),
        rank_coverage=_covered(ranks, order),
    )


def _raters(dialogues: Dialogues, raters: Raters, rng: np.random.Generator) -> np.ndarray:
    dialogs, positions = map(int, dialogues.scores.shape)
    if raters == "any":
        return rng.integers(0, positions, dialogs)
    accounts = dialogues.account.max() + 1
    teams = np.array([rng.choice(positions, 3, replace=False) for _ in range(accounts)])
    return np.asarray(teams[dialogues.account, rng.integers(0, 3, dialogs)])


def _standard_errors(account: np.ndarray, score: np.ndarray) -> np.ndarray:
    groups = [score[account == a] for a in np.unique(account)]
    return np.array([group.std(ddof=1) / np.sqrt(len(group)) for group in groups])


def _covered(intervals: np.ndarray, truth: np.ndarray) -> float:
    return float(((intervals[:, 0] <= truth) & (truth <= intervals[:, 1])).mean())
