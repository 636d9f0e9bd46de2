"""Names and numbers of the staff list, hidden in texts for readers who may not know them.

It knows what stands in the list and nothing else. Both scripts, full-width and half-width, capitals
and accents are the same; characters that nobody sees do not count. An entry that is also a word, or
a short number, is hidden where it is meant (`core/people/meant_names.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Any

from core.people.meant_names import is_meant
from core.safekeeping.masking import PLACEHOLDER
from core.text.name_letters import (
    NO_WORD_BEFORE,
    RUN_TOGETHER,
    WORD,
    composed,
    plain,
    spellings,
)
from core.text.search_query import SearchQuery
from core.text.textfold import TextRange
from core.text.words import stand_in

_FEWEST_CHARACTERS = 2
_IDEOGRAPHS = re.compile(f"[{RUN_TOGETHER}]")
_PIECE = re.compile(f"[{RUN_TOGETHER}]|{WORD}")
_LATIN = re.compile(WORD)
_CLOSE = r"\s_.\-\u2010-\u2015\u2212\u00b7\u2022\u2027\u30fb\u3000"
_BESIDE = re.compile(rf"[{_CLOSE}]*")
"""What may stand between two characters of a Chinese name."""
_BETWEEN = re.compile(rf"[{_CLOSE},'\u2018\u2019\u02bc，、()（）/]*")
"""What may stand between two words of a name that is not all Chinese."""


class StaffNames:
    """What to hide. `spared` are entries that the reader may know all the same.

    Latin names are found as whole words in the listed order and with the first or last word at the
    other end, with their initials and without; of a name in both scripts its Chinese part counts
    by itself, and its Latin part if it has two words. Chinese names are found wherever their
    characters follow each other.
    """

    def __init__(self, names: Iterable[str], numbers: Iterable[str]) -> None:
        entries = _entries(names, numbers)
        self._joined = frozenset(entry for entry, alone in entries if not alone)
        self._alone = frozenset(entry for entry, alone in entries if alone)
        self._spared: frozenset[str] = frozenset()
        self._ordered = sorted(self._joined | self._alone)
        starts = {entry[0] for entry in self._ordered}
        cjk = "".join(sorted(start for start in starts if _IDEOGRAPHS.match(start)))
        latin = "".join(sorted(start for start in starts if _LATIN.match(start)))
        parts = [
            f"[{re.escape(cjk)}]" if cjk else "",
            rf"{NO_WORD_BEFORE}(?=[{re.escape(latin)}]){WORD}" if latin else "",
        ]
        self._starts = re.compile("|".join(filter(None, parts)) or r"(?!)")

    def sparing(self, names: Iterable[str], numbers: Iterable[str]) -> StaffNames:
        """The same dictionary without these people, for a reader who may know them."""
        spared = frozenset(entry for entry, _ in _entries(names, numbers))
        if not spared:
            return self
        other = object.__new__(StaffNames)
        other.__dict__ |= self.__dict__ | {"_spared": self._spared | spared}
        return other

    def hide(self, text: str) -> str:
        """The text, as long as before, with placeholders for whoever is in the list."""
        if not self._ordered:
            return text
        view = composed(text)
        spans = self._spans(plain(view.text), view.text)
        return _blanked(text, [view.written(start, end) for start, end in spans])

    def hide_data(self, value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
        """The same for every text in data made of objects, lists and plain values; keys stay."""
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, dict):
            return {key: self.hide_data(element) for key, element in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.hide_data(element) for element in value)
        return value

    def has_words(self, query: SearchQuery, texts: Sequence[str]) -> bool:
        """Whether texts have what is looked for, and not what is not, as the reader sees them.

        Hiding makes no word, so that only words that are there before it are looked for again.
        """
        there = stand_in(query.words, texts)
        if not self._ordered or not there or not query.may_find(there):
            return query.found(there)
        having = [text for text in texts if stand_in(there, [text])]
        return query.found(stand_in(there, [self.hide(text) for text in having]))

    def _spans(self, text: str, written: str) -> list[TextRange]:
        """Where entries stand in a folded text of visible characters, in order."""
        spans: list[TextRange] = []
        for match in self._starts.finditer(text):
            named = spans[-1].end if spans else 0
            end = self._end(text, written, match.start(), named)
            if not end:
                continue
            if spans and spans[-1].end >= match.start():
                spans[-1] = TextRange(spans[-1].start, max(spans[-1].end, end))
            else:
                spans.append(TextRange(match.start(), end))
        return spans

    def _end(self, text: str, written: str, start: int, named: int) -> int:
        """Where the longest entry ends that begins here and is meant; 0 without one."""
        joined, end, offset, pieces = "", 0, start, 0
        while piece := _PIECE.match(text, offset):
            joined, pieces, offset = joined + piece[0], pieces + 1, piece.end()
            entries = self._joined if pieces > 1 else self._alone
            if (
                joined in entries
                and joined not in self._spared
                and _stands_alone(text, start, offset, joined)
                and is_meant(text, written, start, offset, named)
            ):
                end = offset
            if not self._goes_on(joined):
                break
            offset = self._next(text, offset)
        return end

    def _goes_on(self, joined: str) -> bool:
        """Whether a longer entry begins so."""
        index = bisect_left(self._ordered, joined)
        if index < len(self._ordered) and self._ordered[index] == joined:
            index += 1
        return index < len(self._ordered) and self._ordered[index].startswith(joined)

    @staticmethod
    def _next(text: str, offset: int) -> int:
        """Where the next piece of a name would begin."""
        close, wide = _BESIDE.match(text, offset), _BETWEEN.match(text, offset)
        assert close is not None
        assert wide is not None
        both = _IDEOGRAPHS.match(text, offset - 1) and _IDEOGRAPHS.match(text, wide.end())
        return close.end() if both else wide.end()


def _entries(names: Iterable[str], numbers: Iterable[str]) -> set[tuple[str, bool]]:
    """Folded entries; True for those that are one piece of text, such as a number."""
    entries: set[tuple[str, bool]] = set()
    for name in names:
        for spelling in spellings(name):
            for pieces in _written(_pieces(spelling)):
                entries |= _entry(pieces)
    for number in numbers:
        pieces = _pieces(number)
        joined = "".join(pieces)
        if joined.isdigit():
            entries.add((joined, True))
        elif len(joined) >= _FEWEST_CHARACTERS:
            entries |= {(joined, True), (joined, False)}
    return entries


def _entry(pieces: Sequence[str]) -> set[tuple[str, bool]]:
    joined = "".join(pieces)
    if len(joined) < _FEWEST_CHARACTERS:
        return set()
    return {(joined, len(pieces) == 1)}


def _written(pieces: list[str]) -> Iterable[list[str]]:
    """The ways in which a name of some pieces is written."""
    if not pieces:
        return
    yield pieces
    latin = [piece for piece in pieces if not _IDEOGRAPHS.match(piece)]
    chinese = [piece for piece in pieces if _IDEOGRAPHS.match(piece)]
    if latin and chinese:
        yield chinese
        yield [*latin, *chinese]
        yield [*chinese, *latin]
    without_initials = [piece for piece in latin if len(piece) > 1]
    for words in (latin, without_initials if without_initials != latin else []):
        if len(words) > 1:
            yield words
            yield [*words[1:], words[0]]
            yield [words[-1], *words[:-1]]


def _pieces(text: str) -> list[str]:
    """Words, and Chinese characters one by one."""
    return _PIECE.findall(plain(composed(text).text))


def _stands_alone(text: str, start: int, end: int, joined: str) -> bool:
    """Whether a number of digits alone is not a part of a decimal one."""
    if not joined.isdigit():
        return True
    before = text[max(0, start - 2) : start]
    after = text[end : end + 2]
    return not (_DECIMAL_BEFORE.fullmatch(before) or _DECIMAL_AFTER.fullmatch(after))


_DECIMAL_BEFORE = re.compile(r"\d\.")
_DECIMAL_AFTER = re.compile(r"\.\d")


def _blanked(text: str, spans: Collection[TextRange]) -> str:
    if not spans:
        return text
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return "".join(
        PLACEHOLDER * (end - start) if number % 2 else text[start:end]
        for number, (start, end) in enumerate(pairwise(edges))
    )


NOBODY = StaffNames((), ())
"""For readers who may know everybody."""
