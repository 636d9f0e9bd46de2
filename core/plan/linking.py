"""Whether inspectors link all stations: without links severity cannot be told from quality."""

from __future__ import annotations

from collections.abc import Iterable


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
