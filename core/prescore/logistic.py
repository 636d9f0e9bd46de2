"""Logistic regression on shares: each row is so far yes as raters said it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse
from scipy.special import expit

from core.prescore.vocabulary import Floats, Weights

_STEPS = 200


@dataclass(frozen=True)
class LinearModel:
    """The logarithm of the odds of yes is `bias` plus the sum of weights times values."""

    weights: Weights
    bias: float


def fitted(rows: sparse.csr_array, shares: Floats, *, strength: float) -> LinearModel:
    """The weights under which the shares are likeliest, large ones made costly.

    Args:
        rows: values, rows x columns.
        shares: of raters who said yes, 0 to 1, one a row.
        strength: how much the shares count against the size of the weights, above 0.
    """
    width = rows.shape[1]
    turned = rows.T.tocsr()

    def loss(values: Floats) -> tuple[float, Floats]:
        weights, bias = values[:width], values[width]
        odds = rows @ weights + bias
        likely = np.logaddexp(0, odds) - shares * odds
        wrong = expit(odds) - shares
        gradient = np.append(strength * (turned @ wrong) + weights, strength * wrong.sum())
        return strength * float(likely.sum()) + 0.5 * float(np.square(weights).sum()), gradient

    minimum = optimize.minimize(
        loss, np.zeros(width + 1), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}
    )
    return LinearModel(minimum.x[:width], float(minimum.x[width]))
