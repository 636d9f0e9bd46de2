"""The encounters a station is judged by: its staff's shares and its own strata."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from core.ranking.arrays import BoolArray, FloatArray, IntArray, Matrix, sum_by
from core.ranking.cells import Keys, Traffic
from core.ranking.design import Design


@dataclass(frozen=True, eq=False)
class Population:
    """Weights that turn effects into the delivered quality of a station.

    Attributes:
        staff: stations x staff with inspections, the share of the station's encounters.
        unseen: per station the sum of squared shares of staff without any inspection.
        contexts: stations x contexts, each row summing to 1: the network's mix of cases, and
            within each case the station's own mix of strata.
    """

    staff: Matrix
    unseen: FloatArray
    contexts: FloatArray


def population(design: Design, traffic: Traffic | None) -> Population:
    """Shares from the traffic; where a station has none, from the weights of its inspections.

    Traffic in a context that was never inspected anywhere cannot be valued and is left out. A
    station without traffic in a case takes the network's mix of strata there.
    """
    counts = _counts(design)
    if traffic is not None:
        counts = _replaced(counts, _counted(design, traffic))
    totals = counts.unseen + sum_by(counts.station, counts.members, len(counts.unseen))
    shares = counts.members / totals[counts.station]
    rows = (shares, (counts.station, np.arange(len(shares))))
    return Population(
        staff=sparse.csr_array(sparse.coo_array(rows, shape=(len(totals), len(shares)))),
        unseen=counts.unseen_squares / totals**2,
        contexts=_context_weights(counts.contexts, design.context_case),
    )


def context_shares(design: Design) -> FloatArray:
    """Stations x contexts: how the station's weighted inspections are spread."""
    counts = _counts(design).contexts
    shares: FloatArray = counts / counts.sum(axis=1, keepdims=True)
    return shares


@dataclass(frozen=True, eq=False)
class _Counts:
    """Encounters by staff and by station x context.

    `station` is the station of each member of staff; `unseen` counts encounters of staff without
    inspections, `unseen_squares` the sum of their squares over these people.
    """

    station: IntArray
    members: FloatArray
    unseen: FloatArray
    unseen_squares: FloatArray
    contexts: FloatArray


def _counts(design: Design) -> _Counts:
    shape = (len(design.stations), len(design.context_case))
    cells = design.station * shape[1] + design.context
    nobody = np.zeros(shape[0])
    return _Counts(
        station=design.member_station,
        members=sum_by(design.member, design.weight, len(design.member_key)),
        unseen=nobody,
        unseen_squares=nobody,
        contexts=sum_by(cells, design.weight, shape[0] * shape[1]).reshape(shape),
    )


def _counted(design: Design, traffic: Traffic) -> _Counts:
    station, in_design = _positions((design.stations,), (traffic.station,))
    seen = (design.stations[design.member_station], design.member_key)
    member, inspected = _positions(seen, (traffic.station, traffic.staff))
    contexts = (design.context_case, design.context_stratum)
    context, valued = _positions(contexts, (traffic.case, traffic.stratum))
    width, height = len(design.context_case), len(design.stations)
    both = in_design & valued
    cells = sum_by((station * width + context)[both], traffic.count[both], width * height)
    unseen = _unseen(traffic, station, in_design & ~inspected, height)
    return _Counts(
        station=design.member_station,
        members=sum_by(member[inspected], traffic.count[inspected], len(design.member_key)),
        unseen=unseen[0],
        unseen_squares=unseen[1],
        contexts=cells.reshape(height, width),
    )


def _unseen(traffic: Traffic, station: IntArray, rows: BoolArray, stations: int) -> FloatArray:
    """Per station the encounters of staff without inspections, and the sum of their squares."""
    people = sorted(set(zip(station[rows].tolist(), traffic.staff[rows].tolist(), strict=True)))
    position = {person: k for k, person in enumerate(people)}
    pairs = zip(station[rows].tolist(), traffic.staff[rows].tolist(), strict=True)
    codes = np.array([position[pair] for pair in pairs], dtype=np.int64)
    counts = sum_by(codes, traffic.count[rows], len(people))
    where = np.array([person[0] for person in people], dtype=np.int64)
    return np.array([sum_by(where, counts**power, stations) for power in (1, 2)])


def _positions(
    table_columns: tuple[Keys, ...], key_columns: tuple[Keys, ...]
) -> tuple[IntArray, BoolArray]:
    """Where each key stands in the table (0 if nowhere), and whether it stands there."""
    table = {key: k for k, key in enumerate(zip(*(c.tolist() for c in table_columns), strict=True))}
    keys = zip(*(column.tolist() for column in key_columns), strict=True)
    positions = np.array([table.get(key, -1) for key in keys], dtype=np.int64)
    return np.maximum(positions, 0), positions >= 0


def _replaced(inspected: _Counts, counted: _Counts) -> _Counts:
    """The counted encounters; those of the inspections for stations without any counted."""
    stations = len(counted.unseen)
    traffic = counted.unseen + sum_by(counted.station, counted.members, stations)
    absent = traffic == 0
    unvalued = counted.contexts.sum(axis=1) == 0
    return _Counts(
        station=counted.station,
        members=np.where(absent[counted.station], inspected.members, counted.members),
        unseen=counted.unseen,
        unseen_squares=counted.unseen_squares,
        contexts=np.where(unvalued[:, None], inspected.contexts, counted.contexts),
    )


def _context_weights(counts: FloatArray, cases: Keys) -> FloatArray:
    """Network share of each case x the station's own share of the strata within it."""
    member_of = (cases[:, None] == np.unique(cases)).astype(np.float64)
    network = counts.sum(axis=0)
    in_case = counts @ member_of @ member_of.T
    own = np.divide(counts, in_case, out=np.zeros_like(counts), where=in_case > 0)
    in_network = network @ member_of @ member_of.T
    network_share = np.divide(network, in_network, out=np.zeros_like(network), where=in_network > 0)
    weights: FloatArray = in_network / network.sum() * np.where(in_case > 0, own, network_share)
    return weights
