"""Items that people have to judge: a model tells how likely yes is, and answers nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.library import load_library
from core.prescore.fitting import fit
from core.prescore.judgement import is_judgement
from core.prescore.suggestion import Answer, Reason
from tests.support.prescore.learning import complaints


@pytest.mark.parametrize(
    "item",
    [
        *("empathy", "Empathy: emotional reaction", "polite", "politeness_zh", "impolite"),
        *("dissatisfied", "customer-satisfied", "not_accomplished", " SKL-03 ", "LNG-01"),
        *("同理心", "用語有禮貌", "客户不满意"),
    ],
)
def test_an_item_is_known_by_its_words(item):
    assert is_judgement(item)


@pytest.mark.parametrize(
    "item",
    [
        *("solution_stated", "customer_confirms", "ineffective", "anything_else", "read_back"),
        *("tells_failure", "closing", "greeting", "police report", "SKL-04", "感謝客戶"),
    ],
)
def test_what_words_can_prove_is_none(item):
    assert not is_judgement(item)


def test_shipped_items_of_courtesy_and_empathy_are():
    """Those whose term says so; asking about satisfaction is a deed, and can be proven."""
    judged = {
        item.id
        for item in load_library()
        if {"polite", "courteous", "empathy"} & set(item.term["en"].lower().split())
    }
    assert judged == {"ETQ-03", "LNG-01", "PRB-13", "SKL-03"}
    assert all(map(is_judgement, judged))


def test_a_judgement_is_ranked_and_never_answered():
    """The same answers under a name that is no judgement are proven, and given."""
    proven = fit("solved", complaints(300, 1), complaints(400, 2), error=0.05, confidence=0.9)
    judged = replace(proven, item="customer satisfied")
    for one, _ in complaints(50, 3):
        answered, ranked = proven.suggest(one), judged.suggest(one)
        assert answered.answer in {Answer.YES, Answer.NO}
        assert (ranked.answer, ranked.pins, ranked.reason) == (None, (), Reason.JUDGEMENT)
        assert ranked.probability == answered.probability
