"""Stored texts as a reader may see them: with names and numbers of the staff list hidden.

Every query that gives a reader free text hides names with what is made here;
`tests/integration/people/test_hidden_names.py` fails for one that does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from core.access import Action, Identity, Scope, may_know_names, scope_of
from core.checklist import Checklist
from core.people.staff_names import NOBODY, StaffNames
from core.scoring import reworded
from db.inspection.models import Inspection
from db.people.staff_list import StaffList, staff_list


class HiddenNames:
    """What to hide from one reader.

    Who may know the names of a station reads its cases as they are stored, and elsewhere the names
    of its people; one's own name is shown in one's own case.
    """

    def __init__(self, session: Session, who: Identity) -> None:
        self._session, self._who = session, who

    def in_case(self, station_id: int, staff_id: int | None) -> StaffNames:
        """For the texts of a case."""
        if may_know_names(self._who, station_id):
            return NOBODY
        if staff_id is not None and staff_id == self._who.staff_id:
            return self._own
        return self.anywhere

    def in_inspection(self, inspection: Inspection) -> StaffNames:
        return self.in_case(inspection.station_id, inspection.staff_id)

    @cached_property
    def anywhere(self) -> StaffNames:
        """For texts that belong to no case."""
        scope = scope_of(self._who, Action.SEE_STAFF_NAMES)
        if scope is Scope.ALL:
            return NOBODY
        named_stations = self._who.station_ids if scope is Scope.SUBTREE else None
        return self._list.sparing(named_stations or frozenset())

    @cached_property
    def _own(self) -> StaffNames:
        entries = self._list.of(self._who.staff_id or 0)
        return self.anywhere.sparing(
            [person.name for person in entries], [person.number for person in entries]
        )

    @cached_property
    def _list(self) -> StaffList:
        return staff_list(self._session)


def before_class(session: Session) -> StaffNames:
    """What to hide where a text is shown to a class or for practice, whoever opens it."""
    return staff_list(session).names


def shown_answers(
    names: StaffNames, checklist: Checklist, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Stored answers with names hidden in what was written to them."""
    return reworded(checklist, answers, names.hide)
