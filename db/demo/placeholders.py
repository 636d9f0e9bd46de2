"""Fill the named places of the written texts with names, numbers and dates of one encounter."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from string import Formatter

from db.demo.content_model import Language, Slots, seconds

STOP = "stop"
_MOMENT = re.compile(r"(?P<kind>day|at|time)(?P<shift>[+-]\d+[smhd])?")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def slot_names(texts: Iterable[str]) -> frozenset[str]:
    """The named places of texts.

    Raises:
        ValueError: a brace is not closed or a place has no name.
    """
    names = [name for text in texts for _, name, _, _ in Formatter().parse(text)]
    if "" in names:
        raise ValueError("a named place is empty")
    return frozenset(name for name in names if name)


def is_moment(name: str) -> bool:
    """Whether a place is a date or time counted from the encounter, such as ``day-3d``."""
    return name == STOP or _MOMENT.fullmatch(name) is not None


def moment_text(name: str, begins_at: datetime, language: Language) -> str:
    """``day-3d`` as a date in the language, ``at+2h`` as date and time, ``time+9m`` as time."""
    match = _MOMENT.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} names no date or time")
    moment = begins_at + timedelta(seconds=seconds(match["shift"] or "+0s"))
    if match["kind"] == "at":
        return stamp(moment)
    if match["kind"] == "time":
        return f"{moment:%H:%M}"
    if language == "en":
        return f"{moment.day} {moment:%B}"
    return f"{moment.month}月{moment.day}日"


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def draw(pools: Mapping[str, tuple[Slots, ...]], rng: random.Random) -> dict[str, str]:
    """One row of each pool, in the order of their names.

    ``#`` in a row stands for a random digit and ``^`` for a random capital letter.
    """
    rows = [rng.choice(rows) for _, rows in sorted(pools.items())]
    return {name: _filled(text, rng) for row in rows for name, text in row.items()}


def _filled(pattern: str, rng: random.Random) -> str:
    drawn = {"#": lambda: str(rng.randrange(10)), "^": lambda: rng.choice(_LETTERS)}
    return "".join(drawn[sign]() if sign in drawn else sign for sign in pattern)
