"""Items that are a matter of judgement: a model may rank encounters by them, and answers none.

How polite, how full of empathy somebody was, whether a customer was satisfied or got what they came
for: people agree too little on it for an answer about one encounter. Held-back answers do not
settle it: they may prove of nearly half of a set that it is no case of dissatisfaction, as most of
it is none, and of nothing that it is one.
"""

from __future__ import annotations

import re

from core.text.textfold import fold

_SHIPPED = frozenset({"etq-03", "lng-01", "prb-13", "skl-03"})
"""Items of the shipped standards: courteous, civil wording, polite tone, empathy."""
_EMPATHY = ("empathy", "empathic", "empathetic", "sympathy", "sympathetic")
"""Of 631 posts to people in distress (EPITOME) 85 could be told to show none, no one to show it."""
_POLITENESS = ("polite", "politeness", "impolite", "courteous", "courtesy", "civil", "civility")
"""Of requests on Wikipedia in English and Chinese, rated for politeness, none could be told."""
_SATISFACTION = ("satisfied", "dissatisfied", "unsatisfied", "satisfaction", "dissatisfaction")
"""One rater of 390 helpdesk dialogues (STC-3) agrees with the 18 others on 73 of 100."""
_TASK = ("accomplished", "unaccomplished", "accomplishment")
"""The same raters agree on 67 of 100."""
_ENGLISH = frozenset((*_EMPATHY, *_POLITENESS, *_SATISFACTION, *_TASK))
_CHINESE = re.compile("同理心|共情|礼貌|满意|任务完成")
"""The same four, folded."""
_WORD = re.compile("[a-z]+")


def is_judgement(item: str) -> bool:
    """Whether the key or the name of an item says that it is one of these.

    Names are read by their words: `customer_dissatisfied` is, `solution_stated` is not. Answers do
    not show whether people had to judge, so that nothing else is left to tell by; who gives an item
    another name is told its error as proven, and no more.
    """
    name = fold(item).strip()
    if name in _SHIPPED or _CHINESE.search(name):
        return True
    return not _ENGLISH.isdisjoint(_WORD.findall(name))
