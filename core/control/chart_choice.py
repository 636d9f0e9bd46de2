"""Which chart suits the data: the rules by which pages choose."""

from __future__ import annotations

import math

from scipy.special import chdtrc

from core.control.attributes import laney_p_chart, p_chart
from core.control.chart import Chart, FlatChart, LaneyChart, Series, as_points
from core.control.variables import ewma_chart, individuals_chart

CERTAINTY = 0.95
EWMA_WEIGHT, EWMA_WIDTH = 0.2, 2.86
"""One false signal in about 370 points (Lucas & Saccucci 1990, Technometrics 32:1-12)."""


def share_chart(counts: Series, sizes: Series) -> Chart | LaneyChart:
    """The p chart, or Laney's p' where the shares vary more than chance lets them.

    That is judged by Pearson's statistic, the sum of ((p_i - p) / sigma_i)^2 over k points, which
    under chance alone follows chi-squared with k - 1 degrees of freedom: p' is taken beyond its
    95 % point, if its sigma_z is above 1. Arguments and errors as in `p_chart`.
    """
    plain = p_chart(counts, sizes)
    if plain.reason is not None or plain.center is None:
        return plain
    spread = math.sqrt(plain.center * (1 - plain.center))
    scores = [
        (point - plain.center) / spread * math.sqrt(size)
        for point, size in zip(plain.points, as_points(sizes), strict=True)
        if point is not None and size
    ]
    chance = float(chdtrc(max(1, len(scores) - 1), math.fsum(score**2 for score in scores)))
    if chance >= 1 - CERTAINTY:
        return plain
    wider = laney_p_chart(counts, sizes)
    return wider if wider.reason is None and (wider.sigma_z or 0.0) > 1 else plain


def smoothed_chart(values: Series) -> Chart | FlatChart:
    """The EWMA chart around the values' own mean, sigma from their mean moving range.

    It sees small lasting shifts that single points hide. Returns the individuals chart with its
    reason where that has no limits.
    """
    single = individuals_chart(values)
    if single.center is None or single.upper is None:
        return single
    sigma = (single.upper - single.center) / 3
    return ewma_chart(
        values, target=single.center, sigma=sigma, weight=EWMA_WEIGHT, width=EWMA_WIDTH
    )
