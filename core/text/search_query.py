"""What somebody typed to search for, read as words, phrases and what joins them.

Words stand side by side where all are wanted, `OR` between two where either will do, `-` or `NOT`
before one that must not be there. Quotation marks hold words together, which are then whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from core.text.seen_text import JOINERS, seen_words
from core.text.words import Word, parts_of

_QUOTED = "|".join(
    f"{opens}([^{opens}{closes}]*){closes}"
    for opens, closes in ('""', "\u201c\u201d", "\uff02\uff02", "「」", "『』")
)
_TOKEN = re.compile(rf"([-\u2212\uff0d]?)(?:{_QUOTED})|(\S+?)(?=[\s\"\u201c\uff02「『]|$)")
_MINUS = "-\u2212\uff0d"
_CODE = re.compile(rf"[0-9a-z]+(?:[{JOINERS}.:/@+&#][0-9a-z]+)*|[^\W_0-9a-z]+")
_SIGNS_INSIDE = re.compile(rf"[^0-9a-z{JOINERS}]")


@dataclass(frozen=True)
class Sought:
    """A word that must be there, or must be `absent`."""

    word: Word
    absent: bool = False


@dataclass(frozen=True)
class SearchQuery:
    """Of each group one must hold. `signs` were typed too, and nothing can be found by them."""

    groups: tuple[tuple[Sought, ...], ...] = ()
    signs: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in it, each once, in order."""
        return tuple(dict.fromkeys(sought.word for group in self.groups for sought in group))

    @property
    def wanted(self) -> tuple[Word, ...]:
        """The words that a text is found by, each once, in order."""
        every = (sought for group in self.groups for sought in group if not sought.absent)
        return tuple(dict.fromkeys(sought.word for sought in every))

    @property
    def narrowing(self) -> tuple[tuple[Word, ...], ...]:
        """Of each of these one word stands in every text that is found."""
        return tuple(
            tuple(sought.word for sought in group)
            for group in self.groups
            if not any(sought.absent for sought in group)
        )

    def may_find(self, there: Collection[Word]) -> bool:
        """Whether a text with at most these of its words may be found."""
        return all(any(word in there for word in words) for words in self.narrowing)

    def found(self, there: Collection[Word]) -> bool:
        """Whether a text with just these of its words is found."""
        return all(
            any((sought.word in there) != sought.absent for sought in group)
            for group in self.groups
        )


@dataclass(frozen=True)
class _Token:
    text: str
    quoted: bool = False
    absent: bool = False


def query_of(typed: str) -> SearchQuery:
    """Read what was typed. An operator without a word where it needs one is a word itself."""
    groups: list[tuple[Sought, ...]] = []
    signs: list[str] = []
    joining = absent = False
    tokens = list(_tokens(typed))
    for number, token in enumerate(tokens):
        after = tokens[number + 1] if number + 1 < len(tokens) else None
        follows = after is not None and not _is_operator(after, "OR", "AND")
        if _is_operator(token, "OR", "AND") and groups and follows:
            joining = token.text == "OR"
            continue
        if _is_operator(token, "NOT") and follows:
            absent = True
            continue
        words = _words(token)
        if not words:
            signs.append(token.text)
        absent = absent or token.absent
        joins = joining or (after is not None and _is_operator(after, "OR"))
        if len(words) > 1 and (absent or joins):
            words = [_in_one(words)]
        found: list[tuple[Sought, ...]] = [(Sought(word, absent),) for word in words]
        if joining and found:
            found[0] = groups.pop() + found[0]
        groups += found
        joining = absent = False
    return SearchQuery(tuple(dict.fromkeys(groups)), tuple(dict.fromkeys(signs)))


def _tokens(typed: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(typed):
        minus, *quoted, plain = match.groups()
        inside = next((text for text in quoted if text is not None), None)
        if inside is not None:
            if inside.strip():
                yield _Token(inside, quoted=True, absent=bool(minus))
        elif len(plain) > 1 and plain[0] in _MINUS:
            yield _Token(plain[1:], absent=True)
        else:
            yield _Token(plain)


def _is_operator(token: _Token, *operators: str) -> bool:
    return token.text in operators and not token.quoted and not token.absent


def _in_one(words: list[Word]) -> Word:
    return Word(tuple(part for word in words for part in word.parts), joined=False)


def _words(token: _Token) -> list[Word]:
    seen_text = seen_words(token.text)
    if token.quoted:
        parts = parts_of(seen_text)
        joined = not re.search(r"\s", seen_text.strip())
        return [Word(parts, joined=joined, whole=True)] if parts else []
    return [
        Word(parts_of(code), joined=not _SIGNS_INSIDE.search(code))
        for code in _CODE.findall(seen_text)
    ]
