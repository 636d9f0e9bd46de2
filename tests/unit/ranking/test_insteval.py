"""The mixed model on InstEval, 73,421 ratings, against lme4."""

from __future__ import annotations

import csv
import gzip
import json

import numpy as np
import pytest

from core.ranking.crossproducts import FixedBlock, RandomFactor, Sums
from core.ranking.posterior import effects
from core.ranking.reml import fit_reml
from tests.support.requirements import ROOT, real_data

FITS = ROOT / "tests" / "data/published/insteval_mixed_models.json"
ONE_PER_THOUSAND = 1e-3


@pytest.fixture(scope="module")
def ratings():
    with gzip.open(real_data("insteval") / "InstEval.csv.gz", "rt") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def score(ratings) -> Sums:
    y = np.array([float(row["y"]) for row in ratings])
    return Sums(np.ones(len(y)), y, y**2)


def levels(ratings, *columns: str) -> tuple[list[str], RandomFactor]:
    names = [":".join(row[column] for column in columns) for row in ratings]
    keys, codes = np.unique(names, return_inverse=True)
    return keys.tolist(), RandomFactor(codes, len(keys))


def intercept(ratings) -> FixedBlock:
    return FixedBlock(np.zeros(len(ratings), dtype=np.int64), np.ones((1, 1)))


def lme4(formula: str) -> dict:
    fits = json.loads(FITS.read_text(encoding="utf-8"))["recomputed_here_with"]["fits"]
    [found] = [fit for fit in fits if fit["formula"] == formula and fit["REML"]]
    return found


def check(fit, published: dict, names: tuple[str, ...]) -> None:
    assert fit.criterion == pytest.approx(published["m2ll"], abs=1e-4)
    for name, variance in zip(names, fit.variances, strict=True):
        assert variance == pytest.approx(published["vc"][name], rel=ONE_PER_THOUSAND), name
    assert fit.residual == pytest.approx(published["vc"]["Residual"], rel=ONE_PER_THOUSAND)


def test_two_crossed_factors_equal_lme4(ratings, score):
    (_, students), (lecturers, lecturer) = levels(ratings, "s"), levels(ratings, "d")
    fit = fit_reml(score, (students, lecturer), (intercept(ratings),))
    published = lme4("y ~ 1 + (1 | s) + (1 | d)")
    check(fit, published, ("s", "d"))
    assert fit.fixed[0] == pytest.approx(published["fixef"]["(Intercept)"], abs=1e-6)
    error = np.sqrt(fit.fixed_covariance[0, 0])
    assert error == pytest.approx(published["se"]["(Intercept)"], rel=ONE_PER_THOUSAND)
    with (real_data("insteval") / "lme4_reml_blups_d.csv").open(encoding="utf-8") as file:
        rows = {row["d"]: row for row in csv.DictReader(file)}
    found = effects(fit, 1)
    sd = np.sqrt(published["vc"]["d"])
    blups = np.array([float(rows[key]["blup"]) for key in lecturers])
    sds = np.array([float(rows[key]["se"]) for key in lecturers])
    assert np.abs(found.estimate - blups).max() < ONE_PER_THOUSAND * sd
    assert np.abs(found.sd / sds - 1).max() < ONE_PER_THOUSAND


def test_three_factors_equal_lme4(ratings, score):
    factors = tuple(levels(ratings, *names)[1] for names in (("s",), ("d",), ("dept", "service")))
    fit = fit_reml(score, factors, (intercept(ratings),))
    published = lme4("y ~ 1 + (1 | s) + (1 | d) + (1 | dept:service)")
    check(fit, published, ("s", "d", "dept:service"))
    assert fit.fixed[0] == pytest.approx(published["fixef"]["(Intercept)"], abs=1e-5)


def test_many_fixed_effects_equal_lme4(ratings, score):
    # service x dept with all interactions is one mean per combination: 28 columns
    combinations, combination = levels(ratings, "service", "dept")
    cells = FixedBlock(combination.codes, np.eye(combination.levels))
    fit = fit_reml(score, (levels(ratings, "s")[1], levels(ratings, "d")[1]), (cells,))
    published = lme4("y ~ 1 + service * dept + (1 | s) + (1 | d)")
    for name, variance in zip(("s", "d"), fit.variances, strict=True):
        assert variance == pytest.approx(published["vc"][name], rel=ONE_PER_THOUSAND)
    means = dict(zip(combinations, fit.fixed, strict=True))
    fixed = published["fixef"]
    # lme4's reference is department 15 without service; its service effect is a difference
    assert means["0:15"] == pytest.approx(fixed["(Intercept)"], abs=1e-5)
    assert means["1:15"] - means["0:15"] == pytest.approx(fixed["service1"], abs=1e-5)
    assert means["0:6"] - means["0:15"] == pytest.approx(fixed["dept6"], abs=1e-5)
    interaction = means["1:6"] - means["0:6"] - (means["1:15"] - means["0:15"])
    assert interaction == pytest.approx(fixed["service1:dept6"], abs=1e-5)
