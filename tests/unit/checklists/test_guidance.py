"""Guidance and examples of the items that are asked: they decide, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from core.i18n import CONTENT_LANGUAGES
from core.library import LibraryItem, load_checklists, load_library

LIBRARY = load_library()
CHECKLISTS = {checklist.key: checklist for checklist in load_checklists(LIBRARY)}
USED = {key for checklist in CHECKLISTS.values() for key in checklist.by_key}
ASKED = [item for item in LIBRARY if item.id in USED]
IN_CONTACT = {
    key for name in ("airport_counter", "phone", "chat") for key in CHECKLISTS[name].by_key
}

NOT_APPLICABLE = {"zh_TW": "不適用", "zh_CN": "不适用", "en": "not applicable"}
MOST_REPEATED = 0.4  # of the words of a guidance, those that stand in the item's text too
ENCODING = {"zh_TW": "big5", "zh_CN": "gb2312"}
FOREIGN = {
    "zh_TW": "信息 短信 網絡 質量 打印 屏幕 軟件 郵箱 托運 櫃臺 身份證 登機牌 行李牌 默認",
    "zh_CN": "资讯 简讯 网路 品质 列印 萤幕 软体 讯息 登机证 行李条 身分 线上 柜檯 纸本 进程",
}
SMALL = frozenset(
    re.findall(
        r"\w+",
        "the and for with that this who what when where which than there has have had been did"
        " does was were are not its from one",
    )
)


def test_what_is_asked_has_guidance_in_three_languages_that_says_enough():
    thin = [
        item.id
        for item in ASKED
        if set(item.guidance) != set(CONTENT_LANGUAGES)
        or len(item.guidance["en"].split()) < 12
        or min(len(item.guidance[language]) for language in ENCODING) < 20
    ]
    assert thin == []


def test_guidance_does_not_say_the_item_again():
    shares = {
        (item.id, name): repeated(item.guidance[name], item.text[name])
        for item in ASKED
        for name in CONTENT_LANGUAGES
    }
    assert {key: share for key, share in shares.items() if share > MOST_REPEATED} == {}


def test_guidance_says_when_the_item_is_not_applicable():
    """Every item may be answered N/A, and a checklist may forbid it only by `na: false`."""
    silent = [
        (item.id, language)
        for item in ASKED
        for language, words in NOT_APPLICABLE.items()
        if words not in item.guidance[language].casefold()
    ]
    assert silent == []


# Yes/no items whose text has an "and" that joins no two questions: a list, a name, one thing.
ONE_QUESTION = (
    "AFT-10 CLS-02 CPA-21 ETQ-01 FUP-12 INF-06 LNG-01 ORD-02 PRB-10 PRB-22 PRO-01 PRO-04 PRO-05"
    " PRO-11 RDY-02 SAT-03 SAT-11 SEC-01 SRV-03 SRV-06 STD-07 TRV-05 WKO-12"
)
RULE = re.compile(
    r"only if|only when|missing|one without|all (three|four|five)|of the four|is a no|both",
    re.IGNORECASE,
)


def test_two_questions_in_one_have_a_rule():
    """Yes only if both hold, or what one of two is worth; a list is judged as the guidance says."""
    two = {item.id: item.guidance["en"] for item in ASKED if asks_two(item)}
    assert [key for key, guidance in two.items() if not RULE.search(guidance)] == []


@pytest.mark.parametrize("language", CONTENT_LANGUAGES)
def test_each_text_is_of_its_script_and_its_place(language: str):
    for item in ASKED:
        for texts in texts_of(item):
            texts[language].encode(ENCODING.get(language, "cp1252"))
            foreign = FOREIGN.get(language, "").split()
            assert [word for word in foreign if word in texts[language]] == [], item.id


def test_what_is_asked_of_a_contact_has_a_good_and_a_bad_example():
    for item in ASKED:
        if item.id in IN_CONTACT:
            for language in CONTENT_LANGUAGES:
                good, bad = item.good_example[language], item.bad_example[language]
                assert good, item.id
                assert bad, item.id
                assert good != bad, item.id


def test_examples_hold_no_number_of_a_person():
    for item in ASKED:
        written = " ".join([*item.good_example.values(), *item.bad_example.values()])
        assert re.search(r"\d{6,}|[\w.]+@[\w.]+", written) is None, item.id


def test_repeated_words_are_counted():
    """Three of the four words (a plural counts as its singular) stand in the text: 0.75."""
    assert repeated("Passenger names confirmed aloud", "The passenger's name was confirmed") == 0.75
    assert repeated("確認姓名", "已確認旅客姓名。") == pytest.approx(
        2 / 3
    )  # 確認, 姓名 of three pairs


def asks_two(item: LibraryItem) -> bool:
    joined = item.kind == "yes_no" and " and " in item.text["en"]
    return joined and item.id not in ONE_QUESTION.split()


def texts_of(item: LibraryItem) -> Iterator[Mapping[str, str]]:
    yield from (text for text in (item.guidance, item.good_example, item.bad_example) if text)


def repeated(guidance: str, text: str) -> float:
    """The share of a guidance's different words, or pairs of characters, that the text has."""
    words = words_in(guidance)
    return len(words & words_in(text)) / len(words)


def words_in(text: str) -> set[str]:
    pairs = {
        run[place : place + 2]
        for run in re.findall("[\u4e00-\u9fff]+", text)
        for place in range(len(run) - 1)
    }
    latin = re.findall(r"[a-z]{3,}", text.lower()) if not pairs else []
    return pairs | {re.sub(r"(ed|s|ing|ly)$", "", word) for word in latin if word not in SMALL}
