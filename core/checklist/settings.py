"""The open rules of scoring: where the systems we can express differ, each rule is named here.

Presets hold the values that give each system's own scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Weights = Literal["item_weights", "section_weights", "points"]
NaPolicy = Literal["redistribute", "within_section", "skip"]
OptionBase = Literal["best", "ten"]
GradedBase = Literal["span", "top"]
MultiBase = Literal["sum", "max"]
ItemWeight = Literal["equal", "points"]
Blank = Literal["leave_out", "zero"]
FatalRule = Literal["not_best", "worst"]
CriticalRule = Literal["none", "second_score", "below_half"]
EvidenceRule = Literal["off", "ask", "require"]


@dataclass(frozen=True)
class Settings:
    """How a checklist is scored.

    Attributes:
        preset: name of the preset the other values started from.
        weights: item_weights and section_weights share 100 percent among items or sections;
            points adds up points earned and divides by points possible.
        na_policy: where the weight of an item that is N/A goes. redistribute: to all other items
            in proportion. within_section: to the items of its section; a section with nothing
            applicable gives its weight to the other sections. skip: nowhere, the best possible
            score falls. With points an N/A item always leaves earned and possible.
        scale_weights: declared weights are scaled so that they sum to 100; if not, they count as
            percent as they stand (and the weight of an empty section is lost).
        option_base: what an option's points are divided by under weights: the best option's
            points, or ten.
        graded_base: a level counts from the lowest level (span), or from zero (top).
        multi_base: a multiple choice is worth the sum of its options, or its best option.
        item_weight: the weight of an item that states none: 1, or its possible points.
        bonus_over_100: bonus points may lift the score above 100.
        below_zero: negative points may pull the score below 0.
        blank: an unanswered item is left out of the provisional score, or earns zero. A blank
            required item blocks submission either way.
        fatal_rule: a fatal item zeroes the form unless the best option is chosen, or only when
            the worst is.
        critical_rule: what `critical` on an item does: nothing, a second score over the critical
            items, or zeroing the form when the item (or a critical section) earns under half.
        critical_score_weighted: multipliers count in that second score.
        evidence: each lost point wants evidence or a reason: not at all, pointed out while
            scoring, or demanded before submitting. It changes no score.
    """

    preset: str = "portal"
    weights: Weights = "section_weights"
    na_policy: NaPolicy = "within_section"
    scale_weights: bool = True
    option_base: OptionBase = "best"
    graded_base: GradedBase = "span"
    multi_base: MultiBase = "sum"
    item_weight: ItemWeight = "equal"
    bonus_over_100: bool = False
    below_zero: bool = False
    blank: Blank = "leave_out"
    fatal_rule: FatalRule = "not_best"
    critical_rule: CriticalRule = "none"
    critical_score_weighted: bool = False
    evidence: EvidenceRule = "ask"


CHOICES: dict[str, tuple[str, ...]] = {
    "weights": get_args(Weights),
    "na_policy": get_args(NaPolicy),
    "option_base": get_args(OptionBase),
    "graded_base": get_args(GradedBase),
    "multi_base": get_args(MultiBase),
    "item_weight": get_args(ItemWeight),
    "blank": get_args(Blank),
    "fatal_rule": get_args(FatalRule),
    "critical_rule": get_args(CriticalRule),
    "evidence": get_args(EvidenceRule),
}
FLAGS = ("scale_weights", "bonus_over_100", "below_zero", "critical_score_weighted")

PRESETS: dict[str, Settings] = {
    "portal": Settings(),
    "plain": Settings(preset="plain", weights="item_weights", na_policy="redistribute"),
    "connect": Settings(
        preset="connect",
        weights="item_weights",
        na_policy="redistribute",
        option_base="ten",
        bonus_over_100=True,
    ),
    "genesys": Settings(
        preset="genesys",
        weights="points",
        na_policy="redistribute",
        critical_rule="second_score",
    ),
    "google": Settings(preset="google", weights="points", na_policy="redistribute"),
    "zendesk": Settings(
        preset="zendesk",
        weights="item_weights",
        na_policy="redistribute",
        critical_rule="below_half",
    ),
    "verint": Settings(
        preset="verint",
        na_policy="within_section",
        scale_weights=False,
        item_weight="points",
        below_zero=True,
    ),
    "safetyculture": Settings(
        preset="safetyculture",
        weights="points",
        na_policy="redistribute",
        graded_base="top",
        blank="zero",
    ),
    "calabrio": Settings(
        preset="calabrio", weights="points", na_policy="redistribute", below_zero=True
    ),
    "maestroqa": Settings(
        preset="maestroqa", weights="points", na_policy="redistribute", bonus_over_100=True
    ),
}
