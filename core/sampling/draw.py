"""A random draw by strata that anyone can repeat from its record."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInput


class Drawn(NamedTuple):
    """One chosen row of the frame, with what every later estimate needs to know about it."""

    position: int
    probability: float
    stratum: Hashable


def draw(
    frame_strata: Sequence[Hashable] | NDArray[Any], quotas: Mapping[Any, int], seed: int
) -> tuple[Drawn, ...]:
    """Simple random samples without replacement within strata, in the order of the frame.

    Every row gets a number from the raw stream of PCG64 (kept stable over numpy's versions), and
    the smallest numbers of each stratum are chosen. So the frame's order, the quotas and the seed
    repeat the draw; a larger quota adds to it, and one stratum's quota does not move another's.

    Args:
        frame_strata: the stratum of every row of the frame.
        quotas: how many to draw per stratum. A stratum without a quota is not drawn; a stratum
            with fewer rows than its quota is taken whole, with probability 1.
        seed: 0 or more; belongs into the record.

    Returns:
        The chosen rows: position in the frame, inclusion probability quota / rows, and stratum.

    Raises:
        InvalidInput: a quota or seed that is no whole number of 0 or more.
    """
    if not all(_is_count(number) for number in (seed, *quotas.values())):
        raise InvalidInput("Quotas and seed are whole numbers of 0 or more.")
    rows = frame_strata.tolist() if isinstance(frame_strata, np.ndarray) else frame_strata
    codes: dict[Hashable, int] = {}
    code = np.array([codes.setdefault(row, len(codes)) for row in rows], dtype=np.intp)
    keys = np.random.PCG64(seed).random_raw(len(code))
    order = np.lexsort((keys, code))
    sizes = np.bincount(code, minlength=len(codes))
    starts = np.cumsum(sizes) - sizes
    sample = [
        Drawn(int(position), min(quotas[stratum], size) / size, stratum)
        for stratum, start, size in zip(codes, starts.tolist(), sizes.tolist(), strict=True)
        if stratum in quotas
        for position in order[start : start + min(quotas[stratum], size)]
    ]
    return tuple(sorted(sample, key=lambda drawn: drawn.position))


def _is_count(number: object) -> bool:
    return isinstance(number, int | np.integer) and bool(number >= 0)
