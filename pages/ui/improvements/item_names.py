"""The names of checklist items by key, whatever checklist they stand in."""

from __future__ import annotations

from core.checklist import Texts
from db.checklists.queries.texts import checklist_texts
from pages.ui.kit.cached_figures import Reader


def item_names() -> dict[str, Texts]:
    """Items of every checklist that has been in force; the first name of each stands."""
    names: dict[str, Texts] = {}
    for texts in Reader()(checklist_texts).values():
        for key, name in texts.items.items():
            names.setdefault(key, name)
    return names
