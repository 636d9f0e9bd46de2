"""Tables in narrow windows: the first column, which names a row, stays while one scrolls."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from tests.support.requirements import ROOT

PAGE = """
import pandas as pd
import streamlit as st

from pages.ui.kit.tables import show_table

frame = pd.DataFrame({"Station": ["TPE"], "Score": [91.8], "Note": ["of all"]})
look = {"Station": st.column_config.TextColumn(width="small"), "Score": "Points"}
show_table(frame, column_config=look, key="wide")
show_table([{"Only": 1}], key="single")
assert look["Station"]["pinned"] is None  # what was handed over is as it was
"""


def test_the_first_of_several_columns_is_pinned_and_keeps_its_look():
    app = AppTest.from_string(PAGE).run(timeout=30)
    assert not app.exception
    wide, single = (json.loads(table.proto.columns or "{}") for table in app.dataframe)
    assert wide["Station"]["pinned"] is True
    assert wide["Station"]["width"] == "small"
    assert [wide[name].get("pinned", False) for name in wide if name != "Station"] == [False] * (
        len(wide) - 1
    )
    assert "Only" not in single


def test_every_table_of_a_page_is_shown_by_the_one_function():
    elsewhere = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "pages").rglob("*.py")
        if "st.dataframe(" in path.read_text()
    ]
    assert elsewhere == ["pages/ui/kit/tables.py"]
