"""The demo's actions end differently, each as its figures say."""

from __future__ import annotations

from sqlalchemy import select

from core.access import Role
from core.improvements.states import ImprovementState
from core.measures.change import Verdict
from db.demo.improvements import load_improvements
from db.improvements.models import Improvement
from db.results.models import StationMonth
from tests.factories import make_station, make_user
from tests.support.clock import NOW

MONTHS = (202510, 202511, 202512, 202601, 202602)
IMPROVING, STEADY = {202510: 80.0}, {}


def of_month(station_id, month, mean, n=50):
    """Scores that differ by 5 points from their mean."""
    return StationMonth(
        checklist_version_id=1,
        channel="phone",
        sample_class="random",
        station_id=station_id,
        month=month,
        n=n,
        total=n * mean,
        squares=n * (mean**2 + 25),
    )


def load(session, means):
    top = make_station(session, code="TOP", kind="head_office")
    make_user(session, "manager", Role.STATION_MANAGER, is_demo=True, station_id=top.id)
    make_user(session, "quality", Role.QUALITY_MANAGER, is_demo=True)
    for code, unlike in means.items():
        station = make_station(session, code=code, kind="airport", parent_id=top.id)
        session.add_all(of_month(station.id, m, unlike.get(m, 90.0)) for m in MONTHS)
    session.flush()
    load_improvements(session, now=NOW)
    return session.scalars(select(Improvement).order_by(Improvement.id)).all()


def test_five_actions_end_in_five_ways(seeded):
    """AAA rises from 80 to 90 where the others stay at 90; the others are not told apart."""
    with seeded.transaction() as session:
        rows = load(session, {"AAA": IMPROVING, "BBB": STEADY, "CCC": STEADY, "DDD": STEADY})
        ends = [(row.state, row.verdict) for row in rows]
    assert ends == [
        (ImprovementState.CLOSED, Verdict.EFFECTIVE),
        (ImprovementState.CLOSED, Verdict.NOT_SHOWN),
        (ImprovementState.CARRIED_OUT, None),
        (ImprovementState.RUNNING, None),
        (ImprovementState.WITHDRAWN, None),
    ]


def test_a_small_demo_has_none_as_nothing_could_be_judged(seeded):
    with seeded.transaction() as session:
        assert load(session, {}) == []
