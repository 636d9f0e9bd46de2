"""Finding the words that announce personal data, by kind (`cues.txt`)."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.safekeeping.masking.patterns import Phrases, one_of
from core.safekeeping.masking.shadow import Shadow
from core.safekeeping.masking.word_lists import sections

_WEAK = ", weak"


class Cue(NamedTuple):
    """A word that announces a kind of personal data, from `start` up to, not including, `end`."""

    start: int
    end: int
    kind: str
    is_weak: bool
    word: str


def cues(shadow: Shadow) -> list[Cue]:
    """The words of a text that announce something."""
    matches = [*_PHRASES(shadow)] if shadow.words else []
    if not shadow.is_ascii:
        matches += _HAN.finditer(shadow.low)
    return [_cue(match) for match in matches]


def _cue(match: re.Match[str]) -> Cue:
    heading = _HEADINGS[_joined(match[1])]
    kind = heading.removesuffix(_WEAK)
    return Cue(
        start=match.start(),
        end=match.end(),
        kind=kind,
        is_weak=kind != heading,
        word=match[1],
    )


def _joined(word: str) -> str:
    return word.replace(" ", "").replace("-", "")


_HEADINGS = {
    _joined(word): heading for heading, words in sections("cues.txt").items() for word in words
}
_WORDS = [word for words in sections("cues.txt").values() for word in words]
_LATIN = re.compile("[a-z]")
_PHRASES = Phrases(word for word in _WORDS if _LATIN.match(word))
_HAN = re.compile(f"({one_of(word for word in _WORDS if not _LATIN.match(word))})")
