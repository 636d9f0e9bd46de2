"""Text as it is compared: one character for each of the original, so offsets hold.

Full-width and half-width, capitals and small letters, Traditional and Simplified Chinese become
the same, Hong Kong's forms too. Folding is for comparing only: it joins characters that differ in
meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
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
    "吿": "告",
    "\u5024": "\u503c",
    "痺": "痹",
    "簷": "檐",
    "戸": "户",
    "汚": "污",
}
_SIGNS = "、。「」『』《》“”‘’…█"
_HAN = "".join(map(chr, range(0x4E00, 0xA000)))


class TextRange(NamedTuple):
    """From one offset up to, not including, another."""

    start: int
    end: int


def fold(text: str) -> str:
    """The folded text, as long as the original.

    Text of ASCII and Simplified Chinese needs small letters only, which is ten times as fast.
    """
    if _uncommon().search(text):
        return text.translate(_table())
    return text.lower()


class _Folding(dict[int, int]):
    """Folds a character when it is first met."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = (_half_width, str.lower, *_conversions())

    def __missing__(self, code: int) -> int:
        character = chr(code)
        for step in self._steps:
            folded = step(character)
            if len(folded) == 1:
                character = folded
        self[code] = ord(_SAME.get(character, character))
        return self[code]


def _conversions() -> tuple[Callable[[str], str], ...]:
    """From the forms of Hong Kong to common Traditional ones, and on to Simplified."""
    return tuple(opencc.OpenCC(name).convert for name in ("hk2t", "t2s"))


def _half_width(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


@cache
def _table() -> _Folding:
    return _Folding()


@cache
def _uncommon() -> re.Pattern[str]:
    """Finds a character that may be folded to another than its small letter."""
    converted = "\n".join(_HAN)
    for convert in _conversions():
        converted = convert(converted)
    simplified = converted.split("\n")
    folded = {han for han, simple in zip(_HAN, simplified, strict=True) if han != simple}
    changing = re.escape("".join(sorted(folded | set(_SAME))))
    return re.compile(f"[{changing}]|[^\\x00-\\x7f\u4e00-\u9fff{_SIGNS}]")
