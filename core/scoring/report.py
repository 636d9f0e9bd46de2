"""Laying out a tally as a score sheet: bands, marks reached, shares in percent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.checklist.model import Band, Checklist
from core.scoring.floors import floored_band
from core.scoring.ledger import TOLERANCE, LedgerStep
from core.scoring.marks import Mark
from core.scoring.sheet import ItemScore, ScoreSheet, SectionScore, TagScore
from core.scoring.tally import Line, Subtotal

NOTHING_APPLIES = "No item applies, so there is no score."
NOTHING_ANSWERED = "Nothing is answered yet, so there is no score."
NO_WEIGHT = "The items that apply carry no weight, so there is no score."


@dataclass(frozen=True, slots=True)
class Tally:
    """Everything computed about one inspection."""

    checklist: Checklist
    marks: Sequence[Mark]
    items: Mapping[str, Line]
    sections: Mapping[str, Subtotal]
    form: Line
    before: float | None
    after: float | None
    flags: tuple[str, ...]
    zeroed: tuple[str, ...]
    floors: tuple[str, ...]
    ledger: tuple[LedgerStep, ...]

    @property
    def by_points(self) -> bool:
        return self.checklist.settings.weights == "points"

    def percent(self, amount: float) -> float:
        """Points, or percent points already, as percent points of the form."""
        return 100 * amount / self.form.weight if self.form.weight else 0.0


def report(tally: Tally) -> ScoreSheet:
    checklist, score = tally.checklist, tally.after
    key_moments = [mark.item.key for mark in tally.marks if mark.item.key_moment]
    return ScoreSheet(
        score=score,
        score_before_critical=tally.before,
        reason=None if score is not None else _reason(tally.marks),
        band=floored_band(checklist, band_of(checklist.bands, score), tally.floors),
        passed=_passes(tally),
        low=_is_low(score, checklist.low_score_mark),
        key_moment_score=_together(tally.items, key_moments).percent,
        critical_score=_critical_score(tally),
        critical=bool(tally.flags),
        flags=tally.flags,
        floors=tally.floors,
        missing=tuple(mark.item.key for mark in tally.marks if mark.missing),
        earned=tally.form.value if tally.by_points else None,
        possible=tally.form.weight if tally.by_points else None,
        sections=tuple(_section_scores(tally)),
        items=tuple(_item_score(tally, mark) for mark in tally.marks),
        tags=_tags(tally),
        ledger=tally.ledger,
    )


def band_of(bands: Sequence[Band], score: float | None) -> str | None:
    """The key of the highest band that the score reaches."""
    return next((band.key for band in bands if reaches(score, band.floor)), None)


def reaches(score: float | None, mark: float | None) -> bool | None:
    """Whether a score is at least a mark; None when either is unknown."""
    return None if score is None or mark is None else score >= mark - TOLERANCE


def _passes(tally: Tally) -> bool | None:
    """Whether the pass mark is reached and no floor speaks."""
    passed = reaches(tally.after, tally.checklist.pass_mark)
    return passed and not tally.floors


def _is_low(score: float | None, mark: float | None) -> bool | None:
    reached = reaches(score, mark)
    return None if reached is None else not reached


def _reason(marks: Iterable[Mark]) -> str:
    if any(mark.counts for mark in marks):
        return NO_WEIGHT
    blank = any(mark.status == "blank" and mark.item.scored for mark in marks)
    return NOTHING_ANSWERED if blank else NOTHING_APPLIES


def _together(items: Mapping[str, Line], keys: Iterable[str]) -> Line:
    """Several items as one, bonus items left out."""
    lines = [items[key] for key in keys if key in items and items[key].weight]
    return Line(value=sum(line.value for line in lines), weight=sum(line.weight for line in lines))


def _critical_score(tally: Tally) -> float | None:
    settings = tally.checklist.settings
    critical = [mark for mark in tally.marks if mark.item.critical and mark.weighs]
    if settings.critical_rule != "second_score":
        return None
    if settings.critical_score_weighted or not tally.by_points:
        return _together(tally.items, (mark.item.key for mark in critical)).percent
    possible = sum(mark.worth.possible for mark in critical)
    return Line(value=sum(mark.points for mark in critical), weight=possible).percent


def _section_scores(tally: Tally) -> Iterator[SectionScore]:
    by_section = tally.checklist.settings.weights == "section_weights"
    for section in tally.checklist.sections:
        subtotal = tally.sections.get(section.key)
        score = subtotal.score if subtotal else None
        points = subtotal.line.value if subtotal else None
        if section.key in tally.zeroed:
            score = None if score is None else min(score, 0.0)
            points = None if points is None else min(points, 0.0)
        if by_section:
            points = None if score is None else score * section.weight / 100
        yield SectionScore(
            key=section.key,
            title=section.title,
            weight=tally.percent(subtotal.line.weight) if subtotal else 0.0,
            score=score,
            points=points,
            band=band_of(tally.checklist.bands, score),
            flagged=section.key in tally.flags,
        )


def _item_score(tally: Tally, mark: Mark) -> ItemScore:
    line = tally.items.get(mark.item.key)
    if line is None:
        return ItemScore(
            key=mark.item.key,
            section=mark.section,
            status=mark.status,
            effect=mark.effect,
            by_hand=mark.by_hand,
        )
    weight, contribution = tally.percent(line.weight), tally.percent(line.value)
    return ItemScore(
        key=mark.item.key,
        section=mark.section,
        status=mark.status,
        earned=line.value if tally.by_points else mark.points,
        possible=line.weight if tally.by_points else mark.worth.possible,
        weight=weight,
        contribution=contribution,
        points_lost=0.0 if mark.item.bonus else max(0.0, weight - contribution),
        effect=mark.effect,
        by_hand=mark.by_hand,
    )


def _tags(tally: Tally) -> dict[str, TagScore]:
    keys: dict[str, list[str]] = {}
    for mark in tally.marks:
        if mark.item.tag:
            keys.setdefault(mark.item.tag, []).append(mark.item.key)
    lines = {tag: _together(tally.items, tagged) for tag, tagged in keys.items()}
    return {
        tag: TagScore(earned=line.value, possible=line.weight, percent=line.percent)
        for tag, line in lines.items()
    }
