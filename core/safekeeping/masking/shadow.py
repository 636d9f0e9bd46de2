"""A text as the rules read it: one character for each of the original, so that offsets hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.text.name_letters import bare
from core.text.textfold import fold

PLACEHOLDER = "█"

_PLAIN = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
    | dict.fromkeys((*range(0x2010, 0x2014), 0x2212), "-")
)
_WORD = re.compile("[a-z]+(?:'[a-z]+)?")
_WIDE = re.compile("[" + "".join(map(chr, _PLAIN)) + "]")
_PUNCTUATION = tuple((chr(ord(sign) + 0xFEE0), sign) for sign in ",:?!()")
_NUMERALS = str.maketrans(
    "〇零洞幺一壹二贰两三叁四肆五伍六陆七柒八捌九玖", "00011122233445566778899"
)


class Stretch(NamedTuple):
    """Characters of a text that a rule wants masked, from `start` up to, not including, `end`."""

    start: int
    end: int
    kind: str


class MaskedSpan(NamedTuple):
    """A stretch that was masked: `clear` stood at `start`, counted in characters."""

    start: int
    length: int
    kind: str
    clear: str


class Shadow:
    """A text in the forms that rules look at, all as long as the text.

    `plain` has half-width letters, digits and punctuation, one kind of space and hyphen, and no
    accents; `low`
    has in addition small letters and Simplified Chinese; in `digits` numerals are digits too.
    `words` are the Latin words of `low`, `vocabulary` holds each of them once.
    """

    __slots__ = ("_digits", "is_ascii", "low", "plain", "vocabulary", "words")

    def __init__(self, plain: str, low: str) -> None:
        self.plain = plain
        self.low = low
        self.is_ascii = low.isascii()
        self.words = tuple(latin_words(low))
        self.vocabulary = frozenset([match[0] for match in self.words])
        self._digits: str | None = None

    @property
    def digits(self) -> str:
        if self._digits is None:
            self._digits = self.low if self.is_ascii else self.low.translate(_NUMERALS)
        return self._digits

    def blanked(self, stretches: Iterable[Stretch]) -> Shadow:
        spans = tuple(stretches)
        return Shadow(blanked(self.plain, spans), blanked(self.low, spans))


def latin_words(low: str) -> Iterator[re.Match[str]]:
    return _WORD.finditer(low)


def shadow_of(text: str) -> Shadow:
    plain = text
    if not text.isascii():
        # Replacing the punctuation of every Chinese sentence is much faster than translating.
        for wide, narrow in _PUNCTUATION:
            plain = plain.replace(wide, narrow)
        if _WIDE.search(plain):
            plain = plain.translate(_PLAIN)
        plain = bare(plain)
    return Shadow(plain, fold(plain))


def blanked(text: str, stretches: Iterable[Stretch]) -> str:
    """The text with the stretches, which are sorted and apart, hidden."""
    pieces, end = [], 0
    for stretch in stretches:
        pieces += [text[end : stretch.start], PLACEHOLDER * (stretch.end - stretch.start)]
        end = stretch.end
    return "".join([*pieces, text[end:]])
