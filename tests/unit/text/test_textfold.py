"""Folding for search: both scripts, widths and cases alike, offsets as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.textfold import TextRange, fold, has_all, index_terms, spans, terms_of, words_of


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


def test_index_terms_are_words_characters_and_pairs():
    assert index_terms("我要改票，YF417。") == {
        "我",
        "要",
        "改",
        "票",
        "我要",
        "要改",
        "改票",
        "yf417",
    }


def test_pairs_do_not_reach_over_punctuation_or_from_one_script_to_another():
    assert not {"票我", "票a", "a我"} & index_terms("改票，我a我")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("機票", ["机票"]),
        ("  機票   退款 ", ["机票", "退款"]),
        ("機票，機票", ["机票"]),
        ("YF417航班", ["yf417", "航班"]),
        ("。！？", []),
        ("", []),
    ],
)
def test_what_is_typed_becomes_words(typed, found):
    assert [word.text for word in words_of(typed)] == found


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("票", ("票",)),
        ("機票", ("机票",)),
        ("機票退款", ("机票", "票退", "退款")),
        ("abc", ("abc",)),
    ],
)
def test_a_word_names_the_terms_every_text_with_it_has(typed, terms):
    [word] = words_of(typed)
    assert terms_of(word) == terms
    assert set(terms) <= index_terms(f"前{typed}後" if not word.latin else typed)


@pytest.mark.parametrize("typed", ["机票退款", "機票退款"])
@pytest.mark.parametrize("text", ["我的機票退款呢", "我的机票退款呢"])
def test_either_script_finds_either_at_the_same_place(typed, text):
    [word] = words_of(typed)
    assert spans(word, text) == [TextRange(2, 6)]
    assert has_all([word], [text])


def test_every_place_is_found():
    [word] = words_of("票")
    assert spans(word, "票務與機票") == [TextRange(0, 1), TextRange(4, 5)]


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("pass", "My passport", [TextRange(3, 7)]),
        ("port", "My passport", []),
        ("my", "My mystery", [TextRange(0, 2)]),
        ("417", "YF417", []),
        ("yf417", "航班YF417號", [TextRange(2, 7)]),
    ],
)
def test_latin_words_are_found_by_their_beginning_and_short_ones_whole(typed, text, found):
    [word] = words_of(typed)
    assert spans(word, text) == found


def test_all_words_must_be_there_but_not_in_one_turn():
    words = words_of("機票 退款")
    assert has_all(words, ["我要退款", "這張機票"])
    assert not has_all(words, ["我要退款", "這張票"])


def test_a_word_does_not_reach_from_one_turn_into_the_next():
    assert not has_all(words_of("機票"), ["我的機", "票呢"])


@given(st.text(alphabet="退票機票我要 ,abAB12臺台", max_size=30), st.data())
def test_a_piece_of_a_text_is_found_through_its_terms(text, data):
    """What the index is asked for is never more than what the index has."""
    words = words_of(text)
    if words:
        word = data.draw(st.sampled_from(words))
        assert spans(word, text)
        assert set(terms_of(word)) <= index_terms(text)
