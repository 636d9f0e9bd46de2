"""What an agreement coefficient comes back as, and the reasons it may be missing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from core.errors import InvalidInput, finite

NO_PAIRS = "No unit was rated by two raters."
CONSTANT = "Every rating is the same, so agreement by chance cannot be told from agreement."
ONE_UNIT = "One unit says nothing about the spread."
NO_SPREAD = "The units do not differ enough for this coefficient."
NO_RESIDUAL = "The raters differ by nothing but a fixed amount, so there is no error to judge by."
TOO_ALIKE = "Too many resamples hold nothing but equal ratings."
ALL_APART = "The two differ by the same in every unit, so there is no spread to judge by."
ROUNDING = 1e-12


@dataclass(frozen=True)
class Agreement:
    """A coefficient with its interval; what is None is explained by `reason`."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    standard_error: float | None = None
    reason: str | None = None


def check_confidence(confidence: float) -> None:
    if not 0 < finite(confidence) < 1:
        raise InvalidInput(
            "The confidence must lie between 0 and 1, not {confidence}.", confidence=confidence
        )


def around(
    value: float,
    error: float,
    confidence: float,
    units: float,
    *,
    normal: bool = False,
    lowest: float = -1.0,
) -> Agreement:
    """The interval value -+ t * error over `units` units, cut off at `lowest` and 1.

    Where nothing varied among the units the error is zero and says nothing: the interval is then as
    wide as Wilson's (1927) for a share of 0 out of as many, over the range of the coefficient.

    Args:
        value: the coefficient.
        error: its standard error.
        confidence: of the interval.
        units: how many units it rests on; Student's t has one degree of freedom fewer.
        normal: take the normal distribution instead.
        lowest: the least value that the coefficient is taken to have.
    """
    quantile = float(special.stdtrit(math.inf if normal else units - 1, (1 + confidence) / 2))
    if error <= ROUNDING:
        z = float(special.ndtri((1 + confidence) / 2))
        error = (1 - lowest) * z * z / (units + z * z) / quantile
    half = quantile * error
    return Agreement(
        value=value,
        lower=max(min(lowest, value), value - half),
        upper=min(1.0, value + half),
        standard_error=error,
    )
