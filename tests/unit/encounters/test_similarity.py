"""How alike texts and losses are: hand calculations and properties."""

from __future__ import annotations

import pytest

from core.encounters.similarity import loss_similarity, text_similarity


def test_losses_are_alike_as_far_as_they_were_lost_at_the_same_items():
    """Smaller losses 10 + 0 + 0, larger ones 20 + 5 + 15: 10 of 40."""
    assert loss_similarity({"A": 10, "B": 5}, {"A": 20, "C": 15}) == pytest.approx(0.25)
    assert loss_similarity({"A": 10}, {"A": 10}) == 1
    assert loss_similarity({"A": 10}, {"B": 10}) == 0
    assert loss_similarity({}, {}) == 1
    assert loss_similarity({}, {"B": 10}) == 0


def test_a_text_is_most_like_itself_and_unlike_what_shares_nothing():
    found = text_similarity("我的機票退款呢", ["我的機票退款呢", "機票退款要等多久", "行李壞了"])
    assert found[0] == pytest.approx(1)
    assert found[0] > found[1] > found[2] == 0


def test_both_scripts_are_alike():
    assert text_similarity("機票退款", ["机票退款"])[0] == pytest.approx(1)


def test_nothing_is_like_an_empty_text():
    assert list(text_similarity("", ["機票"])) == [0]
    assert list(text_similarity("機票", [""])) == [0]
    assert list(text_similarity("機票", [])) == []


def test_two_texts_of_one_term_each_give_the_cosine_of_the_definition():
    """char_wb pads words with a space: " 甲乙 " has 4 pairs and triples more.

    " 甲乙 ": " 甲","甲乙","乙 "," 甲乙","甲乙 "; " 甲丙 " shares " 甲" alone.
    idf = ln((1+2)/(1+df)) + 1: 1 for the shared term, ln 1.5 + 1 = 1.405465 for the others.
    cosine = 1 / (1 + 4 * 1.405465^2) = 0.112343.
    """
    assert text_similarity("甲乙", ["甲丙"])[0] == pytest.approx(0.112343, abs=1e-5)
