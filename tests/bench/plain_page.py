"""A plain Streamlit page that draws the same widgets, tables and charts over constant data.

Served by tests.bench.bench_clicks; the address names the page, PLAIN_CALLS the folder. Each option
of the page's filter has its own constant data.
"""

from __future__ import annotations

import gc
import os
import pickle
from importlib import import_module
from pathlib import Path

import streamlit as st

from tests.bench.recording import Shown


@st.cache_resource
def recorded(page: str) -> tuple[str, Shown]:
    """Read once; then, as in the portal, what is loaded is not collected again."""
    found: tuple[str, Shown] = pickle.loads((Path(os.environ["PLAIN_CALLS"]) / page).read_bytes())
    gc.collect()
    gc.freeze()
    return found


st.set_page_config(layout="wide")
key, shown = recorded(st.query_params.get("page", "stations"))
for call in shown[st.session_state.get(key, next(iter(shown)))]:
    owner = import_module(call.module) if call.module else st
    options = dict(call.options)
    if call.module and "default" in options:
        for state in options["default"]:
            options[f"on_{state}_change"] = lambda: None
    getattr(owner, call.name)(*call.args, **options)
