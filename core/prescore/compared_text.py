"""A turn's text as it is compared: folded, with the mainland's words, and what is said to people.

One learns from Taiwan and the mainland alike: 軟體 and 软件 are to be one word, where folding
joins characters alone. Orders to a machine that may read along are no evidence of anything.
"""

from __future__ import annotations

import re
from functools import cache

import opencc

from core.prescore.phrases import shipped
from core.safekeeping.masking import PLACEHOLDER
from core.text.seen_text import SeenText, seen
from core.text.textfold import fold

_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_CLAUSE = re.compile("[\u3400-\u9fff]{2,}")
_SENTENCE = re.compile(r".+?(?:[。!?\n]+|[.](?=\s|$)|$)", re.DOTALL)


def compared(text: str) -> SeenText:
    """The compared text, with the way back to the original."""
    mended = _HALF_A_CHARACTER.sub("\ufffd", text)
    seen_text = seen(_CLAUSE.sub(_with_mainland_words, mended))
    return SeenText(_said_to_people(seen_text.text), seen_text.starts, seen_text.ends)


def _with_mainland_words(clause: re.Match[str]) -> str:
    """A clause in Traditional characters with the mainland's words, where these are as long."""
    written = clause[0]
    if fold(written) == written:
        return written
    words: str = _conversion().convert(written)
    return words if len(words) == len(written) else written


@cache
def _conversion() -> opencc.OpenCC:
    return opencc.OpenCC("tw2sp")


def _said_to_people(text: str) -> str:
    """A folded text with sentences that give orders to a machine hidden; as long as the text."""
    if not shipped().to_machines.search(text):
        return text
    return _SENTENCE.sub(_hidden, text)


def _hidden(sentence: re.Match[str]) -> str:
    words = sentence[0]
    return PLACEHOLDER * len(words) if shipped().to_machines.search(words) else words
