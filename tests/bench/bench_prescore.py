"""Encounters answered in a second on one core: by phrases and by a learned item.

The bare vectoriser is scikit-learn's, for runs of one to four characters, given the same texts, one
after the other. Times are those of the processor; dialogues are made up, as long as a short chat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import mean
from time import process_time

from sklearn.feature_extraction.text import TfidfVectorizer

from core.prescore.dialogue import Dialogue, Speaker, SpokenTurn
from core.prescore.fitting import fit
from core.prescore.phrases import PhraseItem
from core.prescore.rules import suggest
from tests.bench.report import Table, ratio
from tests.support.prescore.dialogues import dialogue
from tests.support.prescore.learning import complaints

CHARACTERS = 239
BAR, TIMES_BAR = 400, 3
_FILLING = "我前天下午在营业厅办理了这项业务，工作人员说二十四小时之内生效，到今天没有变化，"


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    model = fit("solved", complaints(300, 1), complaints(400, 2), error=0.05, confidence=0.9)
    chats = [_long(one) for one, _ in complaints(1000, 3)]
    texts = ["\n".join(turn.text for turn in one.turns) for one in chats]
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=5).fit(texts)
    ways: dict[str, Callable[[], object]] = {
        "the bare vectoriser": lambda: [vectoriser.transform([text]) for text in texts],
        "seven items by phrases": lambda: [_by_phrases(_fresh(one)) for one in chats],
        "one learned item": lambda: [model.suggest(_fresh(one)) for one in chats],
        "both": lambda: [(_by_phrases(one), model.suggest(one)) for one in map(_fresh, chats)],
    }
    seconds = {name: min(_seconds(way) for _ in range(3)) for name, way in ways.items()}
    bare = seconds["the bare vectoriser"]
    yield Table(
        f"Encounters of {mean(map(len, texts)):.0f} characters answered on one core",
        ("what", "a second", "bar", "times the bare vectoriser", "bar"),
        [
            [name, f"{len(chats) / took:.0f}", str(BAR), ratio(took / bare), str(TIMES_BAR)]
            for name, took in seconds.items()
        ],
    )


def _long(one: Dialogue) -> Dialogue:
    """As long as a short chat, without being asked more than once."""
    missing = CHARACTERS - sum(len(turn.text) for turn in one.turns)
    filling = (_FILLING * 9)[:missing]
    first, *others = one.turns
    return Dialogue(
        one.id,
        one.language,
        (SpokenTurn(first.number, first.speaker, filling + first.text), *others),
    )


def _fresh(one: Dialogue) -> Dialogue:
    """Not looked at before."""
    prefixes = {"agent": "A", "customer": "C"}
    return dialogue(
        *(f"{prefixes[turn.speaker]}: {turn.text}" for turn in one.turns),
        language=one.language,
        name=one.id,
    )


def _by_phrases(one: Dialogue) -> object:
    return [suggest(one, item, Speaker.AGENT) for item in PhraseItem]


def _seconds(way: Callable[[], object]) -> float:
    started = process_time()
    way()
    return process_time() - started
