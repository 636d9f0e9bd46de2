"""Streamlit's own English texts in the page's language, and the page's `lang`.

Streamlit has no option for them, so a small script in the page exchanges them by a dictionary.
It leaves alone what we or customers wrote. Without it the portal stays usable, partly in English.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

import streamlit as st

from core.i18n import N_
from pages.ui.kit import modules
from pages.ui.kit.messages import _, use_language

_TEXTS = (
    N_("{size} per file"),
    N_("About"),
    N_("Add row"),
    N_("App pages"),
    N_("Autosize"),
    N_("Choose an option"),
    N_("Choose date"),
    N_("Choose date range"),
    N_("Choose options"),
    N_("Clear all"),
    N_("Clear date"),
    N_("Clear dates"),
    N_("Clear value"),
    N_("Close"),
    N_("Close fullscreen"),
    N_("Collapse sidebar"),
    N_("Connecting"),
    N_("Connection error"),
    N_("Copied"),
    N_("Copy column name"),
    N_("Copy to clipboard"),
    N_("Copy version to clipboard"),
    N_("Copy Vega-Lite spec"),
    N_("Dark"),
    N_("Decrement"),
    N_("Delete row"),
    N_("Download as CSV"),
    N_("Download as PNG"),
    N_("Expand sidebar"),
    N_("Format"),
    N_("Fullscreen"),
    N_("Help for {name}"),
    N_("Hide column"),
    N_("Hide password"),
    N_("Increment"),
    N_("Invalid date"),
    N_("Light"),
    N_("Link to heading"),
    N_("Made with Streamlit v"),
    N_("Main menu"),
    N_("Navigate to home page"),
    N_("Next month"),
    N_("Next page"),
    N_("No options"),
    N_("No results"),
    N_("Open"),
    N_("Page not found"),
    N_("Pagination"),
    N_("Pin column"),
    N_("Press Enter to apply"),
    N_("Press Enter to submit form"),
    N_("Previous month"),
    N_("Previous page"),
    N_("Print"),
    N_("Record screen"),
    N_("Remove {name}"),
    N_("Rerun"),
    N_("Running..."),
    N_("Search"),
    N_("Select all"),
    N_("Selected values"),
    N_("Settings"),
    N_("Show chart"),
    N_("Show data"),
    N_("Show password"),
    N_("Show/hide columns"),
    N_("Sidebar"),
    N_("Skip to main content"),
    N_("Sort ascending"),
    N_("Sort descending"),
    N_("System"),
    N_("Theme"),
    N_("Unpin column"),
    N_("Upload"),
    N_("Use system setting"),
    N_("empty"),
    N_("file upload"),
)
_OF_WHAT = (
    *("Copy Vega-Lite spec", "Download as CSV", "Download as PNG", "Fullscreen"),
    *("Close fullscreen", "Search", "Show chart", "Show data", "Show/hide columns"),
)
"""Labels of buttons that Streamlit gives the name of their table or chart behind a colon."""
_REWORDED = {
    "The page that you have requested does not seem to exist. Running the app's main page.": N_(
        "This page does not exist, or your role does not open it. Here is your first page instead."
    ),
}
"""Texts of Streamlit whose words would mislead."""


def translate_builtin_texts(language: str) -> None:
    """Set the page's language and exchange the built-in texts.

    The script comes from a route: the portal's policy lets the browser run none that stands in
    the page itself.
    """
    script = modules.tag(
        "kit/builtin_texts.js",
        language=language.replace("_", "-"),
        dictionary=f"/assets/texts/{language}.json?{_version(language)}",
    )
    st.html(script, unsafe_allow_javascript=True)


@cache
def dictionary(language: str) -> str:
    """The texts of a page in this language, by what Streamlit says; as JSON."""
    use_language(language)
    return json.dumps({text: ours for text, ours in texts().items() if ours != text})


def texts() -> dict[str, str]:
    """The built-in texts that can appear in the portal, each with its replacement.

    What stands in braces is whatever is there.
    """
    of_what = {
        f"{label}: {{name}}": _("{label}: {value}", label=_(label), value="{name}")
        for label in _OF_WHAT
    }
    reworded = {text: _(ours) for text, ours in _REWORDED.items()}
    return {text: _(text) for text in _TEXTS} | of_what | reworded


@cache
def _version(language: str) -> str:
    return hashlib.sha256(dictionary(language).encode()).hexdigest()[:12]
