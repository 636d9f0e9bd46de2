"""Uploading a file to import: our own component and route, not limited as the built-in one is."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.access import Identity
from db.importing.spool import Spool, Upload
from pages.ui.kit import wiring
from pages.ui.kit.messages import _
from pages.ui.kit.modules import entry

_HERE = Path(__file__).parent
_ACCEPTED = {"rows": ".csv,.jsonl,.json,.xlsx", "turns": ".csv"}
_component = st.components.v2.component(
    "import_upload",
    html=(_HERE / "upload.html").read_text(encoding="utf-8"),
    css=(_HERE / "upload.css").read_text(encoding="utf-8"),
    js=entry("importing/upload.js"),
)


def upload(who: Identity, slot: str, label: str) -> Upload | None:
    """Take a file from the person; the last upload, also from before a reload."""
    spool = Spool.of(wiring.settings().var_dir, who.user_id)
    waiting = spool.waiting(slot)
    _component(
        key=f"upload_{slot}",
        data={
            "slot": slot,
            "accept": _ACCEPTED[slot],
            "file": {"name": waiting.name, "size": waiting.size} if waiting else None,
            "texts": {
                "label": label,
                "choose": _("Choose a file"),
                "drop": _("or drop it here"),
                "cancel": _("Cancel"),
                "sending": _("{name}: {percent} % sent"),
                "failed": _("The file did not arrive. Check the connection and try again."),
                "too_large": _("The file is larger than {limit}."),
            },
        },
        on_received_change=lambda: None,
    )
    return waiting
