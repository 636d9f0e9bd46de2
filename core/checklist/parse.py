"""Reading a checklist, our own form or other systems' plain one.

Everything that is wrong is reported at once, each fault with its path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from core.checklist.conditions import read_condition
from core.checklist.data_reading import Node
from core.checklist.model import Band, Checklist, Section, SectionFloor, written
from core.checklist.parse_items import ItemSource, read_channels, read_item
from core.checklist.problems import ChecklistError, Problem
from core.checklist.references import reference_problems
from core.checklist.settings import CHOICES, FLAGS, PRESETS, Settings

PASS_MARK, LOW_SCORE_MARK = 85.0, 60.0
MOST_ITEMS = 2000
CHECKLIST_KEYS = frozenset(written(field.name) for field in fields(Checklist))
SECTION_KEYS = frozenset(written(field.name) for field in fields(Section))
FAILS = {"form": "form_zero", "section": "section_zero"}


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
        section_floor=_section_floor(node.at("section_floor")),
        when=read_condition(node.at("when")) if node.has("when") else None,
        items=tuple(read_item(item_node, settings, library) for item_node in node.each("items")),
    )
    if section.multiplier != 1 and settings.weights != "points":
        node.at("multiplier").problem("A multiplier needs the weights to be points.")
    return section


def _section_floor(node: Node) -> SectionFloor | None:
    if node.value is None:
        return None
    node.check_keys({"below", "band"})
    return SectionFloor(node.number("below", LOW_SCORE_MARK, 0, 100), node.key("band"))


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


def is_form(data: Mapping[str, Any]) -> bool:
    return "mode" in data and "settings" not in data


def preset_of(form: Mapping[str, Any]) -> str:
    """The preset of a form that names none: by its mode, and for weights by its ratings."""
    if form.get("mode") == "points":
        return "genesys"
    sections = [section for section in _list(form.get("sections")) if isinstance(section, Mapping)]
    items = [item for section in sections for item in _list(section.get("items"))]
    rated = any(
        item.get("kind") == "rating" or item.get("critical")
        for item in items
        if isinstance(item, Mapping)
    )
    return "zendesk" if rated else "connect"


def from_form(form: Mapping[str, Any], preset: str | None) -> dict[str, Any]:
    """The same checklist in our own format."""
    renamed = {key: value for key, value in form.items() if key not in {"mode", "blank"}}
    settings = {"preset": preset or preset_of(form), "weights": form["mode"]}
    if "blank" in form:
        settings["blank"] = form["blank"]
    return {
        "key": "form",
        **renamed,
        "settings": settings,
        **_renamed_list(form, "sections", _form_section),
    }


def _form_section(section: Mapping[str, Any]) -> dict[str, Any]:
    return {**section, **_renamed_list(section, "items", _form_item)}


def _form_item(item: Mapping[str, Any]) -> dict[str, Any]:
    kind = {"kind": "graded"} if item.get("kind") == "rating" else {}
    return {
        **item,
        **kind,
        **_renamed_list(item, "options", _form_choice),
        **_renamed_list(item, "ranges", _form_choice),
    }


def _form_choice(choice: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {key: value for key, value in choice.items() if key != "fail"}
    if "fail" in choice:
        renamed["effect"] = FAILS.get(str(choice["fail"]), choice["fail"])
    return renamed


def _renamed_list(
    holder: Mapping[str, Any], name: str, rename: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """The list under a name with its mappings renamed; what is no mapping is left to the parser."""
    if not isinstance(holder.get(name), list):
        return {}
    elements = holder[name]
    return {
        name: [rename(element) if isinstance(element, Mapping) else element for element in elements]
    }


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
