"""Stored scores computed again are those of the submission, whatever became of them meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from db.checklists.services.standards import sync_standards
from db.inspection.models import Inspection
from db.migrations import migrate
from db.store.models import Meta
from db.store.session import reading, transaction
from db.upkeep import rescore as room
from db.upkeep.rescore import rescore
from tests.bench.generate import bench_now, generate

COLUMNS = ("score", "score_before_critical", "key_moment_score", "band", "passed", "critical")


@pytest.fixture
def scored(databases):
    """A database with 60 inspections by several checklists."""
    with databases.like("rescored", _generated) as engine:
        yield engine


def _generated(engine):
    migrate.upgrade(engine)
    with transaction(engine) as session:
        sync_standards(session, now=bench_now())
    generate(engine, 60, now=bench_now())


def scores(engine):
    query = select(Inspection.id, *(getattr(Inspection, name) for name in COLUMNS))
    with reading(engine) as session:
        return {row.id: tuple(row[1:]) for row in session.execute(query.order_by(Inspection.id))}


def spoil(engine, *ids, **values):
    with transaction(engine) as session:
        session.execute(update(Inspection).where(Inspection.id.in_(ids)).values(values))


def nothing(_done, _total):
    pass


def test_scores_that_are_right_stay_untouched(scored):
    before = scores(scored)
    assert rescore(scored, nothing) == (60, 0, 0)
    assert scores(scored) == before


@pytest.mark.parametrize(
    "wrong",
    [{"score": 12.5}, {"score": None}, {"band": "no such band"}, {"passed": None}],
    ids=str,
)
def test_scores_that_are_wrong_are_set_right(scored, wrong):
    before = scores(scored)
    ids = [key for key, row in before.items() if row[0] is not None][3:8]
    spoil(scored, *ids, **wrong)
    assert rescore(scored, nothing) == (60, 5, 0)
    for key, row in scores(scored).items():
        assert row == pytest.approx(before[key], abs=1e-9)


def test_a_run_goes_on_where_the_last_was_interrupted(scored, monkeypatch):
    monkeypatch.setattr(room, "_BLOCK", 25)
    before = scores(scored)
    ids = list(before)
    spoil(scored, ids[0], ids[59], score=1.0)

    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rescore(scored, stop)
    spoil(scored, ids[0], score=1.0)  # shows that the first block is not read again
    assert rescore(scored, nothing) == (35, 1, ids[24])
    set_right = [scores(scored)[ids[place]][0] for place in (0, 59)]
    assert set_right == pytest.approx([1.0, before[ids[59]][0]], abs=1e-9)
    assert rescore(scored, nothing) == (60, 1, 0), "the mark is gone, all are read"
    with reading(scored) as session:
        assert session.scalar(select(Meta.value).where(Meta.key == "rescored_to")) is None
