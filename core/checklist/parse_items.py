"""Reading one item: its kind, what can be chosen, ranges, clock, flags and effects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, Protocol, cast

from core.checklist.conditions import read_condition
from core.checklist.data_reading import Node, refuse_repeats
from core.checklist.model import (
    CHANNELS,
    CHOICE_KINDS,
    EFFECTS,
    KINDS,
    WITH_LOSS,
    Clock,
    Effect,
    Item,
    Kind,
    NaRule,
    Option,
    Range,
    Texts,
    written,
)
from core.checklist.settings import Settings
from core.checklist.worth import worth
from core.clock import LimitStatus
from core.clock.event_keys import EVENTS
from core.clock.event_names import event_of_label

ITEM_KEYS = frozenset(
    {written(field.name) for field in fields(Item)}
    | {"optional", "effects", "levels", "min", "max"}
)
_CLOCK_KEYS = frozenset(field.name for field in fields(Clock))
DEFAULT_CAP = 60.0
MOST_LEVELS = 101


class ItemSource(Protocol):
    """Where `use: ID` finds an item."""

    def item_data(self, item_id: str) -> Mapping[str, Any] | None:
        """The item in checklist format, or None."""


def read_item(node: Node, settings: Settings, library: ItemSource | None) -> Item:
    """The item at a node; faults go to its problems."""
    if node.has("use"):
        node = _from_library(node, library)
    node.check_keys(ITEM_KEYS)
    kind = cast("Kind", node.choice("kind", KINDS, "yes_no"))
    item = Item(
        key=node.key(),
        kind=kind,
        term=node.texts("term"),
        text=node.texts("text"),
        guidance=node.texts("guidance"),
        good_example=node.texts("good_example"),
        bad_example=node.texts("bad_example"),
        channels=read_channels(node),
        multiplier=node.number("multiplier", 1, 0),
        options=read_options(node, kind, settings) if kind in CHOICE_KINDS else (),
        ranges=read_ranges(node) if kind == "number" else (),
        clock=_clock(node.at("clock")) if kind == "clock" else None,
        cap=node.optional_number("cap"),
        decimals=node.flag("decimals", default=False),
        required=node.flag("required", default=not node.flag("optional", default=False)),
        na_allowed=node.flag("na", default=True),
        na_reason_required=node.flag("na_reason_required", default=False),
        excluded=node.flag("excluded", default=False),
        bonus=node.flag("bonus", default=False),
        fatal=node.flag("fatal", default=False),
        critical=node.flag("critical", default=False),
        key_moment=node.flag("key_moment", default=False),
        evidence_required=node.flag("evidence_required", default=False),
        tag=node.optional_text("tag"),
        na_when=tuple(_na_rule(rule) for rule in node.each("na_when")),
        when=read_condition(node.at("when")) if node.has("when") else None,
    )
    return _weighed(node, item, settings)


def _na_rule(node: Node) -> NaRule:
    node.check_keys({"fact", "values", "reason"})
    return NaRule(node.key("fact"), node.names("values"), node.texts("reason"))


def _from_library(node: Node, library: ItemSource | None) -> Node:
    library_key = node.text("use")
    library_item = library.item_data(library_key) if library else None
    if library_item is None:
        node.at("use").problem("The library has no item {item}.", item=library_key)
        library_item = {"key": library_key}
    overrides = node.value if isinstance(node.value, Mapping) else {}
    merged = {**library_item, **{key: value for key, value in overrides.items() if key != "use"}}
    for field in ("clock", "effects"):
        if isinstance(library_item.get(field), Mapping) and isinstance(
            overrides.get(field), Mapping
        ):
            merged[field] = {**library_item[field], **overrides[field]}
    return Node(merged, node.path, node.problems)


def read_channels(node: Node) -> tuple[str, ...]:
    channels = node.names("channels")
    for channel in channels:
        if channel not in CHANNELS:
            node.at("channels").problem("There is no channel {channel}.", channel=channel)
    return channels


def _weighed(node: Node, item: Item, settings: Settings) -> Item:
    """The item with its weight, refused where its points could not be shared out."""
    value = worth(item, settings)
    by_points = settings.item_weight == "points" and settings.weights != "points"
    weight = node.number("weight", value.possible if by_points else 1, 0)
    if settings.weights != "points":
        if item.multiplier != 1:
            node.at("multiplier").problem("A multiplier needs the weights to be points.")
        if item.scored and value.possible <= 0:
            node.problem("Item {item} has no option worth more than 0.", item=item.key)
    return replace(item, weight=weight)


def _clock(node: Node) -> Clock:
    if node.value is not None:
        node.check_keys(_CLOCK_KEYS)
    limit = node.optional_number("limit_minutes", 0)
    start, stop = node.texts("start"), node.texts("stop")
    return Clock(
        start=start,
        stop=stop,
        start_event=_event(node, "start_event", start),
        stop_event=_event(node, "stop_event", stop),
        limit_minutes=limit,
        status=node.choice("status", tuple(LimitStatus), LimitStatus.USE.value),
        pauses=node.flag("pauses", default=False),
    )


def _event(node: Node, name: str, label: Texts) -> str:
    """The key of an event; what has none, as in former versions, is known by its label."""
    if node.has(name):
        return node.choice(name, ("", *EVENTS), "")
    return event_of_label(label) or ""


def read_options(node: Node, kind: Kind, settings: Settings) -> tuple[Option, ...]:
    full = 10.0 if settings.option_base == "ten" and settings.weights != "points" else 1.0
    if node.has("options"):
        options = [_option(option) for option in node.each("options")]
        refuse_repeats(zip(node.each("options"), (option.key for option in options), strict=True))
    else:
        options = list(_default_options(node, kind, full))
    _check_keys(node, kind, options)
    return tuple(_with_effects(node, options))


def _option(node: Node) -> Option:
    node.check_keys({"key", "points", "text", "effect", "bonus"})
    key = node.text("key")
    if not key:
        node.at("key").problem("An option needs a key.")
    return Option(
        key=key,
        points=node.number("points", 0),
        text=node.texts("text"),
        effect=_effect(node.at("effect")) if node.has("effect") else None,
        bonus=node.flag("bonus", default=False),
    )


def _default_options(node: Node, kind: Kind, full: float) -> Iterable[Option]:
    loss = node.at("effects").has(WITH_LOSS)
    if kind == "graded":
        levels = _levels(node)
        return [*levels, Option(WITH_LOSS, levels[-1].points)] if loss and levels else levels
    if kind == "clock":
        return [Option("met", full), Option("late", 0.0)]
    if kind == "yes_no":
        return [Option("yes", full), Option("no", 0.0)] + [Option(WITH_LOSS, 0.0)] * loss
    return []


def _levels(node: Node) -> list[Option]:
    """The levels of a graded item, best first: written out, or from min to max."""
    levels = node.at("levels")
    if levels.value is None:
        low, high = node.number("min", 0, -1000, 1000), node.number("max", 4, -1000, 1000)
        if low != int(low) or high != int(high) or not 0 < high - low < MOST_LEVELS:
            node.at("max").problem("Levels run between two whole numbers, at most 100 apart.")
            return []
        return [Option(str(level), float(level)) for level in range(int(high), int(low) - 1, -1)]
    if not isinstance(levels.value, Mapping):
        levels.problem("A mapping is expected here.")
        return []
    texts = {str(level): text for level, text in levels.value.items()}
    if not all(_is_whole(level) for level in texts):
        levels.problem("Levels are whole numbers.")
        return []
    named = Node(texts, levels.path, node.problems)
    return [
        Option(level, float(level), named.texts(level))
        for level in sorted(texts, key=int, reverse=True)
    ]


def _check_keys(node: Node, kind: Kind, options: list[Option]) -> None:
    keys = {option.key for option in options}
    if not keys:
        node.at("options").problem("Options to choose from are needed.")
    if kind == "yes_no" and not {"yes", "no"} <= keys:
        node.at("options").problem("A yes/no item needs the options yes and no.")
    if kind == "clock" and keys != {"met", "late"}:
        node.at("options").problem("A clock has the options met and late.")
    if kind == "graded" and not all(map(_is_whole, keys - {WITH_LOSS})):
        node.at("options").problem("Levels are whole numbers.")


def _with_effects(node: Node, options: list[Option]) -> Iterable[Option]:
    """Options with the effects that `effects` adds by option key."""
    effects = node.at("effects")
    if effects.value is None:
        return options
    if not isinstance(effects.value, Mapping):
        effects.problem("A mapping is expected here.")
        return options
    effect_data = {str(key): value for key, value in effects.value.items()}
    by_key = Node(effect_data, effects.path, node.problems)
    by_key.check_keys({option.key for option in options})
    return [
        Option(option.key, option.points, option.text, _effect(by_key.at(option.key)), option.bonus)
        if by_key.has(option.key)
        else option
        for option in options
    ]


def _effect(node: Node) -> Effect | None:
    """form_zero, section_zero, flag, cap, {cap: 60} or {section_zero: [section keys]}."""
    if isinstance(node.value, str) and node.value in EFFECTS:
        return Effect(node.value, DEFAULT_CAP if node.value == "cap" else None)
    if node.has("cap"):
        node.check_keys({"cap"})
        return Effect("cap", node.number("cap", DEFAULT_CAP, 0, 100))
    if node.has("section_zero"):
        node.check_keys({"section_zero"})
        return Effect("section_zero", sections=node.names("section_zero"))
    node.problem("An effect is form_zero, section_zero, flag, or a cap such as {{cap: 60}}.")
    return None


def read_ranges(node: Node) -> tuple[Range, ...]:
    decimals = node.at("decimals").value is True
    ranges = tuple(_range(range_) for range_ in node.each("ranges"))
    if not ranges and node.at("excluded").value is not True:
        node.at("ranges").problem("A number that is scored needs ranges.")
    ordered = sorted(ranges, key=lambda range_: range_.low)
    for before, after in pairwise(ordered):
        values = {"low": f"{before.high:g}", "high": f"{after.low:g}"}
        if after.low <= before.high:
            node.at("ranges").problem("Ranges overlap at {high}.", **values)
        elif not decimals and after.low != before.high + 1:
            node.at("ranges").problem("There is a gap between {low} and {high}.", **values)
    if not decimals and any(
        end != int(end) for range_ in ranges for end in (range_.low, range_.high)
    ):
        node.at("ranges").problem("Ranges end at whole numbers unless decimals are allowed.")
    return tuple(ordered)


def _range(node: Node) -> Range:
    node.check_keys({"min", "max", "points", "effect"})
    if not (node.has("min") and node.has("max")):
        node.problem("A range needs min and max.")
    low, high = node.number("min", 0), node.number("max", 0)
    if low > high:
        node.problem("The range ends before it begins.")
    effect = _effect(node.at("effect")) if node.has("effect") else None
    return Range(low=low, high=high, points=node.number("points", 0), effect=effect)


def _is_whole(key: str) -> bool:
    return key.removeprefix("-").isdecimal() and key.isascii() and len(key) <= 6
