"""Who a case is about: a name for those who may know it, a letter for everyone else."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core.access import Action, Identity, Scope, scope_of
from db.models import Staff


class StaffLabels:
    """Names of staff, or the same letter for the same person wherever the person appears."""

    def __init__(self, session: Session, who: Identity) -> None:
        self._session = session
        self._scope = scope_of(who, Action.SEE_STAFF_NAMES)
        self._stations = who.station_ids or frozenset()
        self._names: dict[int, str] = {}
        self._letters: dict[int, str] = {}

    def prepare(self, staff_ids: set[int]) -> None:
        """Read what the labels of these people need, in one query."""
        earlier = aliased(Staff)
        place = (
            select(func.count())
            .where(earlier.station_id == Staff.station_id, earlier.id < Staff.id)
            .scalar_subquery()
        )
        rows = self._session.execute(
            select(Staff.id, Staff.name, place).where(Staff.id.in_(staff_ids))
        )
        for staff_id, name, number in rows:
            self._names[staff_id] = name
            self._letters[staff_id] = _letters(number)

    def label(self, staff_id: int | None, station_id: int) -> str:
        if staff_id is None:
            return ""
        known = self._scope is Scope.ALL or (
            self._scope is Scope.SUBTREE and station_id in self._stations
        )
        return (self._names if known else self._letters).get(staff_id, "")


def _letters(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    number += 1
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
