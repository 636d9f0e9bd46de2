"""Inspectors as rows: how strict, how much alike with colleagues, how fast, how steady."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.agreement import Agreement, difference, shared_ac1
from core.results.figures import LEVEL, Moments
from db.inspectors.queries.figures import Doubles, InspectorFigures
from db.results.queries.rankings import DriftRow, SeverityRow, Snapshot
from pages.ui.kit.messages import _, plural
from pages.ui.kit.phrases import Side

SIGNAL = 3.0
"""Standard errors by which a month must differ from the inspector's usual to be a signal."""


@dataclass(frozen=True)
class InspectorLine:
    """An inspector.

    Attributes:
        severity: points added to a score, stations and cases taken out; None without a ranking.
        alike: AC1 of the items of double scorings; apart: own score minus the colleague's.
        minutes: the typical time of an inspection, the mean of its logarithm turned back.
        drift: severity by month, oldest first.
        changed: the months that differ from the inspector's usual.
    """

    figures: InspectorFigures
    severity: SeverityRow | None
    side: Side
    doubles: int
    alike: Agreement | None
    apart: Agreement | None
    minutes: float | None
    drift: tuple[DriftRow, ...]
    changed: tuple[int, ...]

    @property
    def na_rate(self) -> float | None:
        total = self.figures.answered + self.figures.na
        return self.figures.na / total if total else None


def lines(
    inspectors: Sequence[InspectorFigures],
    snapshot: Snapshot | None,
    doubles: Mapping[int, Doubles],
    drift: Sequence[DriftRow],
) -> tuple[InspectorLine, ...]:
    """From the strictest to the most lenient; those without severity last, by name."""
    severities = {row.inspector: row for row in snapshot.severities} if snapshot else {}
    months = {key: tuple(rows) for key, rows in groupby(drift, key=lambda row: row.inspector)}
    rows = [
        _line(figures, severities.get(figures.inspector), doubles.get(figures.inspector), months)
        for figures in inspectors
    ]
    return tuple(sorted(rows, key=lambda row: row.severity.value if row.severity else math.inf))


def headline(rows: Sequence[InspectorLine]) -> str:
    """Who is clearly strict or lenient, in one sentence."""
    ranked = [row for row in rows if row.severity]
    if not ranked:
        return plural(
            "{count} inspector; how strict each is appears with the ranking.",
            "{count} inspectors; how strict each is appears with the ranking.",
            len(rows),
        )
    sides = [row.side for row in ranked]
    return _("{strict}, {lenient}; {rest}.").format(
        strict=plural(
            "{count} inspector is clearly stricter than the others",
            "{count} inspectors are clearly stricter than the others",
            sides.count(Side.BELOW),
        ),
        lenient=plural(
            "{count} is more lenient", "{count} are more lenient", sides.count(Side.ABOVE)
        ),
        rest=plural(
            "{count} cannot be told apart",
            "{count} cannot be told apart",
            sides.count(Side.UNCLEAR),
        ),
    )


def typical_minutes(log_seconds: Moments) -> float | None:
    """The geometric mean, which a few very long times do not move."""
    mean = log_seconds.mean
    return None if mean is None else math.exp(mean) / 60


def _line(
    figures: InspectorFigures,
    severity: SeverityRow | None,
    doubled: Doubles | None,
    months: Mapping[int, tuple[DriftRow, ...]],
) -> InspectorLine:
    own = months.get(figures.inspector, ())
    return InspectorLine(
        figures=figures,
        severity=severity,
        side=_side(severity),
        doubles=doubled.shares.n if doubled else 0,
        alike=shared_ac1(doubled.shares, confidence=LEVEL) if doubled else None,
        apart=difference(doubled.scores, confidence=LEVEL) if doubled else None,
        minutes=typical_minutes(figures.log_seconds),
        drift=own,
        changed=tuple(row.month for row in own if is_signal(row)),
    )


def is_signal(row: DriftRow) -> bool:
    return abs(row.value - row.usual) > SIGNAL * row.error


def _side(severity: SeverityRow | None) -> Side:
    if severity is None or severity.low <= 0 <= severity.high:
        return Side.UNCLEAR
    return Side.ABOVE if severity.value > 0 else Side.BELOW
