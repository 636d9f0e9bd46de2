"""Streamlit's own English texts in the page's language, and the page's `lang`.

Streamlit has no option for them, so a small script in the page exchanges them by a dictionary.
It leaves alone what we or customers wrote. Without it the portal stays usable, partly in English.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import streamlit as st

from pages.ui.messages import _, use_language

_SCRIPT = (Path(__file__).parent / "builtin_texts.js").read_text(encoding="utf-8")


def translate_builtin_texts(language: str) -> None:
    """Set the page's language and exchange the built-in texts.

    The script comes from a route: the portal's policy lets the browser run none that stands in
    the page itself.
    """
    address = f"/assets/texts/{language}.js?{_version(language)}"
    st.html(f'<script src="{address}"></script>', unsafe_allow_javascript=True)


@cache
def script(language: str) -> str:
    """What exchanges the texts of a page in this language."""
    use_language(language)
    tag = json.dumps(language.replace("_", "-"))
    dictionary = {} if language == "en" else texts()
    return f"{_SCRIPT}({tag}, {json.dumps(dictionary, ensure_ascii=True)});"


def texts() -> dict[str, str]:
    """The built-in texts that can appear in the portal, with their translations."""
    return {
        "10MB per file": _("10MB per file"),
        "About": _("About"),
        "Add row": _("Add row"),
        "App pages": _("App pages"),
        "Autosize": _("Autosize"),
        "Choose an option": _("Choose an option"),
        "Choose date": _("Choose date"),
        "Choose options": _("Choose options"),
        "Clear all": _("Clear all"),
        "Clear value": _("Clear value"),
        "Close": _("Close"),
        "Close fullscreen": _("Close fullscreen"),
        "Collapse sidebar": _("Collapse sidebar"),
        "Connecting": _("Connecting"),
        "Connection error": _("Connection error"),
        "Copied": _("Copied"),
        "Copy column name": _("Copy column name"),
        "Copy to clipboard": _("Copy to clipboard"),
        "Copy version to clipboard": _("Copy version to clipboard"),
        "Dark": _("Dark"),
        "Decrement": _("Decrement"),
        "Delete row": _("Delete row"),
        "Download as CSV": _("Download as CSV"),
        "Download as PNG": _("Download as PNG"),
        "Expand sidebar": _("Expand sidebar"),
        "Format": _("Format"),
        "Fullscreen": _("Fullscreen"),
        "Hide column": _("Hide column"),
        "Hide password": _("Hide password"),
        "Increment": _("Increment"),
        "Invalid date": _("Invalid date"),
        "Light": _("Light"),
        "Link to heading": _("Link to heading"),
        "Made with Streamlit v": _("Made with Streamlit v"),
        "Main menu": _("Main menu"),
        "Next month": _("Next month"),
        "Next page": _("Next page"),
        "No options": _("No options"),
        "No results": _("No results"),
        "Open": _("Open"),
        "Page not found": _("Page not found"),
        "Pagination": _("Pagination"),
        "Pin column": _("Pin column"),
        "Press Enter to apply": _("Press Enter to apply"),
        "Press Enter to submit form": _("Press Enter to submit form"),
        "Previous month": _("Previous month"),
        "Previous page": _("Previous page"),
        "Print": _("Print"),
        "Record screen": _("Record screen"),
        "Rerun": _("Rerun"),
        "Running...": _("Running..."),
        "Search": _("Search"),
        "Select all": _("Select all"),
        "Selected values": _("Selected values"),
        "Settings": _("Settings"),
        "Show chart": _("Show chart"),
        "Show data": _("Show data"),
        "Show password": _("Show password"),
        "Show/hide columns": _("Show/hide columns"),
        "Sidebar": _("Sidebar"),
        "Skip to main content": _("Skip to main content"),
        "Sort ascending": _("Sort ascending"),
        "Sort descending": _("Sort descending"),
        "System": _("System"),
        "Theme": _("Theme"),
        "Unpin column": _("Unpin column"),
        "Upload": _("Upload"),
        "Use system setting": _("Use system setting"),
        "empty": _("empty"),
        "file upload": _("file upload"),
    }


@cache
def _version(language: str) -> str:
    return hashlib.sha256(script(language).encode()).hexdigest()[:12]
