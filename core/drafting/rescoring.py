"""What a draft would have made of a past period: station means and their order, then and now."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.checklist import Checklist
from core.errors import InvalidInput
from core.scoring.answers import Answer, parse_answer
from core.scoring.layout import layout_of
from core.scoring.marks import mark_all
from core.scoring.matrix import score_matrix


class Past(NamedTuple):
    """One inspection as it was scored."""

    station_id: int
    score: float | None
    answers: Mapping[str, Any]


class Rescored(NamedTuple):
    """One inspection under both versions; None where there is nothing to score."""

    station_id: int
    before: float | None
    after: float | None
    is_whole: bool  # every scored item that the draft asks found a usable answer


@dataclass(frozen=True)
class StationShift:
    """A station under both versions; ranks begin at 1, equal means share the better rank."""

    station_id: int
    n: int
    before: float
    after: float
    rank_before: int
    rank_after: int

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class WhatIf:
    """The stations by their rank under the draft, and how many inspections bear on it.

    Attributes:
        n: inspections with a score under both versions; only these enter the means.
        partial: those among them that lack an answer to something the draft asks.
        left_out: inspections without a score under one of the versions.
    """

    stations: tuple[StationShift, ...]
    n: int
    partial: int
    left_out: int
    before: float | None
    after: float | None


def rescore(checklist: Checklist, past: Sequence[Past]) -> list[Rescored]:
    """Score past answers under another version.

    Answers to items that the version does not have, or that no longer fit their item, are left
    out; what it asks anew is blank and left out of the score.
    """
    if not past:
        return []
    layout = layout_of(checklist)
    usable = [_usable(checklist, row.answers) for row in past]
    scores = score_matrix(layout, layout.matrix(row.data for row in usable)).score
    return [
        Rescored(
            row.station_id,
            before=row.score,
            after=None if math.isnan(score) else float(score),
            is_whole=not _lacks(checklist, answers.parsed),
        )
        for row, answers, score in zip(past, usable, scores, strict=True)
    ]


def what_if(rows: Iterable[Rescored]) -> WhatIf:
    """Station means under both versions over the inspections that both can score."""
    by_station: dict[int, list[tuple[float, float]]] = {}
    partial = left_out = 0
    for row in rows:
        if row.before is None or row.after is None:
            left_out += 1
            continue
        partial += not row.is_whole
        by_station.setdefault(row.station_id, []).append((row.before, row.after))
    before = {key: _mean([pair[0] for pair in pairs]) for key, pairs in by_station.items()}
    after = {key: _mean([pair[1] for pair in pairs]) for key, pairs in by_station.items()}
    shifts = [
        StationShift(
            station_id=key,
            n=len(pairs),
            before=before[key],
            after=after[key],
            rank_before=_rank(before, key),
            rank_after=_rank(after, key),
        )
        for key, pairs in by_station.items()
    ]
    every = [pair for pairs in by_station.values() for pair in pairs]
    return WhatIf(
        stations=tuple(sorted(shifts, key=lambda shift: (shift.rank_after, shift.station_id))),
        n=len(every),
        partial=partial,
        left_out=left_out,
        before=_mean([pair[0] for pair in every]) if every else None,
        after=_mean([pair[1] for pair in every]) if every else None,
    )


class _Usable(NamedTuple):
    """The answers that fit, as they are stored and as scoring reads them."""

    data: dict[str, Any]
    parsed: dict[str, Answer]


def _usable(checklist: Checklist, answers: Mapping[str, Any]) -> _Usable:
    usable = _Usable({}, {})
    for section in checklist.sections:
        section_answer = answers.get(section.key)
        for item in section.items:
            raw_answer = answers.get(item.key, section_answer if item.na_allowed else None)
            with suppress(InvalidInput):
                answer = None if raw_answer is None else parse_answer(item, raw_answer)
                if answer is not None:
                    usable.data[item.key], usable.parsed[item.key] = raw_answer, answer
    return usable


def _lacks(checklist: Checklist, answers: Mapping[str, Answer]) -> bool:
    """Whether something that is asked and would count has no answer."""
    marks = mark_all(checklist, answers)
    return any(mark.status == "blank" and mark.missing and mark.item.scored for mark in marks)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _rank(means: Mapping[int, float], key: int) -> int:
    return 1 + sum(mean > means[key] + 1e-9 for mean in means.values())
