"""Folding for search: both scripts, widths and cases alike, offsets as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.textfold import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("機票", "机票"),
        ("ＡＢＣ１２３", "abc123"),
        ("Passport", "passport"),
        ("著裝", "着装"),
        ("着装", "着装"),
        ("憑藉", "凭借"),
        ("瞭解", "了解"),
        ("帳號", "帐号"),
        ("账号", "帐号"),
        ("臺灣台湾", "台湾台湾"),
        ("甚麼什么", "什么什么"),
        ("裡裏里", "里里里"),
        ("衛生衞生卫生", "卫生卫生卫生"),
        ("敘敍叙 台檯枱 妝粧妆 \u503c\u5024", "叙叙叙 台台台 妆妆妆 \u503c\u503c"),
        ("ﬁ ㎏ ß İ", "ﬁ ㎏ ß İ"),
        ("█████", "█████"),
        ("", ""),
    ],
)
def test_it_folds_widths_cases_and_scripts(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_it_keeps_the_length_and_folding_again_changes_nothing(text):
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
