"""How new the figures are: a number that grows with every deed that changes them."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.people.staff_list import staff_mark
from db.store.event_reading import so_far

FIGURES, REMOVALS = "figures", "removals"
"""Readers of events: of what changes a figure, and of what takes words or names away."""
DEEDS = {
    FIGURES: frozenset(
        {
            ("inspection", deed)
            for deed in ("submit", "import", "amend", "void", "recall", "reimport")
        }
        | {("inspection", "become_record"), ("inspection", "reweigh")}
        | {("rollups", "rebuild"), ("inspections", "rescore")}
    ),
    REMOVALS: frozenset({("erasure", "erase"), ("retention", "remove"), ("interaction", "remask")}),
}


WITHDRAWING = DEEDS[FIGURES] - {
    ("inspection", deed) for deed in ("submit", "import", "become_record", "reweigh")
}
"""After these an older figure holds what counts no more; after the others it lacks something."""


class RowsVersion(NamedTuple):
    """What plain rows in memory depend on; they are read anew when it changes.

    The data, what was erased of it, and a digest of the staff list, whose names texts hide.
    """

    data: int
    removals: int
    staff: str


def data_version(session: Session) -> int:
    return session.scalars(select(so_far(FIGURES))).one()


def rows_version(session: Session) -> RowsVersion:
    data, removals = session.execute(select(so_far(FIGURES), so_far(REMOVALS))).one()
    staff = hashlib.sha256(staff_mark(session).encode()).hexdigest()
    return RowsVersion(data=data, removals=removals, staff=staff)
