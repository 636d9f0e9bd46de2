"""Names in scripts without a list of their own are found behind the words that announce them."""

from __future__ import annotations

import json

import pytest

from core.safekeeping.masking import PLACEHOLDER, mask
from tests.support.requirements import ROOT
from tests.support.safekeeping.labelled import measure, shipped

NAMES = json.loads((ROOT / "tests/data/names_by_script.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("half", "names", "least"), [("made", 26, 24), ("apart", 30, 21)])
def test_announced_names_are_masked_and_nothing_besides(half, names, least):
    """What is missed is told in docs/security.md, which the next test compares."""
    measured = measure(shipped(f"personal_names_{half}"))
    assert measured.wrong == ()
    assert measured.wanted["name"] == names
    assert measured.found["name"] >= least


def test_the_page_says_what_is_measured():
    page = " ".join((ROOT / "docs/security.md").read_text(encoding="utf-8").split())
    made, apart = (measure(shipped(f"personal_names_{half}")) for half in ("made", "apart"))
    assert f"{made.found['name']} of {made.wanted['name']} in the sentences" in page
    assert f"{apart.found['name']} of {apart.wanted['name']} ({apart.recall:.2f})" in page


@pytest.mark.parametrize(
    ("script", "sentence", "least"),
    [
        ("ru_RU", "Меня зовут {}, рейс завтра.", 160),
        ("el_GR", "Με λένε {} και ταξιδεύω.", 160),
        ("ko_KR", "제 이름은 {}입니다.", 160),
        ("th_TH", "ผมชื่อ{} ครับ", 150),
    ],
)
def test_drawn_names_are_masked_whole_behind_a_sure_word(script, sentence, least):
    """Of the Thai names eight begin like a word of a sentence, such as "come", and are missed."""
    whole = [
        mask(sentence.format(name)).text == sentence.format(hidden(name)) for name in NAMES[script]
    ]
    assert len(whole) == 160
    assert sum(whole) >= least


def hidden(name):
    """Spaces inside a name are hidden with it."""
    return PLACEHOLDER * len(name)


@pytest.mark.parametrize(
    "sentence",
    [
        "Имя и фамилия в билете не совпадают.",
        "Господин, Вы забыли паспорт.",
        "السيد، رقم الرحلة ٤٠٥",
        "고객님, 예약이 변경되었습니다.",
        "ชื่อและนามสกุล",
        "Mr",
    ],
)
def test_words_that_announce_nobody_leave_the_text_as_it_is(sentence):
    assert mask(sentence).spans == ()
