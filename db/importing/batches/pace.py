"""How many rows one transaction of an import takes, so that others wait for it only shortly.

On SQLite nobody else writes while a transaction is open. How long one takes depends on the machine
and on the rows, so each goes by how long the last ones took.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from db.importing.kinds import ReadableRow

AIM = 0.03
"""Seconds that a transaction is to hold the database; a busy machine makes three of one."""
_LEAST, _MOST = 20_000, 200_000
"""Sizes of rows, which are about their characters in the file. Still less saves nothing, as what
each transaction takes besides its rows is then most of it."""
_MOST_GROWTH = 1.5


class Pace:
    """Parts batches into portions of a size that one transaction can take."""

    def __init__(self, aim: float = AIM) -> None:
        self._aim = aim
        self._size = float(_LEAST)

    def portions(self, items: Sequence[ReadableRow]) -> Iterator[Sequence[ReadableRow]]:
        """The rows in order, each once; a portion has at least one of them."""
        start = 0
        while start < len(items):
            end, size = start + 1, items[start].size
            while end < len(items) and size + items[end].size <= self._size:
                size += items[end].size
                end += 1
            yield items[start:end]
            start = end

    def took(self, items: Sequence[ReadableRow], seconds: float) -> None:
        """Learn from a transaction with these rows, which held the database so long."""
        size = sum(item.size for item in items)
        fitting = size * self._aim / max(seconds, 1e-6)
        if fitting < self._size:
            self._size = max(_LEAST, fitting)
        elif size > self._size / 2:  # of a small rest nothing is learnt about a whole portion
            self._size = min(_MOST, fitting, self._size * _MOST_GROWTH)
