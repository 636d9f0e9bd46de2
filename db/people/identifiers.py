"""Finding people and stations by the number or code that somebody writes.

Both are found without regard to case, and in whatever Unicode form they are written.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Mapped, Session

from core.text.identifiers import caseless, normal_identifier
from db.people.models import Staff, Station
from db.tabular.tables import Unfit

_TWINS = "Several are called so but for capitals; write it as it is stored: {names}."
_TO_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class ByIdentifier:
    """Ids by identifier: as it is written, or else without regard to case if only one is meant."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = dict(ids)
        self._codes = {row_id: identifier for identifier, row_id in ids.items()}
        self._alike: dict[str, list[str]] = {}
        for identifier in ids:
            self._alike.setdefault(caseless(identifier), []).append(identifier)

    def code_of(self, row_id: int | None) -> str | None:
        return None if row_id is None else self._codes.get(row_id)

    def stored_as(self, identifier: str, column: str) -> str | None:
        """How it is stored; None where it is not.

        Raises:
            Unfit: several are stored that differ in case alone, and none is written so.
        """
        if identifier in self._ids:
            return identifier
        alike = self._alike.get(caseless(identifier), ())
        if len(alike) > 1:
            raise Unfit(_TWINS, column=column, names=", ".join(sorted(alike)))
        return alike[0] if alike else None

    def get(self, identifier: str | None, column: str) -> int | None:
        """The id; None where it is not stored. Raises Unfit as `stored_as`."""
        name = None if identifier is None else self.stored_as(identifier, column)
        return None if name is None else self._ids[name]


def station_ids(session: Session) -> ByIdentifier:
    return ByIdentifier(dict(session.execute(select(Station.code, Station.id)).all()))


def staff_ids(session: Session, numbers: Iterable[str]) -> ByIdentifier:
    """The people with some numbers, and those whose numbers differ in case."""
    named = set(numbers)
    query = select(Staff.staff_no, Staff.id)
    ids = dict(session.execute(query.where(Staff.staff_no.in_(named))).all())
    if missing := named - ids.keys():
        if all(number.isascii() for number in missing):
            query = query.where(func.lower(Staff.staff_no).in_(map(lowered, missing)))
        ids |= dict(session.execute(query).all())  # databases fold no letters but A to Z alike
    return ByIdentifier(ids)


def staff_id(session: Session, number: str) -> int | None:
    """The person with a number, None where nobody has it.

    Raises:
        Unfit: several are meant, whose numbers differ in case alone.
    """
    normal = normal_identifier(number)
    return staff_ids(session, [normal]).get(normal, "staff_no")


def station_id(session: Session, code: str) -> int | None:
    """The station with a code, None where there is none. Raises Unfit as `staff_id`."""
    return station_ids(session).get(normal_identifier(code), "station_code")


def is_called(column: Mapped[str], identifier: str) -> ColumnElement[bool]:
    """Whether something is called so, without regard to the case of A to Z."""
    return func.lower(column) == lowered(identifier)


def lowered(identifier: str) -> str:
    """With small letters as both databases make them, which leave all but A to Z alone."""
    return identifier.translate(_TO_LOWER)
