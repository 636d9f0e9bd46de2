"""From draws to ranks: by hand, and against the published ranking of twelve hospitals."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import special

from core.ranking import positions
from core.ranking.positions import bottom_size, draw
from core.ranking.posterior import Posterior
from tests.support.requirements import ROOT

PUBLISHED = ROOT / "tests" / "data/published/bugs_surgical_12hospitals.json"


def test_ranks_of_four_draws_by_hand():
    # ranks by draw:    1 2 3 | 1 2 3 | 2 1 3 | 1 3 2
    values = np.array([[9.0, 5.0, 1.0], [8.0, 6.0, 2.0], [5.0, 7.0, 1.0], [9.0, 2.0, 3.0]])
    first, second, third = positions(values, 0.5)
    assert (first.expected_rank, second.expected_rank, third.expected_rank) == (1.25, 2.0, 2.75)
    assert (first.rank, second.rank, third.rank) == (1, 2, 3)
    # quarter quantiles of (1, 1, 1, 2), (1, 2, 2, 3), (2, 3, 3, 3)
    assert first.rank_interval == (1, 1)
    assert second.rank_interval == (1, 2)
    assert third.rank_interval == (2, 3)
    # bottom group of one: rank 3 in 0, 1 and 3 of the draws
    assert (first.bottom, second.bottom, third.bottom) == (0.0, 0.25, 0.75)
    # means 5, 5.33, 4.33, 4.67: above in 4, 2 (6 and 7) and 0 of the draws
    assert (first.above, second.above, third.above) == (1.0, 0.5, 0.0)


def test_a_rank_interval_holds_the_rank_as_often_as_it_says():
    values = np.random.default_rng(0).normal(size=(2000, 7))
    ranks = 7 - values.argsort(axis=1).argsort(axis=1)
    for k, place in enumerate(positions(values, 0.9)):
        best, worst = place.rank_interval
        assert ((ranks[:, k] >= best) & (ranks[:, k] <= worst)).mean() >= 0.9


@pytest.mark.parametrize(("stations", "size"), [(1, 1), (9, 1), (10, 1), (19, 1), (20, 2), (60, 6)])
def test_the_bottom_group_is_a_tenth_but_at_least_one(stations, size):
    assert bottom_size(stations) == size


def test_draws_follow_the_posterior():
    covariance = np.array([[2.0, 1.5, 0.0], [1.5, 2.0, -0.3], [0.0, -0.3, 0.5]])
    values = draw(
        Posterior(np.array([1.0, 2.0, 3.0]), covariance), 200_000, np.random.default_rng(1)
    )
    assert values.mean(axis=0) == pytest.approx([1.0, 2.0, 3.0], abs=0.02)
    assert np.cov(values.T) == pytest.approx(covariance, abs=0.03)


def test_quantities_known_exactly_can_be_drawn():
    values = draw(Posterior(np.array([1.0, 2.0]), np.zeros((2, 2))), 100, np.random.default_rng(0))
    assert values == pytest.approx(np.tile([1.0, 2.0], (100, 1)))


def test_the_published_ranking_of_twelve_hospitals():
    """BUGS Examples, Surgical: "only 2 hospitals (H and K) whose [95 %] intervals exclude the
    median rank and none whose intervals fall completely within the lower or upper quartiles".
    The draws come from a sampler of the published model, written here; the ranks from ours.
    """
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    rates = hospital_rates(np.array(published["n"]), np.array(published["deaths"]))
    table = np.array(published["random_effects_posterior"])
    assert rates.mean(axis=0) == pytest.approx(table[:, 0], rel=0.03)
    assert rates.std(axis=0) == pytest.approx(table[:, 1], rel=0.07)
    ranks = {
        name: place.rank_interval
        for name, place in zip(published["hospital"], positions(-rates, 0.95), strict=True)
    }
    median = 6.5
    assert {n for n, (low, high) in ranks.items() if not low <= median <= high} == {"H", "K"}
    assert not [n for n, (low, high) in ranks.items() if high <= 3 or low >= 10]


def hospital_rates(n: np.ndarray, deaths: np.ndarray) -> np.ndarray:
    """logit p_i ~ N(mu, s2), mu flat, 1 / s2 ~ Gamma(.001, .001): Metropolis within Gibbs."""
    rng = np.random.default_rng(12)
    logit, mu, precision = special.logit((deaths + 1) / (n + 10)), -2.5, 6.0
    kept = []
    for step in range(30_000):
        proposal = logit + rng.normal(0, 0.35, len(n))
        gain = _log_density(proposal, mu, precision, n, deaths)
        gain -= _log_density(logit, mu, precision, n, deaths)
        logit = np.where(np.log(rng.random(len(n))) < gain, proposal, logit)
        mu = rng.normal(logit.mean(), 1 / np.sqrt(len(n) * precision))
        rate = 0.001 + ((logit - mu) ** 2).sum() / 2
        precision = rng.gamma(0.001 + len(n) / 2, 1 / rate)
        if step >= 1000:
            kept.append(logit)
    return special.expit(np.array(kept))


def _log_density(logit, mu, precision, n, deaths):
    return deaths * logit - n * np.logaddexp(0, logit) - precision * (logit - mu) ** 2 / 2
