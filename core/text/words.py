"""A word that is looked for: where it stands in a text, and by which terms an index finds it.

A Latin word is found by its beginning, from three characters on, and with a hyphen, an apostrophe
or the end of a line inside it. A code is letters and numbers: either finds it, and it is found
with a blank between them. A number is found by any three of its digits that follow each other.
Words of other scripts are found anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.text.seen_text import JOINERS, seen, seen_words
from core.text.textfold import TextRange

_HIDDEN = "█"
"""What stands where something is hidden; no word reaches over it, nor from one text to the next."""
_PART = re.compile("[a-z]+|[0-9]+|[^\\W_0-9a-z]+")
_CHAIN = re.compile(f"[0-9a-z]+(?:[{JOINERS}\n][0-9a-z]+)*")
_OTHERS = re.compile("[^\\W_0-9a-z]+")
_APART = f"(?:[^\\w{_HIDDEN}\n]{{%d,3}}|[_\n])"
_INSIDE = f"[{JOINERS}\n]?"
_SHORTEST_BEGINNING = 3
_LONGEST_TERM = 64

Term = tuple[str, bool]
"""A term of an index; True where longer terms that begin with it count too."""


@dataclass(frozen=True)
class Word:
    """Parts that follow each other, each letters, digits or characters of another script, folded.

    `joined`: they may stand without anything between them. `whole`: it does not go on.
    """

    parts: tuple[str, ...]
    joined: bool = True
    whole: bool = False

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def in_one_piece(self) -> bool:
        """Whether it is looked for in one piece, signs inside it left out."""
        lettered = any(_is_latin(part) and not part.isdigit() for part in self.parts)
        latin = all(map(_is_latin, self.parts)) and (lettered or len(self.parts) == 1)
        return self.joined and latin and len(self.text) >= _SHORTEST_BEGINNING


def parts_of(text: str) -> tuple[str, ...]:
    """The letters, digits and characters of other scripts of a seen text, in order."""
    return tuple(_PART.findall(text))


def index_terms(text: str) -> set[str]:
    """What a text is found by.

    Each run of letters and of digits, each with what follows it in its word or code, the ends of
    numbers, and of other scripts single characters and pairs of neighbours.
    """
    seen_text = seen_words(text)
    terms: set[str] = set()
    for chain in _CHAIN.findall(seen_text):
        parts = _PART.findall(chain)
        terms.update(part[:_LONGEST_TERM] for part in parts)
        following = ""
        for part in reversed(parts):
            following = (part + following)[:_LONGEST_TERM]
            terms.add(following)
            if part.isdigit():
                terms.update(
                    part[start:][:_LONGEST_TERM]
                    for start in range(1, len(part) - _SHORTEST_BEGINNING + 1)
                )
    for run in _OTHERS.findall(seen_text):
        terms.update(run)
        terms.update(_pairs(run))
    return terms


def terms_of(word: Word) -> tuple[tuple[Term, ...], ...]:
    """The terms of which every text with the word has all of one alternative."""
    alternatives: list[tuple[Term, ...]] = []
    if word.in_one_piece:
        alternatives.append((_term(word.text, open_ended=True),))
    if len(word.parts) > 1 or not word.in_one_piece:
        last = len(word.parts) - 1
        terms = (
            term
            for number, part in enumerate(word.parts)
            for term in _part_terms(part, open_ended=number == last and _goes_on(word))
        )
        alternatives.append(tuple(dict.fromkeys(terms)))
    return tuple(alternatives)


def spans(word: Word, text: str) -> list[TextRange]:
    """Where a word stands in a text, in offsets of the text as it is written."""
    seen_text = seen(text)
    return [seen_text.written(*match.span()) for match in _pattern(word).finditer(seen_text.text)]


def stand_in(words: Iterable[Word], texts: Sequence[str]) -> frozenset[Word]:
    """Those of some words that stand in at least one of the texts."""
    seen_text = seen_words(_HIDDEN.join(texts))
    return frozenset(word for word in words if _pattern(word).search(seen_text))


def _part_terms(part: str, *, open_ended: bool) -> Iterator[Term]:
    if _is_latin(part) or len(part) == 1:
        yield _term(part, open_ended=open_ended and _is_latin(part))
    else:
        yield from ((pair, False) for pair in _pairs(part))


def _term(text: str, *, open_ended: bool) -> Term:
    return text[:_LONGEST_TERM], open_ended and len(text) >= _SHORTEST_BEGINNING


def _pairs(run: str) -> Iterator[str]:
    return (run[start : start + 2] for start in range(len(run) - 1))


def _is_latin(part: str) -> bool:
    return part[0] in "0123456789abcdefghijklmnopqrstuvwxyz"


def _goes_on(word: Word) -> bool:
    """Whether longer words that begin with its last part count too."""
    return not word.whole and len(word.parts[-1]) >= _SHORTEST_BEGINNING


@cache
def _pattern(word: Word) -> re.Pattern[str]:
    ways: list[str] = []
    if word.in_one_piece:
        end = "" if not word.whole else _end(word.parts[-1])
        inside = _INSIDE.join(map(_spread, word.parts))
        ways.append((inside if _is_found_inside(word) else _begun(inside)) + end)
    if len(word.parts) > 1 or not ways:
        middle = re.escape(word.parts[0])
        for before, after in pairwise(word.parts):
            alike = _kind(before) == _kind(after) != ""
            middle += _APART % alike + re.escape(after)
        end = "" if _goes_on(word) else _end(word.parts[-1])
        ways.append(_begun(middle) + end)
    return re.compile("|".join(ways))


def _is_found_inside(word: Word) -> bool:
    """Whether it is a number that is found by digits in its middle."""
    return len(word.parts) == 1 and word.parts[0].isdigit() and not word.whole


def _spread(part: str) -> str:
    """A part with what may stand between its letters."""
    return part if part.isdigit() else _INSIDE.join(part)


def _kind(part: str) -> str:
    """0 for digits, a for Latin letters, empty for other scripts."""
    return "" if not _is_latin(part) else "0" if part.isdigit() else "a"


def _begun(pattern: str) -> str:
    """A pattern that does not go on from something before it.

    Its first character stays in front, by which texts are looked through fastest.
    """
    first = pattern[0]
    before = {"0": "[0-9]", "a": "[a-z]"}.get(_kind(first))
    return f"{first}(?<!{before}{first}){pattern[1:]}" if before else pattern


def _end(part: str) -> str:
    return {"0": "(?![0-9])", "a": "(?![a-z])"}.get(_kind(part), "")
