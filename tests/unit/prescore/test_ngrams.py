"""Runs of characters: which there are, where they stand, and which are kept."""

from __future__ import annotations

import numpy as np

from core.prescore.ngrams import FEWEST, common_keys, occurrences
from core.safekeeping.masking import PLACEHOLDER
from tests.support.prescore.learning import decoded


def runs(texts):
    found = occurrences(texts)
    return sorted(zip(map(decoded, found.key.tolist()), found.unit, found.start, strict=True))


def test_a_text_is_taken_apart_with_a_space_at_either_end():
    # " ab " has four runs of one character, three of two, two of three and one of four
    assert runs(["ab"]) == [
        *((" ", 0, -1), (" ", 0, 2), (" a", 0, -1), (" ab", 0, -1), (" ab ", 0, -1)),
        *(("a", 0, 0), ("ab", 0, 0), ("ab ", 0, 0), ("b", 0, 1), ("b ", 0, 1)),
    ]


def test_no_run_reaches_over_a_placeholder_or_into_the_next_text():
    texts = [f"甲{PLACEHOLDER}{PLACEHOLDER}乙", "丙"]
    letters = {run for run, _, _ in runs(texts)}
    assert letters == {" ", " 甲", "甲", "乙", "乙 ", " 丙", "丙", "丙 ", " 丙 "}
    assert {(run, unit, start) for run, unit, start in runs(texts) if run in "乙丙"} == {
        ("乙", 0, 3),
        ("丙", 1, 0),
    }


def test_emoji_and_zero_characters_are_one_rare_character():
    assert {run for run, _, start in runs(["🙂", "🚀"]) if start == 0} == {"\uffff", "\uffff "}
    assert runs([]) == []


def test_what_few_encounters_have_is_forgotten():
    keys = [np.array([1, 2, 2], np.uint64)] * (FEWEST - 1) + [np.array([1], np.uint64)]
    common, counts = common_keys(keys, [""] * FEWEST)
    assert (common.tolist(), counts.tolist()) == ([1], [FEWEST])


def test_what_few_customers_say_is_forgotten_however_often():
    keys = [np.array([1, 2] if number < 8 else [1], np.uint64) for number in range(10)]
    customers = [f"customer {number % 4}" if number < 8 else str(number) for number in range(10)]
    assert common_keys(keys, customers)[0].tolist() == [1]
    unknown = ["" if number < 8 else str(number) for number in range(10)]
    assert common_keys(keys, unknown)[0].tolist() == [1, 2]
