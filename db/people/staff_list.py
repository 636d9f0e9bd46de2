"""The staff list as texts and labels need it: what people are called, the pseudonyms they go by."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import NamedTuple

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from core.people.staff_names import StaffNames
from core.safekeeping.scrubbing import scrubbed
from db.people.former_names import former_names
from db.people.models import FormerName, Staff, User
from db.store.keys import Keys

_MARK = select(
    func.aggregate_strings(
        cast(Staff.id, String) + Staff.staff_no + Staff.name + cast(Staff.station_id, String), "\n"
    )
)
_FORMER_MARK = select(
    func.aggregate_strings(
        cast(FormerName.staff_id, String) + FormerName.staff_no + FormerName.name, "\n"
    )
)
_MOST_KEPT = 4
_SIGNS = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""Without vowels, which make words, and without signs that look alike."""
_LENGTH = 7
_lists: dict[str, StaffList] = {}


class ListedPerson(NamedTuple):
    """A line of the list, whether the person still works here, and is still called so, or not."""

    staff_id: int
    number: str
    name: str
    station_id: int


class StaffList:
    """One state of the list; shared by everyone who reads, and never changed."""

    def __init__(self, people: tuple[ListedPerson, ...]) -> None:
        self.people = people
        self.sparing: Callable[[frozenset[int]], StaffNames] = lru_cache(maxsize=64)(self._sparing)

    @cached_property
    def names(self) -> StaffNames:
        """All there are."""
        return StaffNames(*self._said_of(self.people))

    def of(self, staff_id: int) -> tuple[ListedPerson, ...]:
        return tuple(person for person in self.people if person.staff_id == staff_id)

    def without(self, people: tuple[ListedPerson, ...]) -> StaffNames:
        """All but some, whom the reader knows."""
        return self.names.sparing(*self._said_of(people))

    def _sparing(self, station_ids: frozenset[int]) -> StaffNames:
        """All but the people of some stations."""
        return self.without(
            tuple(person for person in self.people if person.station_id in station_ids)
        )

    @staticmethod
    def _said_of(people: tuple[ListedPerson, ...]) -> tuple[list[str], list[str]]:
        return [person.name for person in people], [person.number for person in people]


def staff_list(session: Session) -> StaffList:
    """The list as it stands, built anew only when a line of it has changed."""
    mark = staff_mark(session)
    people = _lists.get(mark)
    if people is None:
        named = select(Staff.id, Staff.staff_no, Staff.name, Staff.station_id)
        former = select(
            FormerName.staff_id, FormerName.staff_no, FormerName.name, Staff.station_id
        ).join(Staff, Staff.id == FormerName.staff_id)
        rows = [*session.execute(named), *session.execute(former)]
        people = StaffList(tuple(ListedPerson(*row) for row in rows))
        if len(_lists) >= _MOST_KEPT:
            _lists.clear()
        _lists[mark] = people
    return people


def staff_mark(session: Session) -> str:
    """Another text whenever a line of the list is another."""
    return "\n\n".join(session.scalar(mark) or "" for mark in (_MARK, _FORMER_MARK))


def pseudonym(keys: Keys, readers: str, staff_id: int) -> str:
    """What a person goes by before these readers: seven signs that look as if drawn by chance.

    They come of a digest under the portal's key, so that they are the same in every process and say
    nothing of name, number, station, or anybody else. Of 10,000 people two share one before one in
    300 readers (28 signs, 7 of them: 10,000 squared over 2 times 28 to the 7th).
    """
    digest = hmac.digest(
        keys.derive("pseudonyms of staff"), f"{readers}/{staff_id}".encode(), hashlib.sha256
    )
    number = int.from_bytes(digest)
    signs = []
    for _ in range(_LENGTH):
        number, sign = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[sign])
    return "".join(signs)


def names_of(session: Session, staff_id: int | None) -> set[str]:
    """What a member of staff is and was called, in the list of staff and as who signs in."""
    staff = session.get(Staff, staff_id) if staff_id else None
    if staff is None:
        return set()
    names = {name for user in accounts_of(session, staff.id) for name in (user.username, user.name)}
    former = {said for line in former_names(session, staff.id) for said in line}
    return {staff.name, staff.staff_no, *names, *former}


def log_reason(session: Session, staff_id: int | None, reason: str) -> str:
    """A reason as the log may keep it: who was judged is not named, since the log stays."""
    return scrubbed(reason, names_of(session, staff_id))


def accounts_of(session: Session, staff_id: int) -> list[User]:
    return list(session.scalars(select(User).where(User.staff_id == staff_id)))
