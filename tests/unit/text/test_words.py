"""Where words stand, and that an index finds every text they stand in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.search_query import query_of
from core.text.textfold import TextRange
from core.text.words import Word, index_terms, spans, stand_in, terms_of


def word_of(typed: str) -> Word:
    [word] = query_of(typed).words
    return word


def is_indexed(word: Word, text: str) -> bool:
    """Whether an index with the text's terms names it for the word."""
    there = index_terms(text)
    return any(
        all(
            term in there or (longer and any(one.startswith(term) for one in there))
            for term, longer in terms
        )
        for terms in terms_of(word)
    )


def test_index_terms_are_parts_of_codes_ends_of_numbers_characters_and_pairs():
    assert index_terms("我要改票，YF4170。") == {
        *("我", "要", "改", "票", "我要", "要改", "改票"),
        *("yf", "yf4170", "4170", "170"),
    }


def test_a_word_with_a_hyphen_is_indexed_in_one_and_in_parts():
    assert index_terms("Re-booking") == {"re", "booking", "rebooking"}


def test_pairs_do_not_reach_over_punctuation_or_from_one_script_to_another():
    assert not {"票我", "票a", "a我"} & index_terms("改票，我a我")


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("票", ((("票", False),),)),
        ("機票", ((("机票", False),),)),
        ("機票退款", ((("机票", False), ("票退", False), ("退款", False)),)),
        ("abc", ((("abc", True),),)),
        ("ab", ((("ab", False),),)),
        ("YF106", ((("yf106", True),), (("yf", False), ("106", True)))),
    ],
)
def test_a_word_names_the_terms_every_text_with_it_has(typed, terms):
    assert terms_of(word_of(typed)) == terms


@pytest.mark.parametrize("typed", ["机票退款", "機票退款"])
@pytest.mark.parametrize("text", ["我的機票退款呢", "我的机票退款呢"])
def test_either_script_finds_either_at_the_same_place(typed, text):
    assert spans(word_of(typed), text) == [TextRange(2, 6)]


def test_every_place_is_found():
    assert spans(word_of("票"), "票務與機票") == [TextRange(0, 1), TextRange(4, 5)]


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("pass", "My passport", ["pass"]),
        ("port", "My passport", []),
        ("my", "My mystery", ["My"]),
        ("yf417", "航班YF417號", ["YF417"]),
        ("106", "YF106, YF 106, 21067, 10 6", ["106", "106", "106"]),
        ("06", "YF106 YF06", ["06"]),
        ("yf", "YF106 yfa", ["YF"]),
        ("YF106", "YF106 YF 106 yf-106 YF1064 XYF106", ["YF106", "YF 106", "yf-106", "YF106"]),
        ("3194", "YF-03194", ["3194"]),
        ("1234", "1,234", ["1,234"]),
        ("1,234", "1234", ["1234"]),
        ("check-in", "check-in checkin check in", ["check-in", "checkin", "check in"]),
        ("check-in", "the check at 5 in the hall", []),
        ('"check in"', "the check, then in", []),
        ('"check in"', "a check in, a check-in, check inside", ["check in", "check-in"]),
        ('"pass"', "a passport, a pass", ["pass"]),
        ("rebooking", "re-booking", ["re-booking"]),
        (
            "boarding",
            "boar\u00adding board-\ning board\ning",
            [*["boar\u00adding"], "board-\ning", "board\ning"],
        ),
        ("don't", "I don’t, dont", ["don’t", "dont"]),
        ("3.5", "3.5 kg, 305", ["3.5"]),
        ("14:30", "at 14:30", ["14:30"]),
        ("登機門", "登\u2060機\u200b門", ["登\u2060機\u200b門"]),
        ("衛生", "衞生卫生", ["衞生", "卫生"]),
        ('"登機 門"', "登機門", ["登機門"]),
        ("cafe\u0301", "Café", ["Café"]),
        ("Café", "cafe\u0301s", ["cafe\u0301"]),
        ('"a b"', "a█b", []),
    ],
)
def test_where_words_stand(typed, text, found):
    word = word_of(typed)
    assert [text[start:end] for start, end in spans(word, text)] == found
    assert not found or is_indexed(word, text)


def test_a_word_does_not_reach_from_one_turn_into_the_next():
    for typed, turns in (("機票", ["我的機", "票呢"]), ('"check in"', ["check", "in"])):
        assert not stand_in([word_of(typed)], turns)
        assert not stand_in([word_of(typed)], [turns[0] + "\n", turns[1]])


WRITTEN = "退票機我 ,abAB12臺-'\n_é\u0301\u200b\u00ad.衞"


@given(
    st.text(alphabet=WRITTEN, max_size=30), st.text(alphabet=WRITTEN + '"', min_size=1, max_size=8)
)
def test_what_stands_in_a_text_is_found_through_its_terms(text, typed):
    """What the index is asked for is never more than what the index has."""
    for word in query_of(typed).words:
        assert bool(stand_in([word], [text])) == bool(spans(word, text))
        if spans(word, text):
            assert is_indexed(word, text)


@given(st.text(alphabet=WRITTEN, max_size=30), st.data())
def test_a_piece_of_a_text_is_found_in_it(text, data):
    """Copied words find what they were copied from, wherever the copy begins and ends a word."""
    pieces = text.split()
    if pieces:
        typed = data.draw(st.sampled_from(pieces)).lstrip("-")
        assert stand_in(query_of(typed).wanted, [text]) == frozenset(query_of(typed).wanted)


def test_very_long_words_and_numbers_have_terms_of_bounded_length():
    for text in ("a" * 5_000, "1" * 5_000, "a-" * 2_000):
        assert max(map(len, index_terms(text))) <= 64
        assert is_indexed(word_of(text.strip("-")), text)
