"""The score sheet: what an inspection scored, section by section and item by item, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from core.checklist.model import Texts
from core.scoring.ledger import LedgerStep

Status = Literal["answered", "na", "blank", "hidden", "excluded"]


@dataclass(frozen=True)
class ItemScore:
    """One item.

    Attributes:
        earned, possible: its points, multipliers included; None when it does not count.
        weight: its share of the form in percent points, after N/A redistribution.
        contribution: what it adds to the form, in percent points.
        points_lost: percent points missing to full marks; a bonus item loses none.
            These three stand before critical effects, and are None when the item does not count.
        effect: the strongest critical effect its answer had.
        by_hand: its clock was read by a person, not by a system.
    """

    key: str
    section: str
    status: Status
    earned: float | None = None
    possible: float | None = None
    weight: float = 0.0
    contribution: float | None = None
    points_lost: float | None = None
    effect: str | None = None
    by_hand: bool = False


@dataclass(frozen=True)
class SectionScore:
    """One section.

    Attributes:
        weight: its share of the form in percent points, after N/A redistribution.
        score: percent, after critical effects; None when nothing in it applies.
        points: its points (points mode), or its score times its declared weight.
    """

    key: str
    title: Texts
    weight: float
    score: float | None
    points: float | None
    band: str | None
    flagged: bool


@dataclass(frozen=True)
class TagScore:
    """Items that carry a tag: points (or percent points) earned and possible."""

    earned: float
    possible: float
    percent: float | None


@dataclass(frozen=True)
class ScoreSheet:
    """What an inspection scored. Full precision; nothing here is rounded.

    Attributes:
        score: 0 to 100 unless the settings allow more or less, critical effects applied; None
            when there is nothing to score, and `reason` says why.
        score_before_critical: the same before any critical effect.
        critical: a critical effect of any kind was raised, a mere flag included.
        flags: item keys, then section keys, then "form": where effects were raised.
        floors: keys of the sections whose floor keeps the band down and the pass away.
        earned, possible: the form's points (points mode only).
        missing: required items that are blank or lack the reason of their N/A. While there are
            any, the score is provisional and the inspection cannot be submitted.
        critical_score: percent over the critical items, where the settings ask for it.
    """

    score: float | None
    score_before_critical: float | None
    reason: str | None
    band: str | None
    passed: bool | None
    low: bool | None
    key_moment_score: float | None
    critical_score: float | None
    critical: bool
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    earned: float | None
    possible: float | None
    sections: tuple[SectionScore, ...]
    items: tuple[ItemScore, ...]
    floors: tuple[str, ...] = ()
    tags: Mapping[str, TagScore] = field(default_factory=dict)
    ledger: tuple[LedgerStep, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """The sheet as JSON-able data."""
        data = _flat(self)
        for name in ("flags", "floors", "missing"):
            data[name] = list(getattr(self, name))
        data["sections"] = [_flat(section) for section in self.sections]
        data["items"] = [_flat(item) for item in self.items]
        data["tags"] = {tag: _flat(score) for tag, score in self.tags.items()}
        data["ledger"] = [_flat(step) for step in self.ledger]
        return data


def _flat(row: Any) -> dict[str, Any]:  # noqa: ANN401  any dataclass of plain values
    return {field.name: getattr(row, field.name) for field in fields(row)}
