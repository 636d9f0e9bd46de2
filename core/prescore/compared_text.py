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
_HAN = "[\u3400-\u9fff]"
_SENTENCE = re.compile(rf".+?(?:[。!?\n]+|[.](?=\s|$)|(?<={_HAN})\s+|\s+(?={_HAN})|$)", re.DOTALL)


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
    """A folded text with sentences that give orders to a machine hidden, and cut off at its end.

    A sentence ends with its sign, or where Chinese and a space stand side by side.
    """
    orders = [match.span() for match in shipped().to_machines.finditer(text)]
    if not orders:
        return text
    pieces: list[str] = []
    ends_hidden = False
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        ends_hidden = any(first < end and start < last for first, last in orders)
        pieces.append(PLACEHOLDER * (end - start) if ends_hidden else sentence[0])
    hidden = "".join(pieces)
    return hidden.rstrip(f"{PLACEHOLDER} \n") if ends_hidden else hidden
