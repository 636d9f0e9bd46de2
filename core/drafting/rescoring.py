"""What a draft would have made of a past period: station means and their order, then and now."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.checklist import Checklist
from core.errors import InvalidInput
from core.scoring.answers import Answer, parse_answer
from core.scoring.layout import layout_of
from core.scoring.marks import mark_all
from core.scoring.matrix import MatrixScores, score_matrix


class Past(NamedTuple):
    """One inspection as it was scored."""

    station_id: int
    score: float | None
    answers: Mapping[str, Any]
    band: str | None = None
    passed: bool | None = None


class Rescored(NamedTuple):
    """One inspection under both versions; None where there is nothing to score.

    Attributes:
        is_whole: every scored item that the draft asks found a usable answer.
        changes_band: another band, by its key.
        passes: None where the pass is the same under both.
    """

    station_id: int
    before: float | None
    after: float | None
    is_whole: bool
    changes_band: bool = False
    passes: bool | None = None


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
        other_band: those among the n that get another band.
        no_longer, newly: those among the n that passed and would not, and the other way round.
    """

    stations: tuple[StationShift, ...]
    n: int
    partial: int
    left_out: int
    before: float | None
    after: float | None
    other_band: int = 0
    no_longer: int = 0
    newly: int = 0


def rescore(checklist: Checklist, past: Sequence[Past]) -> list[Rescored]:
    """Score past answers under another version.

    Answers to items that the version does not have, or that no longer fit their item, are left
    out; what it asks anew is blank and left out of the score.
    """
    if not past:
        return []
    layout = layout_of(checklist)
    usable = [_usable(checklist, row.answers) for row in past]
    scores = score_matrix(layout, layout.matrix(row.data for row in usable))
    return [
        _rescored(checklist, row, answers, scores, place)
        for place, (row, answers) in enumerate(zip(past, usable, strict=True))
    ]


def _rescored(
    checklist: Checklist, past: Past, answers: _Usable, scores: MatrixScores, place: int
) -> Rescored:
    score, band = float(scores.score[place]), int(scores.band[place])
    if math.isnan(score):
        return Rescored(
            past.station_id,
            before=past.score,
            after=None,
            is_whole=not _lacks(checklist, answers.parsed),
        )
    passed = bool(scores.passed[place]) if checklist.pass_mark is not None else None
    is_other = None not in (past.passed, passed) and past.passed != passed
    return Rescored(
        past.station_id,
        before=past.score,
        after=score,
        is_whole=not _lacks(checklist, answers.parsed),
        changes_band=past.band != (checklist.bands[band].key if band >= 0 else None),
        passes=passed if is_other else None,
    )


def what_if(rows: Iterable[Rescored]) -> WhatIf:
    """Station means under both versions over the inspections that both can score."""
    by_station: dict[int, list[tuple[float, float]]] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        if row.before is None or row.after is None:
            counts["left_out"] += 1
            continue
        counts["partial"] += not row.is_whole
        counts["other_band"] += row.changes_band
        counts["no_longer"] += row.passes is False
        counts["newly"] += row.passes is True
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
        before=_mean([pair[0] for pair in every]) if every else None,
        after=_mean([pair[1] for pair in every]) if every else None,
        partial=counts["partial"],
        left_out=counts["left_out"],
        other_band=counts["other_band"],
        no_longer=counts["no_longer"],
        newly=counts["newly"],
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
