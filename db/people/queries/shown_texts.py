"""What a reader sees of people: names hidden in stored texts, a pseudonym in place of a name.

Every query that gives a reader free text hides names with what is made here;
`tests/integration/people/test_hidden_names.py` fails for one that does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from core.access import Action, Identity, Scope, may_know_names, scope_of
from core.checklist import Checklist
from core.people.staff_names import NOBODY, StaffNames
from core.scoring import reworded
from db.inspection.models import Inspection
from db.people.models import Staff, User
from db.people.staff_list import StaffList, pseudonym, staff_list
from db.store.keys import keys_of
from db.training.models import TrainingEnrolment, TrainingRun


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


class StaffLabels:
    """Names of staff, or a pseudonym for each person, the same wherever these readers meet it.

    Cases have one for each reader, and one for all readers of a case set. Lists of people to be
    trained have another, since enrolling somebody gives the name: it must lead to no case.
    """

    def __init__(self, session: Session, who: Identity, readers: str) -> None:
        self._session = session
        self._who = who
        self._readers = readers
        self._names: dict[int, str] = {}

    @classmethod
    def beside_cases(
        cls, session: Session, who: Identity, *, set_id: int | None = None
    ) -> StaffLabels:
        return cls(session, who, f"reader {who.user_id}" if set_id is None else f"set {set_id}")

    @classmethod
    def for_training(cls, session: Session, who: Identity) -> StaffLabels:
        return cls(session, who, f"training {who.user_id}")

    def prepare(self, staff_ids: set[int]) -> None:
        """Read what the labels of these people need."""
        rows = self._session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(staff_ids)))
        self._names.update(rows.all())

    def label(self, staff_id: int | None, station_id: int) -> str:
        if staff_id is None:
            return ""
        if may_know_names(self._who, station_id):
            return self._names.get(staff_id, "")
        return pseudonym(keys_of(self._session), self._readers, staff_id)


def known_by_name(reader: Identity) -> ColumnElement[bool]:
    """Accounts of nobody who is scored, of people one may know, and of those in one's own runs."""
    scope = scope_of(reader, Action.SEE_STAFF_NAMES)
    if scope is Scope.ALL:
        return true()
    stations = reader.station_ids or frozenset() if scope is Scope.SUBTREE else frozenset()
    enrolled = (
        select(TrainingEnrolment.staff_id)
        .join(TrainingRun, TrainingRun.id == TrainingEnrolment.run_id)
        .where(TrainingRun.trainer_id == reader.user_id)
    )
    of_stations = select(Staff.id).where(Staff.station_id.in_(stations))
    return or_(User.staff_id.is_(None), User.staff_id.in_(enrolled), User.staff_id.in_(of_stations))
