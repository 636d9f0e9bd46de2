"""Every page of the portal, each with somebody of the cast who may open it."""

from __future__ import annotations

from collections.abc import Iterator

from core.access import PERMISSIONS, Role
from pages.ui import menus

OF_ROLE = {
    "administrator": Role.ADMINISTRATOR,
    "alice": Role.INSPECTOR,
    "bob": Role.QUALITY_MANAGER,
    "tina": Role.TRAINER,
    "audrey": Role.AUDITOR,
    "charlie": Role.STAFF,
}


def addresses(role: Role) -> list[str]:
    return [entry.path for entry in menus.entries() if entry.action in PERMISSIONS[role]]


def walked() -> Iterator[tuple[str, list[str]]]:
    """Each page once, with the first person who may open it."""
    seen: set[str] = set()
    for username, role in OF_ROLE.items():
        mine = [path for path in addresses(role) if path not in seen]
        seen.update(mine)
        yield username, mine
