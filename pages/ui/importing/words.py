"""Names for the kinds and counts of imports, in the reader's language."""

from __future__ import annotations

from pages.ui.kit.messages import _


def kind_names() -> dict[str, str]:
    """The kinds of import in the order in which a new portal needs them."""
    return {
        "stations": _("Stations"),
        "staff": _("Staff"),
        "interactions": _("Encounters"),
        "inspections": _("Inspections"),
    }


def count_names() -> dict[str, str]:
    return {
        "read": _("Rows read"),
        "added": _("Added"),
        "updated": _("Updated"),
        "unchanged": _("Unchanged"),
        "refused": _("Refused"),
    }
