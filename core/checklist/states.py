"""The states of a checklist's version and who leads it from one to the next."""

from __future__ import annotations

from enum import StrEnum, auto

from core.access import Action
from core.states import States, deed


class VersionState(StrEnum):
    """Active: in force within its days. Retired: it comes into force no more."""

    DRAFT = auto()
    ACTIVE = auto()
    RETIRED = auto()


IN_USE = (VersionState.ACTIVE, VersionState.RETIRED)
"""What may have been scored with."""
CHECKLIST_VERSION = States(
    kind="checklist_version",
    first=VersionState.DRAFT,
    deeds=(
        deed("activate", VersionState.DRAFT, VersionState.ACTIVE, Action.EDIT_CHECKLISTS),
        deed("retire", VersionState.ACTIVE, IN_USE, Action.EDIT_CHECKLISTS),
        deed("end_version", VersionState.ACTIVE, IN_USE, None),
    ),
    refusal="Only an active version can be retired.",
)
