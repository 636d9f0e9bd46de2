"""What was recorded of a case, and the times that its clocks take from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, zip_longest

from core.clock.event_keys import meaning
from core.clock.reading import Wait

_REPEATED = frozenset({"stage_entered", "hold_began", "queue_entered"})
"""Starts of which each has its own stop: the longest time counts."""
_FIRST_OF = {"progress_told": "first_response"}
"""What stands for the first of events that repeat."""


@dataclass(frozen=True)
class Happening:
    """An event with its key, or the name that nobody knows it by; when; recorded by a system."""

    key: str
    at: datetime
    by_system: bool = False


def times_of(
    start: str, stop: str, happenings: Iterable[Happening], *, case_kind: str = ""
) -> tuple[Happening, Happening] | None:
    """The two events between which a clock ran; None while one lacks.

    Of one event that repeats, such as telling the progress, it is the longest time between two of
    them. Else it is the first start, and the first stop that does not come before it.
    """
    if not start or not stop:
        return None
    found = sorted(happenings, key=lambda happening: happening.at)
    starts = [h for h in found if meaning(h.key, case_kind) == start]
    if start == stop:
        first = [h for h in found if h.key == _FIRST_OF.get(start)][:1]
        return _longest(pairwise(sorted([*first, *starts], key=lambda h: h.at)))
    stops = [h for h in found if meaning(h.key, case_kind) == stop]
    return _longest(_pairs(starts if start in _REPEATED else starts[:1], stops))


def waits_of(happenings: Iterable[Happening]) -> tuple[Wait, ...]:
    """The times of waiting for the customer that were recorded from begin to end."""
    marks = [h for h in happenings if h.key in {"waiting_began", "waiting_ended"}]
    marks.sort(key=lambda h: h.at)
    return tuple(
        Wait(began=former.at, ended=latter.at)
        for former, latter in pairwise(marks)
        if former.key == "waiting_began" and latter.key == "waiting_ended"
    )


def _pairs(
    starts: Sequence[Happening], stops: Sequence[Happening]
) -> Iterator[tuple[Happening, Happening]]:
    """Each start with its stop, which comes before the next start."""
    for start, following in zip_longest(starts, starts[1:]):
        after = [stop for stop in stops if stop.at >= start.at]
        if after and (following is None or after[0].at <= following.at):
            yield start, after[0]


def _longest(
    pairs: Iterable[tuple[Happening, Happening]],
) -> tuple[Happening, Happening] | None:
    return max(pairs, key=lambda pair: pair[1].at - pair[0].at, default=None)
