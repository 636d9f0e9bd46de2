"""Who a case is about: a name for those who may know it, a letter for everyone else."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity, may_know_names
from db.people.models import Staff
from db.people.staff_list import staff_list
from db.store.keys import keys_of


def by_label(label: str) -> tuple[int, str]:
    """What labels are ordered by: B before AA."""
    return len(label) if label.isascii() else 0, label


class StaffLabels:
    """Names of staff, or the same letter for the same person wherever the person appears."""

    def __init__(self, session: Session, who: Identity) -> None:
        self._session = session
        self._who = who
        self._names: dict[int, str] = {}
        self._letters: dict[int, str] = {}

    def prepare(self, staff_ids: set[int]) -> None:
        """Read what the labels of these people need."""
        rows = self._session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(staff_ids)))
        self._names.update(rows.all())
        self._letters = staff_list(self._session).letters(keys_of(self._session))

    def label(self, staff_id: int | None, station_id: int) -> str:
        if staff_id is None:
            return ""
        may_name = may_know_names(self._who, station_id)
        return (self._names if may_name else self._letters).get(staff_id, "")
