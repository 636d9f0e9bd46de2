"""Text as it is compared in a search: one character for each of the original, so offsets hold.

Full-width and half-width, capitals and small letters, Traditional and Simplified Chinese become
the same. Folding is for comparing only: it joins characters that differ in meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import opencc

# One script writes with two characters what the other writes with one, and OpenCC decides by the
# words around; a search cannot.
_SAME = {
    "著": "着",
    "藉": "借",
    "瞭": "了",
    "覆": "复",
    "账": "帐",
    "妳": "你",
    "甚": "什",
    "牠": "它",
}
_SIGNS = "、。「」『』《》“”‘’…█"
_HAN = "".join(map(chr, range(0x4E00, 0xA000)))
_LETTERS = re.compile(r"[0-9a-z]+|[^\W_0-9a-z]+")
_SHORTEST_BEGINNING = 3


class TextRange(NamedTuple):
    """From one offset up to, not including, another."""

    start: int
    end: int


class Word(NamedTuple):
    """One word that is looked for, folded; `latin` words are found by their beginning."""

    text: str
    latin: bool

    @property
    def open_ended(self) -> bool:
        """Whether longer words that begin with it count too."""
        return self.latin and len(self.text) >= _SHORTEST_BEGINNING


def fold(text: str) -> str:
    """The folded text, as long as the original.

    Text of ASCII and Simplified Chinese needs small letters only, which is ten times as fast.
    """
    if _uncommon().search(text):
        return text.translate(_table())
    return text.lower()


def index_terms(text: str) -> set[str]:
    """What a text is found by: Latin words, single characters and pairs of neighbours."""
    terms: set[str] = set()
    for run in _LETTERS.findall(fold(text)):
        if _is_latin(run):
            terms.add(run)
        else:
            terms.update(run)
            terms.update(_pairs(run))
    return terms


def words_of(query: str) -> tuple[Word, ...]:
    """The words of what someone typed, in order, each once."""
    runs = dict.fromkeys(_LETTERS.findall(fold(query)))
    return tuple(Word(run, _is_latin(run)) for run in runs)


def terms_of(word: Word) -> tuple[str, ...]:
    """The index terms that every text with this word has."""
    if word.latin or len(word.text) == 1:
        return (word.text,)
    return tuple(dict.fromkeys(_pairs(word.text)))


def spans(word: Word, text: str) -> list[TextRange]:
    """Where a word stands in a text, in offsets of the text as it is written."""
    return [TextRange(match.start(), match.end()) for match in _pattern(word).finditer(fold(text))]


def has_all(words: Sequence[Word], texts: Sequence[str]) -> bool:
    """Whether each word stands in at least one of the texts."""
    folded = fold("\n".join(texts))
    return all(_pattern(word).search(folded) for word in words)


def _pairs(run: str) -> Iterator[str]:
    return (run[start : start + 2] for start in range(len(run) - 1))


def _is_latin(run: str) -> bool:
    return run[0] in "0123456789abcdefghijklmnopqrstuvwxyz"


@cache
def _pattern(word: Word) -> re.Pattern[str]:
    if not word.latin:
        return re.compile(re.escape(word.text))
    end = "" if word.open_ended else r"(?![0-9a-z])"
    return re.compile(rf"(?<![0-9a-z]){re.escape(word.text)}{end}")


class _Folding(dict[int, int]):
    """Folds a character when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self._to_simplified = opencc.OpenCC("t2s")

    def __missing__(self, code: int) -> int:
        character = chr(code)
        for step in (_half_width, str.lower, self._to_simplified.convert):
            folded = step(character)
            if len(folded) == 1:
                character = folded
        self[code] = ord(_SAME.get(character, character))
        return self[code]


def _half_width(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


@cache
def _table() -> _Folding:
    return _Folding()


@cache
def _uncommon() -> re.Pattern[str]:
    """Finds a character that may be folded to another than its small letter."""
    simplified = opencc.OpenCC("t2s").convert("\n".join(_HAN)).split("\n")
    folded = {han for han, simple in zip(_HAN, simplified, strict=True) if han != simple}
    changing = re.escape("".join(sorted(folded | set(_SAME))))
    return re.compile(f"[{changing}]|[^\\x00-\\x7f\u4e00-\u9fff{_SIGNS}]")
