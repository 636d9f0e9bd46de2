"""What was masked once in a conversation, said again without a word that announces it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.safekeeping.masking.shadow import MaskedSpan, Stretch
from core.safekeeping.masking.word_lists import is_word

# Dates, streets and short numbers mean something else the next time.
_ONCE = frozenset({"address", "birth", "card_code", "card_expiry", "code", "digits"})
_MOST = 200  # different values of one conversation
_HAN_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_CODE = re.compile("(?=.*[0-9]).{5,40}")
_WORD = re.compile(r"[^\W\d_]{3,}")


class Repetitions:
    """Finds the values of masked stretches again."""

    def __init__(self, spans: Iterable[MaskedSpan]) -> None:
        values = {
            value: span.kind for span in spans if span.kind not in _ONCE for value in _values(span)
        }
        self._kinds = dict([*values.items()][:_MOST])
        longest_first = sorted(map(re.escape, self._kinds), key=len, reverse=True)
        self._pattern = (
            re.compile(rf"(?<![0-9A-Za-z])(?:{'|'.join(longest_first)})(?![0-9a-z])")
            if values
            else None
        )

    def __call__(self, text: str) -> list[Stretch]:
        if self._pattern is None:
            return []
        return [
            Stretch(match.start(), match.end(), self._kinds[match[0]])
            for match in self._pattern.finditer(text)
        ]


def _values(span: MaskedSpan) -> Iterator[str]:
    """A code of five characters or more; a name, of Latin ones its single words."""
    if span.kind != "name":
        if _CODE.fullmatch(span.clear):
            yield span.clear
    elif _HAN_NAME.fullmatch(span.clear):
        yield span.clear
    else:
        for word in _WORD.findall(span.clear):
            if word[0].isupper() and not is_word(word):
                yield word
