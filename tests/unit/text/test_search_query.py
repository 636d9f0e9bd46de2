"""How what is typed to search is read."""

from __future__ import annotations

import pytest

from core.text.search_query import query_of
from core.text.words import stand_in


def read(typed: str) -> str:
    """Groups with a blank between, alternatives with |, absent words with -."""
    return " ".join(
        "|".join("-" * sought.absent + "+".join(sought.word.parts) for sought in group)
        for group in query_of(typed).groups
    )


@pytest.mark.parametrize(
    ("typed", "as_read"),
    [
        ("機票", "机票"),
        ("  機票   退款 ", "机票 退款"),
        ("機票，機票", "机票"),
        ("YF417航班", "yf+417 航班"),
        ("YF 106", "yf 106"),
        ("check-in", "check+in"),
        ('"check in" 行李', "check+in 行李"),
        ("“登機 門”", "登机+门"),
        ("「行李」轉盤", "行李 转盘"),
        ("-行李", "-行李"),
        ("－行李", "-行李"),
        ('-"check in"', "-check+in"),
        ("登機 NOT 行李", "登机 -行李"),
        ("登機 AND 行李", "登机 行李"),
        ("行李 OR 登機", "行李|登机"),
        ("a1 OR b2 OR -c3 d", "a+1|b+2|-c+3 d"),
        ("行李 OR YF106航班", "行李|yf+106+航班"),
        ("-YF106航班", "-yf+106+航班"),
        ("行李 or 登機", "行李 or 登机"),
        ('"行李 OR 登機"', "行李+or+登机"),
        ("OR 行李", "or 行李"),
        ("行李 OR", "行李 or"),
        ("行李 NOT", "行李 not"),
        ("OR", "or"),
        ('"機票', "机票"),
        ("。！？", ""),
        ("", ""),
    ],
)
def test_words_phrases_and_operators(typed, as_read):
    assert read(typed) == as_read


@pytest.mark.parametrize(
    ("typed", "signs"),
    [
        ("😀", ("😀",)),
        ("👍🏽 行李", ("👍🏽",)),
        ("* %", ("*", "%")),
        ("-", ("-",)),
        ("- 行李 -", ("-",)),
        ("行李。", ()),
        ('""', ()),
    ],
)
def test_signs_that_find_nothing_are_told(typed, signs):
    assert query_of(typed).signs == signs


@pytest.mark.parametrize(
    ("typed", "texts", "found"),
    [
        ("機票 退款", ["我要退款", "這張機票"], True),
        ("機票 退款", ["我要退款", "這張票"], False),
        ("機票 -退款", ["這張機票"], True),
        ("機票 -退款", ["這張機票", "退款"], False),
        ("機票 OR 退款", ["退款"], True),
        ("機票 OR -退款", ["退款"], False),
        ("機票 OR -退款", ["行李"], True),
        ("-退款", [], True),
    ],
)
def test_all_groups_must_hold(typed, texts, found):
    query = query_of(typed)
    assert query.found(stand_in(query.words, texts)) is found


def test_only_words_that_must_be_there_narrow_and_are_marked():
    query = query_of("行李 -機票 a1 OR -b2 c3 OR d4")
    assert [[word.text for word in words] for words in query.narrowing] == [["行李"], ["c3", "d4"]]
    assert [word.text for word in query.wanted] == ["行李", "a1", "c3", "d4"]
