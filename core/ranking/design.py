"""Score cells with every key replaced by a code from 0, and who is connected to whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from core.ranking.arrays import FloatArray, IntArray, sum_by
from core.ranking.cells import Keys, ScoreCells
from core.ranking.crossproducts import Sums


@dataclass(frozen=True, eq=False)
class Design:
    """Cells with at least one score, coded.

    Attributes:
        stations: key per station code; likewise `inspectors`.
        member_station: station code per staff code; `member_key` the key of that member of staff.
        context_case: key of the case per context code; `context_stratum` that of the stratum.
        station: station code per row; likewise `member`, `inspector` and `context`.
        sums: counts, sums and sums of squares per row.
        weight: sum of 1 / inclusion probability per row.
        weighted: sum of score / inclusion probability per row.
    """

    stations: Keys
    inspectors: Keys
    member_station: IntArray
    member_key: Keys
    context_case: Keys
    context_stratum: Keys
    station: IntArray
    member: IntArray
    inspector: IntArray
    context: IntArray
    sums: Sums
    weight: FloatArray
    weighted: FloatArray

    def inspections(self) -> FloatArray:
        """Scored inspections per station."""
        return sum_by(self.station, self.sums.n, len(self.stations))


def encode(cells: ScoreCells) -> Design:
    if not np.all(cells.n > 0):
        cells = cells.take(cells.n > 0)
    stations, station = levels_of(cells.station)
    inspectors, inspector = levels_of(cells.inspector)
    staff, person = levels_of(cells.staff)
    cases, case = levels_of(cells.case)
    strata, stratum = levels_of(cells.stratum)
    members, member = levels_of(station * len(staff) + person)
    contexts, context = levels_of(case * len(strata) + stratum)
    return Design(
        stations=stations,
        inspectors=inspectors,
        member_station=members // max(len(staff), 1),
        member_key=staff[members % max(len(staff), 1)],
        context_case=cases[contexts // max(len(strata), 1)],
        context_stratum=strata[contexts % max(len(strata), 1)],
        station=station,
        member=member,
        inspector=inspector,
        context=context,
        sums=Sums(cells.n, cells.total, cells.squares),
        weight=cells.weight,
        weighted=cells.weighted,
    )


def levels_of(keys: Keys) -> tuple[Keys, IntArray]:
    """The distinct keys in order, and the position of each key among them."""
    levels = np.unique(keys)
    return levels, np.searchsorted(levels, keys)


def groups(first: IntArray, second: IntArray, sizes: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """Components of the graph that joins two kinds of nodes wherever a row holds both.

    Returns:
        The component of every node of the first kind, and of the second.
    """
    total = sum(sizes)
    links = sparse.coo_array(
        (np.ones(len(first), dtype=np.int8), (first, second + sizes[0])), shape=(total, total)
    )
    labels = csgraph.connected_components(links, directed=False)[1].astype(np.int64)
    return labels[: sizes[0]], labels[sizes[0] :]
