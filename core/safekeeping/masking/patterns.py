"""Words and phrases that rules look for, in ways that are quick where none of them stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.safekeeping.masking.shadow import Shadow, latin_words


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; each begins with a plain character.

    Words that begin alike share a branch, and `re` passes over what begins none of them.
    """
    by_first: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        by_first.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?:{'|'.join(ends)})" for first, ends in by_first.items())


class Phrases:
    """Phrases of Latin words in small letters, looked up by their first word.

    A space stands for a space, a hyphen or nothing; the last word may have an "s" behind it.
    `behind` is a pattern of what may follow and belongs to the match; group 1 is the phrase.
    """

    def __init__(self, phrases: Iterable[str], behind: str = "") -> None:
        by_first: dict[str, list[str]] = {}
        for phrase in sorted(phrases, key=len, reverse=True):
            by_first.setdefault(next(latin_words(phrase))[0], []).append(phrase)
        self._by_first: dict[str, re.Pattern[str]] = {}
        for first, alternatives in by_first.items():
            pattern = re.compile(
                f"({'|'.join(map(_escaped, alternatives))})(?:'?s)?(?![a-z]){behind}"
            )
            self._by_first |= dict.fromkeys((first, f"{first}s", f"{first}'s"), pattern)
        self._first_words = frozenset(self._by_first)

    def __call__(self, shadow: Shadow) -> Iterator[re.Match[str]]:
        """Where the phrases stand in a text."""
        if shadow.vocabulary.isdisjoint(self._first_words):
            return
        for match in shadow.words:
            pattern = self._by_first.get(match[0])
            if pattern and (phrase := pattern.match(shadow.low, match.start())):
                yield phrase


def _escaped(phrase: str) -> str:
    return re.escape(phrase).replace(r"\ ", "[ -]?")
