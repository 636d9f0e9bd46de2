"""What an agreement coefficient comes back as, and the reasons it may be missing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from core.errors import InvalidInput

NO_PAIRS = "No unit was rated by two raters."
CONSTANT = "Every rating is the same, so agreement by chance cannot be told from agreement."
ONE_UNIT = "One unit says nothing about the spread."
NO_SPREAD = "The units do not differ enough for this coefficient."
NO_RESIDUAL = "The raters differ by nothing but a fixed amount, so there is no error to judge by."
TOO_ALIKE = "Too many resamples hold nothing but equal ratings."


@dataclass(frozen=True)
class Agreement:
    """A coefficient with its interval; what is None is explained by `reason`."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    standard_error: float | None = None
    reason: str | None = None


def check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise InvalidInput(
            "The confidence must lie between 0 and 1, not {confidence}.", confidence=confidence
        )


def around(
    value: float, error: float, confidence: float, freedom: float, bounds: float | None = 1.0
) -> Agreement:
    """The interval value -+ t * error, cut off at -+ `bounds`; `freedom` inf means normal."""
    half = float(special.stdtrit(freedom, (1 + confidence) / 2)) * error
    limit = math.inf if bounds is None else bounds
    return Agreement(
        value=value,
        lower=max(-limit, value - half),
        upper=min(limit, value + half),
        standard_error=error,
    )
