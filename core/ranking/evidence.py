"""Which stations can be ranked at all, and the reason for those that cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.ranking.arrays import FloatArray, IntArray
from core.ranking.cells import Key, Keys
from core.ranking.design import Design, groups
from core.text.sentence import Sentence

TOO_FEW = "Only {n} inspections; at least {minimum} are needed for a rank."
DISCONNECTED = (
    "No inspector links this station to the ranked ones, so strict scoring there could not be told "
    "from poor service."
)
ALONE = "There is no other station with enough evidence to compare with."


@dataclass(frozen=True, eq=False)
class Evidence:
    """Outcome of the two checks.

    Attributes:
        group: keys of the stations that inspectors link with each other; the model sees these.
            Empty where nothing was scored.
        reasons: why a station is not ranked; stations without an entry are.
    """

    group: Keys
    reasons: dict[Key, Sentence]


def weigh(design: Design, minimum: int) -> Evidence:
    """Ranks the group of linked stations that holds most stations with enough inspections.

    Two stations are linked if one inspector scored at both, or through a chain of such links.
    Between groups that tie, the one with more inspections is taken, then the one with the smallest
    station key. Stations of the group below the minimum still inform severity and variances.
    """
    counts = design.inspections()
    sizes = (len(design.stations), len(design.inspectors))
    group, _ = groups(design.station, design.inspector, sizes)
    is_linked = group == _largest(group, counts, minimum)
    reasons: dict[Key, Sentence] = {}
    keys = design.stations.tolist()
    for k, key in enumerate(keys):
        if counts[k] < minimum:
            reasons[key] = Sentence(TOO_FEW, {"n": int(counts[k]), "minimum": minimum})
        elif not is_linked[k]:
            reasons[key] = Sentence(DISCONNECTED)
    left = [key for key in keys if key not in reasons]
    if len(left) == 1:
        reasons[left[0]] = Sentence(ALONE)
    return Evidence(design.stations[is_linked], reasons)


def _largest(group: IntArray, counts: FloatArray, minimum: int) -> int:
    if not len(group):
        return 0
    enough = np.bincount(group, counts >= minimum)
    inspections = np.bincount(group, counts)
    first = np.unique(group, return_index=True)[1]
    return int(np.lexsort((first, -inspections, -enough))[0])
