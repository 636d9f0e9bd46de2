"""Runs of one to four characters of folded text, each packed into a number.

Sixteen bits a character, so that two runs never share a number. Characters beyond them, such as
emoji, count as one and the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.safekeeping.masking import PLACEHOLDER

Keys = NDArray[np.uint64]
Numbers = NDArray[np.int64]

LONGEST = 4
FEWEST = 5
"""Encounters, and customers where they are known, below which a run of characters is forgotten."""
_APART = 0
_RARE = 0xFFFF
_BITS = 16


@dataclass(frozen=True)
class Occurrences:
    """Every run of characters in some texts, in parallel arrays.

    `unit` says in which of the texts, `start` at which character of it, `length` how long it is.
    """

    key: Keys
    unit: Numbers
    start: Numbers
    length: Numbers

    def taken(self, mask: NDArray[np.bool_]) -> Occurrences:
        return Occurrences(self.key[mask], self.unit[mask], self.start[mask], self.length[mask])

    def at(self, units: Numbers) -> Occurrences:
        """In other texts; those are left out whose text is below 0."""
        mask = units >= 0
        return Occurrences(self.key[mask], units[mask], self.start[mask], self.length[mask])


def occurrences(texts: Sequence[str]) -> Occurrences:
    """All runs in the texts; none reaches over a masking placeholder or from one text to the next.

    A space stands before and behind each text, so that words at its ends are words too.
    """
    joined = "\0".join(f" {text} " for text in texts).replace(PLACEHOLDER, "\0")
    codes = _codes(joined)
    sizes = np.array([len(text) + 3 for text in texts], dtype=np.int64)
    unit = np.repeat(np.arange(len(texts)), sizes)[: len(codes)]
    start = np.arange(len(codes)) - np.repeat(np.cumsum(sizes) - sizes, sizes)[: len(codes)] - 1
    parts: list[tuple[Keys, Numbers]] = []
    key = np.zeros(len(codes), dtype=np.uint64)
    unbroken = np.ones(len(codes), dtype=bool)
    for length in range(1, LONGEST + 1):
        count = len(codes) - length + 1
        if count < 1:
            break
        last = codes[length - 1 :]
        key = (key[:count] << np.uint64(_BITS)) | last
        unbroken = unbroken[:count] & (last != _APART)
        places = np.flatnonzero(unbroken)
        parts.append((key[places], places))
    if not parts:
        return Occurrences(key, unit, start, unit)
    places = np.concatenate([own for _, own in parts])
    return Occurrences(
        key=np.concatenate([keys for keys, _ in parts]),
        unit=unit[places],
        start=start[places],
        length=np.repeat(np.arange(1, len(parts) + 1), [len(own) for _, own in parts]),
    )


def _codes(text: str) -> Keys:
    """A number for each character; spaces of every kind are one."""
    codes = np.frombuffer(
        text.replace("\n", " ").encode("utf-32-le", "replace"), dtype=np.uint32
    ).astype(np.uint64)
    codes[codes > _RARE] = _RARE
    return codes


def common_keys(encounters: Iterable[Keys], customers: Sequence[str]) -> tuple[Keys, Numbers]:
    """The runs that enough encounters of enough customers have, sorted, and in how many they are.

    Args:
        encounters: the runs of each encounter.
        customers: who each encounter is of; whoever is not known is empty, and counts anew each
            time.
    """
    distinct = [np.unique(keys) for keys in encounters]
    keys, counts = np.unique(
        np.concatenate([*distinct, np.zeros(0, np.uint64)]), return_counts=True
    )
    keys, counts = keys[counts >= FEWEST], counts[counts >= FEWEST]
    if not any(customers):
        return keys, counts
    by_customer: dict[str, list[Keys]] = {}
    for number, (customer, own) in enumerate(zip(customers, distinct, strict=True)):
        by_customer.setdefault(customer or f"\0{number}", []).append(own)
    of_customers, many = np.unique(
        np.concatenate([np.unique(np.concatenate(own)) for own in by_customer.values()]),
        return_counts=True,
    )
    enough = np.isin(keys, of_customers[many >= FEWEST])
    return keys[enough], counts[enough]
