"""Streamlit's own English texts in the page's language, and the page's `lang`."""

from __future__ import annotations

import json

import streamlit as st

_SCRIPT = "<script>document.documentElement.lang = {language};</script>"


def translate_builtin_texts(language: str) -> None:
    """Set the page's language, so that Chinese forms are drawn right."""
    tag = json.dumps(language.replace("_", "-"))
    st.html(_SCRIPT.format(language=tag), unsafe_allow_javascript=True)
