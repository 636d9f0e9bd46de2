"""The demo's warnings: three of overdue files, each as it waits, was put off or closed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.access import Role
from core.warning.states import WarningState
from db.demo.warnings import load_warnings
from db.warning.models import EarlyWarning
from tests.factories import make_station, make_user
from tests.support.clock import NOW
from tests.support.warning.watching import stored_file

DAY = timedelta(days=1)


def test_of_stations_with_overdue_files_one_waits_one_is_put_off_one_is_closed(seeded):
    with seeded.transaction() as session:
        make_user(session, "quality", Role.QUALITY_MANAGER, is_demo=True)
        for number in range(3):
            changed = {"state": "open", "answered": "open", "answer_due_at": NOW - DAY}
            station = make_station(session)
            session.add(stored_file(station.id, number, NOW - 2 * DAY, **changed))
        session.flush()
        load_warnings(session, now=NOW)
        rows = session.scalars(select(EarlyWarning).order_by(EarlyWarning.id)).all()
        states = [(row.state, row.is_put_off) for row in rows]
    assert states == [
        (WarningState.RAISED, False),
        (WarningState.TAKEN, True),
        (WarningState.CLOSED, False),
    ]


def test_without_overdue_files_there_is_none(seeded):
    with seeded.transaction() as session:
        make_user(session, "quality", Role.QUALITY_MANAGER, is_demo=True)
        load_warnings(session, now=NOW)
        assert session.scalars(select(EarlyWarning)).all() == []
