"""Every text of the code is translated into every language, and nothing else is."""

from __future__ import annotations

import re
import string

import pytest
from opencc import OpenCC

from tests.support.house.texts import TRANSLATED, catalogue, collected

pytestmark = pytest.mark.parametrize("language", TRANSLATED)

ELSEWHERE = {
    "zh_TW": ("信息", "質量", "用戶", "默認", "登錄", "在線", "屏幕", "柜", "菜單", "軟件", "導入"),
    "zh_CN": (
        "资讯",
        "品质",
        "使用者",
        "登入",
        "线上",
        "荧幕",
        "柜檯",
        "选单",
        "汇入",
        "储存",
    ),
}
"""Words of the one place that read as foreign in the other."""
SECOND_WORDS = {
    "zh_TW": {
        r"\badjust(ed|ment)\b": "調整後",
        r"\bnetwork\b": "全體",
        r"\btrainers?\b": "培訓師",
        r"\binspectors?\b": "檢查員",
        r"\bthis inspection\b": "筆檢查",
    },
    "zh_CN": {
        r"\badjust(ed|ment)\b": "调整后",
        r"\bnetwork\b": "全体",
        r"\btrainers?\b": "讲师",
        r"\binspectors?\b": "检查员",
        r"\bthis inspection\b": "条检查",
    },
}
"""By thing of the field, a word that stood for it beside the usual one."""


@pytest.fixture(scope="module")
def texts():
    return {message.id for message in collected() if message.id}


def translated(language):
    return [message for message in catalogue(language) if message.id]


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def places(text):
    """Each place with its format, such as `change` and `+.1f`."""
    return {(name, form) for _, name, form, _ in string.Formatter().parse(text) if name}


def test_the_catalogue_holds_the_texts_of_the_code(language, texts):
    """When this fails: make translations, then translate."""
    held = {message.id for message in translated(language)}
    assert held - texts == set(), "stale"
    assert texts - held == set(), "missing"


def test_every_text_is_translated(language):
    open_texts = [m.id for m in translated(language) if m.fuzzy or not all(forms(m))]
    assert open_texts == []


def test_translations_fill_the_same_places(language):
    """A place that is missing loses a figure; one too many breaks the page."""
    wrong = [
        message.id
        for message in translated(language)
        for form in filter(None, forms(message))
        if places(form) != places(message.id if isinstance(message.id, str) else message.id[1])
    ]
    assert wrong == []


def test_each_place_reads_its_own_chinese(language):
    """zh_TW is written for Taiwan and zh_CN for the mainland, not converted from each other."""
    texts = [form for message in translated(language) for form in forms(message)]
    assert [
        text for text in texts if any(word in text for word in ELSEWHERE.get(language, ()))
    ] == []
    if language == "zh_CN":
        simplified = OpenCC("t2s")
        assert [text for text in texts if simplified.convert(text) != text] == []


def test_one_thing_has_one_word(language):
    """In a table as in the chart beside it."""
    doubled = [
        (message.id, message.string)
        for message in translated(language)
        for english, other in SECOND_WORDS[language].items()
        if re.search(english, str(message.id), re.IGNORECASE) and other in str(message.string)
    ]
    assert doubled == []
