"""How much each person may ask of this process within some time."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from datetime import datetime, timedelta
from threading import Lock


class Allowance:
    """At most so much for each key within the time just past."""

    def __init__(self, most: int, within: timedelta) -> None:
        self._most, self._within = most, within
        self._taken: dict[Hashable, deque[tuple[datetime, int]]] = {}
        self._lock = Lock()

    def takes(self, key: Hashable, amount: int, now: datetime) -> bool:
        with self._lock:
            taken = self._taken.setdefault(key, deque())
            while taken and taken[0][0] <= now - self._within:
                taken.popleft()
            if sum(taken_amount for _when, taken_amount in taken) + amount > self._most:
                return False
            taken.append((now, amount))
            return True
