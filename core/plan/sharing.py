"""Giving sampled encounters to inspectors, and whether their inspections link all stations."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.plan.drawing import Plan, SampledEncounter


@dataclass(frozen=True)
class Inspector:
    """Who scores. `team_station_id` is the station of an inspector who also serves customers."""

    user_id: int
    region: str
    open_tasks: int = 0
    team_station_id: int | None = None

    def is_own_team(self, station_id: int, team_id: int | None) -> bool:
        """Whether an encounter at a station, with a person of a team, is the own team's."""
        own = self.team_station_id
        return own is not None and own in (station_id, team_id)


class AssignedEncounter(NamedTuple):
    """One sampled encounter with its inspectors; the first makes the inspection of record."""

    sampled: SampledEncounter
    inspectors: tuple[int, ...]


def share_out(
    sample: Sequence[SampledEncounter],
    inspectors: Sequence[Inspector],
    regions: Mapping[int, str],
    plan: Plan,
) -> list[AssignedEncounter]:
    """Inspectors for every sampled encounter; an encounter nobody may score is left out.

    Nobody gets an encounter at the own team's station or of its people, wherever that was, nor one
    that was a file which they had a hand in. Within those who may, the one with the least work is
    taken; `cross_share` of the encounters go to another region than the station's, `double_share`
    to a second inspector as well.
    """
    rng = random.Random(plan.seed)  # noqa: S311  repeatable on purpose
    load = {inspector.user_id: inspector.open_tasks for inspector in inspectors}
    shares = []
    for sampled in sample:
        station = sampled.encounter.station_id
        crosswise, twice = rng.random() < plan.cross_share, rng.random() < plan.double_share
        team = sampled.encounter.team_id
        own = sampled.encounter.handled_by
        allowed = [
            one
            for one in inspectors
            if one.user_id not in own and not one.is_own_team(station, team)
        ]
        if not allowed:
            continue
        home = [one for one in allowed if one.region == regions.get(station)]
        away = [one for one in allowed if one.region != regions.get(station)]
        first = _least(away if crosswise and away else home or away, load)
        others = [one for one in allowed if one.user_id != first]
        second = (_least(others, load),) if twice and others else ()
        shares.append(AssignedEncounter(sampled, (first, *second)))
    return shares


def _least(candidates: Sequence[Inspector], load: dict[int, int]) -> int:
    """The one with the least work, who then has one more."""
    inspector = min(candidates, key=lambda one: (load[one.user_id], one.user_id)).user_id
    load[inspector] += 1
    return inspector


def components(pairs: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """Groups of stations that share inspectors, directly or through others, largest first.

    Args:
        pairs: (station, inspector) for each inspection or assignment.

    Returns:
        One group when the design is connected; within different groups stations cannot be compared.
    """
    above: dict[tuple[str, int], tuple[str, int]] = {}

    def top(node: tuple[str, int]) -> tuple[str, int]:
        while above.setdefault(node, node) != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    stations = set()
    for station, inspector in set(pairs):
        stations.add(station)
        above[top(("station", station))] = top(("inspector", inspector))
    groups: dict[tuple[str, int], set[int]] = {}
    for station in stations:
        groups.setdefault(top(("station", station)), set()).add(station)
    return sorted(map(frozenset, groups.values()), key=lambda group: (-len(group), min(group)))
