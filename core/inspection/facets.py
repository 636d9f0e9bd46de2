"""Facets: what inspections are told apart by besides checklist, channel and sample.

Business line, language and the post of who served are those known when it was scored, the shift is
that of the hour at the station.
"""

from __future__ import annotations

from typing import NamedTuple, Self
from urllib.parse import parse_qsl, urlencode

from core.errors import InvalidInput

_SHIFTS = ("night",) * 5 + ("early",) * 7 + ("late",) * 6 + ("evening",) * 6  # hour by hour
UNRECORDED = ""
"""The value of a facet that nobody has recorded."""
NOT_RECORDED = "unrecorded"
"""What an address calls it."""


class Facets(NamedTuple):
    """Which inspections are meant: None takes every value of a facet, empty the unrecorded."""

    business_line: str | None = None
    shift: str | None = None
    post: str | None = None
    language: str | None = None

    @property
    def chosen(self) -> dict[str, str]:
        """The facets that narrow, with the value of each."""
        return {name: value for name, value in self._asdict().items() if value is not None}

    @property
    def code(self) -> str:
        """All in one text, empty where nothing narrows."""
        return urlencode(self.chosen)

    @classmethod
    def parse(cls, code: str) -> Self:
        """The facets of a code.

        Raises:
            InvalidInput: it names what is no facet.
        """
        values = dict(parse_qsl(code, keep_blank_values=True))
        if not values.keys() <= set(cls._fields):
            raise InvalidInput("{code} is not a choice of facets.", code=code)
        return cls(**values)


EVERYTHING = Facets()
SHIFTS = tuple(dict.fromkeys(_SHIFTS))
"""In the order of the day."""


def shift_of(hour: int) -> str:
    """The shift of an hour of the day at the station, 0 to 23."""
    return _SHIFTS[hour]
