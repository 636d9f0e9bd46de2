"""A checklist version: sections of items, their weights, effects and conditions, frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from core.checklist.conditions import Condition
from core.checklist.settings import Settings
from core.checklist.worth import Worth, worth

Texts = Mapping[str, str]  # language -> text; a form of one's own may lack languages
Kind = Literal["yes_no", "graded", "single", "multi", "number", "clock", "text", "date"]
EffectKind = Literal["form_zero", "section_zero", "cap", "flag"]
Channel = Literal["counter", "phone", "chat", "email", "bot", "record", "site"]

KINDS: tuple[Kind, ...] = get_args(Kind)
EFFECTS: tuple[EffectKind, ...] = get_args(EffectKind)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
BOT: Channel = "bot"
"""Its encounters are in no figure of people or of several channels, only in its own."""
CHOICE_KINDS = frozenset({"yes_no", "graded", "single", "multi", "clock"})
WRITTEN = {"na_allowed": "na", "low": "min", "high": "max", "floor": "from"}
WITH_LOSS = "no_with_loss"  # the worst answer: the customer suffered, or could have suffered, loss
UNSCORED_KINDS = frozenset({"text", "date"})
_YES = frozenset({"yes", "是"})
_NO = frozenset({"no", "否"})


@dataclass(frozen=True)
class Effect:
    """What choosing an option does beyond its points.

    `cap` is the highest score left, for the kind cap. `sections` are the sections that
    section_zero zeroes; empty means the item's own.
    """

    kind: EffectKind
    cap: float | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """One answer to choose; a bonus option adds to the points earned, not to those possible."""

    key: str
    points: float
    text: Texts = field(default_factory=dict)
    effect: Effect | None = None
    bonus: bool = False


@dataclass(frozen=True)
class Range:
    """Numbers from low to high, both included, and the points they earn."""

    low: float
    high: float
    points: float
    effect: Effect | None = None


@dataclass(frozen=True)
class Clock:
    """A start event, a stop event and a limit in calendar time; no limit: not scored.

    Attributes:
        start, stop: what people read; they may say it in any words.
        start_event, stop_event: the keys of the events between which it runs; empty: its times
            are entered by people alone.
    """

    start: Texts = field(default_factory=dict)
    stop: Texts = field(default_factory=dict)
    start_event: str = ""
    stop_event: str = ""
    limit_minutes: float | None = None
    status: str = "use"
    pauses: bool = False


@dataclass(frozen=True)
class NaRule:
    """An item is answered N/A beforehand where a fact known of the encounter has such a value."""

    fact: str
    values: tuple[str, ...]
    reason: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One thing to check. `key` stays the same over versions; library items keep their id."""

    key: str
    kind: Kind
    term: Texts = field(default_factory=dict)
    text: Texts = field(default_factory=dict)
    guidance: Texts = field(default_factory=dict)
    good_example: Texts = field(default_factory=dict)
    bad_example: Texts = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    weight: float = 1.0
    multiplier: float = 1.0
    options: tuple[Option, ...] = ()
    ranges: tuple[Range, ...] = ()
    clock: Clock | None = None
    cap: float | None = None
    decimals: bool = False
    required: bool = True
    na_allowed: bool = True
    na_reason_required: bool = False
    excluded: bool = False
    bonus: bool = False
    fatal: bool = False
    critical: bool = False
    key_moment: bool = False
    evidence_required: bool = False
    tag: str | None = None
    na_when: tuple[NaRule, ...] = ()
    when: Condition | None = None

    @property
    def name(self) -> Texts:
        """The term, or the whole text where there is none."""
        return self.term or self.text

    @cached_property
    def by_option(self) -> dict[str, Option]:
        return {option.key: option for option in self.options}

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """The effects its answers may have."""
        of_options = [option.effect for option in self.options]
        of_ranges = [range_.effect for range_ in self.ranges]
        return tuple(effect for effect in of_options + of_ranges if effect is not None)

    @cached_property
    def scored(self) -> bool:
        """Whether answers can count: not excluded, no text or date, no clock without limit."""
        unset = self.clock is not None and self.clock.limit_minutes is None
        return not (self.excluded or self.kind in UNSCORED_KINDS or unset)

    @cached_property
    def is_critical(self) -> bool:
        """Whether an answer can do more than cost its own points."""
        return self.scored and (bool(self.effects) or self.critical or self.fatal)

    @property
    def needs_na_reason(self) -> bool:
        """N/A says why: the checklist asks for it, or the item is critical."""
        return self.na_reason_required or self.is_critical

    @cached_property
    def yes(self) -> str | None:
        """The key of the option that plainly says yes; None where no option does."""
        return _plainly(self.options, "yes", _YES)

    @cached_property
    def no(self) -> str | None:
        """The key of the option that plainly says no; None where no option does."""
        return _plainly(self.options, "no", _NO)


@dataclass(frozen=True)
class SectionFloor:
    """A section that scores less than `below` keeps the band at `band` at best, and is no pass."""

    below: float
    band: str


@dataclass(frozen=True)
class Section:
    """Items scored together."""

    key: str
    items: tuple[Item, ...]
    title: Texts = field(default_factory=dict)
    weight: float = 1.0
    multiplier: float = 1.0
    baseline: float = 0.0
    minimum: float | None = None
    critical: bool = False
    section_floor: SectionFloor | None = None
    when: Condition | None = None


@dataclass(frozen=True)
class Band:
    """A name for scores from `floor` up to the next band."""

    key: str
    floor: float
    title: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Checklist:
    """A version of a checklist. Bands are ordered from the best down."""

    key: str
    sections: tuple[Section, ...]
    settings: Settings = field(default_factory=Settings)
    version: int = 1
    title: Texts = field(default_factory=dict)
    unit: Texts = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    business_line: str | None = None
    bands: tuple[Band, ...] = ()
    pass_mark: float | None = None
    low_score_mark: float | None = None
    baseline: float = 0.0
    minimum: float | None = None

    @cached_property
    def by_key(self) -> dict[str, Item]:
        return {item.key: item for item in self.items()}

    @cached_property
    def worths(self) -> dict[str, Worth]:
        """What each item can be worth under the settings."""
        return {item.key: worth(item, self.settings) for item in self.items()}

    def items(self) -> Iterator[Item]:
        for section in self.sections:
            yield from section.items


def _plainly(options: tuple[Option, ...], key: str, words: frozenset[str]) -> str | None:
    """The option of that key, or the first whose whole text is one of the words."""
    if any(option.key == key for option in options):
        return key
    wordings = (
        {text.strip(" .。").casefold() for text in option.text.values()} for option in options
    )
    fitting = (option.key for option, texts in zip(options, wordings, strict=True) if texts & words)
    return next(fitting, None)


def level_of(item: Item, key: str) -> float | None:
    """The number of a graded item's option; None for any other."""
    return float(key) if item.kind == "graded" and key != WITH_LOSS else None


def written(name: str) -> str:
    """What a field of the model is called in a checklist file."""
    return WRITTEN.get(name, name)


def text_in(texts: Texts, language: str) -> str:
    """The text in a language, or in the first other one that has it; empty when none does."""
    order = (language, "en", "zh_TW", "zh_CN")
    return next((texts[name] for name in order if texts.get(name)), "")
