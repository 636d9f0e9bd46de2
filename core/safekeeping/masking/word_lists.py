"""The words that rules go by, from the files beside this module, and what a Latin word is.

Ordinary words and names come from the lists of zxcvbn, which stand in order of frequency; a word
stands in the one in which it is the most frequent: "grace" is a name there and "hope" a word. They
know names of North America; those of other countries stand in `latin_names.txt`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from zxcvbn.frequency_lists import FREQUENCY_LISTS

# Further down, these lists hold names of towns and persons as well.
_WORDS = {"english_wikipedia": 6000, "us_tv_and_film": 5000}
_ENDINGS = ("ed", "ing", "ly", "tion", "ment", "ness")
_FIRST_NAMES = ("female_names", "male_names")


@cache
def sections(name: str) -> Mapping[str, list[str]]:
    """The entries of a file of words by the heading in brackets above them, in its order."""
    entries: dict[str, list[str]] = {}
    text = Path(__file__).with_name(name).read_text("utf-8")
    for block in text.split("\n["):
        heading, bracket, body = block.partition("]\n")
        if bracket:
            entries[heading] = " ".join(body.split()).split(", ")
    return entries


def is_word(text: str) -> bool:
    """Whether a word in any letters is ordinary, or the name of a town, an airline or a thing."""
    word = text.lower().strip(".,'’").removesuffix("'s").removesuffix("’s")
    return word in _words() or (word[-1:] == "s" and word[:-1] in _words())


def is_name(text: str) -> bool:
    """Whether a word in any letters is a common first name or surname."""
    return text.lower() in _names()


def is_first_name(text: str) -> bool:
    return text.lower() in _first_names()


def has_first_name(words: frozenset[str]) -> bool:
    """Whether one of the words, in small letters, is a common first name."""
    return not words.isdisjoint(_first_names())


@cache
def _words() -> frozenset[str]:
    words = {
        word
        for name, most in _WORDS.items()
        for rank, word in enumerate(FREQUENCY_LISTS[name])
        if rank < most or word.endswith(_ENDINGS)
    }
    return frozenset(words | _no_names()) - _names()


@cache
def _names() -> frozenset[str]:
    return _first_names().union(FREQUENCY_LISTS["surnames"]) - _no_names()


@cache
def _first_names() -> frozenset[str]:
    listed = frozenset(word for name in _FIRST_NAMES for word in FREQUENCY_LISTS[name])
    return listed.union(sections("latin_names.txt")["first names of other countries"]) - _no_names()


@cache
def _no_names() -> frozenset[str]:
    return frozenset(sections("latin_names.txt")["no names"])
