"""Showing a whole case set, on paper or to a class: every case in it counts as opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import NotFound
from db.cases.queries.case import CaseView, without_names
from db.cases.services import open_case
from db.people.queries.shown_texts import before_class
from db.store import audit
from db.teaching.models import CaseSetVersion
from db.teaching.queries.case_sets import SetView, case_set, set_without_names


@dataclass(frozen=True)
class Handout:
    """A version of a set with its cases whole, by inspection."""

    view: SetView
    cases: Mapping[int, CaseView]


def open_handout(
    session: Session,
    *,
    who: Identity,
    version_id: int,
    how: Literal["print", "present"],
    now: datetime,
) -> Handout:
    """A version of a set, and the note that this person showed it and its cases.

    Whoever opens it, it is for a class: no name of the staff list is in it.

    Raises:
        NotAllowed: the role does not teach.
        NotFound: there is no such version, or the set is not shared.
    """
    require(who, Action.TEACH)
    version = session.get(CaseSetVersion, version_id)
    if version is None:
        raise NotFound("This case set does not exist.")
    view = case_set(session, who, version.case_set_id, version.number)
    inspection_ids = [
        member.inspection_id for member in view.members if member.inspection_id is not None
    ]
    cases = {
        key: open_case(
            session, who=who, inspection_id=key, now=now, how="print", set_id=view.set_id
        )
        for key in inspection_ids
    }
    audit.record(
        session,
        who,
        how,
        ("case_set", view.set_id),
        now=now,
        version=view.number,
        cases=len(inspection_ids),
    )
    names = before_class(session)
    return Handout(
        set_without_names(view, names),
        {key: without_names(case, names) for key, case in cases.items()},
    )
