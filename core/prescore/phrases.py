"""The shipped phrases of items that have fixed wordings; phrases.yaml says what they are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache
from pathlib import Path
from typing import Any

from core.text.textfold import TextRange
from core.text.yamlfile import load_data

_FILE = Path(__file__).with_name("phrases.yaml")


class Passage(StrEnum):
    """An end of a dialogue, which must be there before the lack of a phrase says no."""

    OPENING = auto()
    ENDING = auto()


class PhraseItem(StrEnum):
    """What the shipped phrases tell."""

    GREETING = auto()
    THANKS = auto()
    FAREWELL = auto()
    ANYTHING_ELSE = auto()
    READ_BACK = auto()
    TELLS_FAILURE = auto()
    APOLOGY = auto()


@dataclass(frozen=True)
class PhraseRecipe:
    """How an item is read from phrases.

    Attributes:
        pattern: what counts is its group `said`; what only looks like it matches without.
        first: among how many of an agent's first turns it must stand; None for anywhere.
        last_counts: the last occurrence is pinned in place of the first.
        needs: what must be there for no; empty where the lack of phrases proves nothing.
    """

    pattern: re.Pattern[str]
    first: int | None
    last_counts: bool
    needs: frozenset[Passage]

    def stretches(self, text: str) -> Iterator[TextRange]:
        """Where it is said in a folded text."""
        for match in self.pattern.finditer(text):
            if match["said"]:
                yield TextRange(*match.span("said"))


@dataclass(frozen=True)
class Phrases:
    """All of the file, and a name that changes with anything in it."""

    items: Mapping[PhraseItem, PhraseRecipe]
    opening: re.Pattern[str]
    ending: re.Pattern[str]
    to_machines: re.Pattern[str]
    version: str


@cache
def shipped() -> Phrases:
    data: dict[str, Any] = load_data(_FILE).data
    words: dict[str, str] = data["words"]
    return Phrases(
        items={PhraseItem(name): _recipe(fields, words) for name, fields in data["items"].items()},
        opening=re.compile(_any(data["opening"], words)),
        ending=re.compile(_any(data["ending"], words)),
        to_machines=re.compile(_any(data["to_machines"], words)),
        version=f"phrases-{hashlib.sha256(_FILE.read_bytes()).hexdigest()[:16]}",
    )


def _recipe(fields: dict[str, Any], words: dict[str, str]) -> PhraseRecipe:
    counting = f"(?P<said>{_any(fields['phrases'], words)})"
    return PhraseRecipe(
        pattern=re.compile(_any([*fields.get("not_phrases", ()), counting], words)),
        first=fields.get("first"),
        last_counts=fields.get("last_counts", False),
        needs=frozenset(map(Passage, fields.get("needs", ()))),
    )


def _any(patterns: Sequence[str], words: Mapping[str, str]) -> str:
    """One pattern for all, in their order."""
    joined = "|".join(patterns)
    for name, pattern in words.items():
        joined = joined.replace(f"<{name}>", pattern)
    return joined
