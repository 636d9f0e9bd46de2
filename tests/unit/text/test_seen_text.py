"""What is seen of a text, and the way back to the text as it is written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.seen_text import seen, seen_words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("登\u200b機\u2060門\ufeff", "登机门"),
        ("boar\u00adding", "boarding"),
        ("機\ufe00票\U000e0100", "机票"),
        ("1\ufe0f\u20e3", "1"),
        ("Café cafe\u0301 CAFÉ", "cafe cafe cafe"),
        ("か\u3099が ｶﾞガ", "がが ガガ"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8 한국", "한국 한국"),
        ("登機\n門 登機\r\n  門", "登机门 登机门"),
        ("登機\n\n門", "登机\n\n门"),
        ("board \r\n now", "board\nnow"),
        ("board-\ning", "board\ning"),
        ("1,234,567 和 1，234", "1234567 和 1234"),
        ("1,23 106,1074", "1,23 106,1074"),
        ("ﬁnal Straße ㎏", "final strasse kg"),
        ("👩🏽‍✈️😀機票", "👩🏽✈😀机票"),
        ("", ""),
    ],
)
def test_it_reads_as_it_is_seen(written, read):
    assert seen(written).text == seen_words(written) == read


@pytest.mark.parametrize(
    ("written", "sought", "there"),
    [
        ("在登\u200b機\n門等", "登机门", "登\u200b機\n門"),
        ("登機\u200b", "登机", "登機"),
        ("a cafe\u0301 b", "cafe", "cafe\u0301"),
        ("共 1,234 元", "1234", "1,234"),
        ("eﬃcient", "eff", "eﬃ"),
        ("👩🏽‍✈️👍🏿😀 感\u00ad謝", "感谢", "感\u00ad謝"),
        ("𠮷𡘙𪚥請稍候", "请稍候", "請稍候"),
    ],
)
def test_a_stretch_leads_back_to_the_text_as_it_is_written(written, sought, there):
    read = seen(written)
    start = read.text.index(sought)
    back = read.written(start, start + len(sought))
    assert written[back.start : back.end] == there


@given(
    st.text(alphabet="登機門abＢé\u0301\u200b\u00ad\n\r ,1２3ﬃß가\u1100\u1161か\u3099", max_size=30)
)
def test_both_ways_of_reading_agree_and_every_character_leads_back(text):
    read = seen(text)
    assert read.text == seen_words(text)
    stretches = [read.written(at, at + 1) for at in range(len(read.text))]
    assert all(0 <= start < end <= len(text) for start, end in stretches)
    assert stretches == sorted(stretches)


@given(st.text(alphabet="éàñüがばＡb登한국", max_size=20))
def test_composed_and_decomposed_are_the_same(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert seen_words(composed) == seen_words(decomposed)
