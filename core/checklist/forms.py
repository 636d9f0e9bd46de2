"""The plain interchange form of other systems' checklists, rewritten as our own format.

Only names change here; every number stays as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

FAILS = {"form": "form_zero", "section": "section_zero"}


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
        **_renamed_list(form, "sections", _section),
    }


def _section(section: Mapping[str, Any]) -> dict[str, Any]:
    return {**section, **_renamed_list(section, "items", _item)}


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    kind = {"kind": "graded"} if item.get("kind") == "rating" else {}
    return {
        **item,
        **kind,
        **_renamed_list(item, "options", _choice),
        **_renamed_list(item, "ranges", _choice),
    }


def _choice(choice: Mapping[str, Any]) -> dict[str, Any]:
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
