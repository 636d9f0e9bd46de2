"""The generated databases of the benches are what the real services would have made."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.checklists.services.standards import sync_standards
from db.inspection.models import Finding, Inspection
from db.results import rollups
from db.store.base import table_of
from db.store.session import reading, transaction
from db.upkeep.rebuild import rebuild
from tests.bench.generate import bench_now, generate


def test_generated_figures_equal_those_rebuilt_from_the_inspections(engine):
    with transaction(engine) as session:
        sync_standards(session, now=bench_now())
    generate(engine, 50, now=bench_now())
    generated = everything(engine)
    with transaction(engine) as session:
        assert rebuild(session, lambda _done, _total: None) == 50
    rebuilt = everything(engine)
    for table, rows in generated.items():
        assert rows.keys() == rebuilt[table].keys(), table
        for key, values in rows.items():
            assert values == pytest.approx(rebuilt[table][key]), (table, key)


def everything(engine):
    """Every derived row as {labels: sums}; findings by inspection and item."""
    found = {}
    with reading(engine) as session:
        assert len(session.scalars(select(Inspection.id)).all()) == 50
        for model in rollups.TABLES:
            table, sums = table_of(model), sorted(rollups.summed(model))
            labels = [column.name for column in table.columns if column.name not in sums]
            rows = session.execute(select(table)).mappings()
            found[table.name] = {
                tuple(row[name] for name in labels): [row[name] for name in sums] for row in rows
            }
        losses = session.execute(
            select(Finding.inspection_id, Finding.item_key, Finding.points_lost, Finding.score)
        )
        found["finding"] = {(row[0], row[1]): [row[2], row[3]] for row in losses}
    assert all(found.values())
    return found
