"""Reading one item: its kind, options, ranges, clock and flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Protocol, cast

from core.checklist.conditions import read_condition
from core.checklist.model import (
    CHANNELS,
    CHOICE_KINDS,
    KINDS,
    Clock,
    Item,
    Kind,
    NaRule,
    written,
)
from core.checklist.parse_options import read_options, read_ranges
from core.checklist.reading import Node
from core.checklist.settings import Settings
from core.checklist.worth import worth

ITEM_KEYS = frozenset(
    {written(field.name) for field in fields(Item)}
    | {"optional", "effects", "levels", "min", "max"}
)


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
        node.check_keys({"start", "stop", "limit_minutes", "status", "pauses"})
    limit = node.optional_number("limit_minutes", 0)
    return Clock(
        start=node.texts("start"),
        stop=node.texts("stop"),
        limit_minutes=limit,
        status=node.choice("status", ("use", "check", "off", "period", "unset"), "use"),
        pauses=node.flag("pauses", default=False),
    )
