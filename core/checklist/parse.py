"""Reading a checklist: everything that is wrong is reported at once, each fault with its path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from core.checklist.conditions import read_condition
from core.checklist.forms import from_form, is_form
from core.checklist.model import Band, Checklist, Section, written
from core.checklist.parse_items import ItemSource, read_channels, read_item
from core.checklist.problems import ChecklistError, Problem
from core.checklist.reading import Node
from core.checklist.references import reference_problems
from core.checklist.settings import CHOICES, FLAGS, PRESETS, Settings

PASS_MARK, LOW_SCORE_MARK = 85.0, 60.0
MOST_ITEMS = 2000
CHECKLIST_KEYS = frozenset(written(field.name) for field in fields(Checklist))
SECTION_KEYS = frozenset(written(field.name) for field in fields(Section))


def parse_checklist(
    data: Mapping[str, Any], *, library: ItemSource | None = None, preset: str | None = None
) -> Checklist:
    """The checklist written in our own format, or in the plain form of another system.

    Args:
        data: as read from YAML or JSON; see docs/checklists.md for the format.
        library: where `use: ID` finds its item.
        preset: name of the settings to start from; a form of another system names its own here.

    Raises:
        ChecklistError: all problems, each with its path.
    """
    problems: list[Problem] = []
    if isinstance(data, Mapping) and is_form(data):
        data = from_form(data, preset)
    root = Node(data, "", problems)
    root.check_keys(CHECKLIST_KEYS)
    settings = _settings(root.at("settings"), preset)
    checklist = Checklist(
        key=root.key(),
        version=int(root.number("version", 1, 1)),
        title=root.texts("title"),
        unit=root.texts("unit"),
        channels=read_channels(root),
        business_line=root.optional_text("business_line"),
        settings=settings,
        sections=tuple(_section(node, settings, library) for node in root.each("sections")),
        bands=_bands(root),
        pass_mark=_mark(root, "pass_mark", settings, PASS_MARK),
        low_score_mark=_mark(root, "low_score_mark", settings, LOW_SCORE_MARK),
        baseline=root.number("baseline", 0),
        minimum=root.optional_number("minimum"),
    )
    _check_size(root, checklist)
    problems += reference_problems(checklist)
    if problems:
        raise ChecklistError(problems)
    return checklist


def _settings(node: Node, preset: str | None) -> Settings:
    if node.value is not None:
        node.check_keys({field.name for field in fields(Settings)})
    name = node.choice("preset", PRESETS, "portal") if preset is None else preset
    if name not in PRESETS:
        node.problem("There is no preset {preset}.", preset=name)
    base = PRESETS.get(name, Settings())
    choices: dict[str, Any] = {
        name: node.choice(name, CHOICES[name], getattr(base, name)) for name in CHOICES
    }
    choices |= {name: node.flag(name, default=getattr(base, name)) for name in FLAGS}
    if choices["weights"] == "points":
        if node.has("na_policy") and choices["na_policy"] != "redistribute":
            node.at("na_policy").problem("With points an N/A item leaves earned and possible.")
        choices["na_policy"] = "redistribute"
    return replace(base, preset=name, **choices)


def _section(node: Node, settings: Settings, library: ItemSource | None) -> Section:
    node.check_keys(SECTION_KEYS)
    section = Section(
        key=node.key(),
        title=node.texts("title"),
        weight=node.number("weight", 1, 0),
        multiplier=node.number("multiplier", 1, 0),
        baseline=node.number("baseline", 0),
        minimum=node.optional_number("minimum"),
        critical=node.flag("critical", default=False),
        when=read_condition(node.at("when")) if node.has("when") else None,
        items=tuple(read_item(item_node, settings, library) for item_node in node.each("items")),
    )
    if section.multiplier != 1 and settings.weights != "points":
        node.at("multiplier").problem("A multiplier needs the weights to be points.")
    return section


def _bands(root: Node) -> tuple[Band, ...]:
    bands = []
    for node in root.each("bands"):
        node.check_keys({"key", "from", "title"})
        bands.append(Band(node.key(), node.number("from", 0), node.texts("title")))
    ordered = sorted(bands, key=lambda band: -band.floor)
    if len({band.floor for band in bands}) < len(bands):
        root.at("bands").problem("Two bands begin at the same score.")
    return tuple(ordered)


def _mark(root: Node, name: str, settings: Settings, default: float) -> float | None:
    """A mark; absent it is the portal's default, and none in the presets of other systems."""
    if root.has(name):
        return root.optional_number(name, 0, 100)
    stated = isinstance(root.value, Mapping) and name in root.value
    return default if settings.preset == "portal" and not stated else None


def _check_size(root: Node, checklist: Checklist) -> None:
    count = sum(1 for _ in checklist.items())
    if count == 0:
        root.at("sections").problem("A checklist needs at least one item.")
    if count > MOST_ITEMS:
        root.at("sections").problem("At most {most} items are possible.", most=MOST_ITEMS)
