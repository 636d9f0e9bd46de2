"""Finding standards by word, in any language and in either Chinese script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from core.library.items import LibraryItem
from core.library.load import Library
from core.text.textfold import fold


@dataclass(frozen=True)
class ItemQuery:
    """What to look for: every word must occur; an empty field narrows nothing."""

    words: str = ""
    group: str = ""
    channel: str = ""
    kind: str = ""
    critical: bool = False


def search(library: Library, query: ItemQuery) -> list[LibraryItem]:
    """The items that fit: those whose id or term has the words first, else in library order."""
    words = fold(query.words).split()
    items = [item for item in library if _fits(item, query) and _has(_all_texts(item), words)]
    return sorted(items, key=lambda item: not _has(_names(item), words))


def _fits(item: LibraryItem, query: ItemQuery) -> bool:
    return (
        query.group in ("", item.group)
        and query.kind in ("", item.kind)
        and (not query.channel or query.channel in item.channels)
        and (item.critical is not None or not query.critical)
    )


def _has(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _names(item: LibraryItem) -> str:
    return _folded(" ".join((item.id, *item.term.values())))


def _all_texts(item: LibraryItem) -> str:
    parts = (*item.term.values(), *item.text.values(), *item.guidance.values())
    return _folded(" ".join((item.id, *parts, item.source)))


@cache
def _folded(text: str) -> str:
    """Of the library's texts, which are the same at each search."""
    return fold(text)
