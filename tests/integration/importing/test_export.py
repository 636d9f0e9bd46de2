"""What is exported can be imported again, and a spreadsheet runs nothing of it."""

from __future__ import annotations

import csv
import json

import pytest
from sqlalchemy import update

from db.__main__ import main
from db.encounters.models import Interaction
from db.importing.import_run import Order, run_import
from db.inspection.models import Inspection
from db.inspection.services.amendments import void
from tests.support.clock import NOW
from tests.support.importing.files import KEYS
from tests.support.inspection.inspecting import NO


@pytest.fixture
def export(world, monkeypatch, tmp_path):
    url = world.seeded.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))

    def export(name):
        assert main(["export", "inspections", str(tmp_path / name)]) == 0
        return tmp_path / name

    return export


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_what_is_exported_and_imported_again_gives_the_same_figures(world, export, name):
    numbers = [world.scored(), world.scored(RIGHT=NO)]
    before = figures(world)
    path = export(name)
    for number in numbers:
        world.do(void, world.bob, inspection_id=number, reason="To see it come back")
    assert figures(world) != before
    order = Order("inspections", path)
    result = run_import(world.seeded.engine, KEYS, order, who=None, clock=lambda: NOW)
    assert (result.counts.added, result.first_refusals) == (2, ())
    assert figures(world) == before


def figures(world):
    """The derived rows without the numbers of the inspections they come from."""
    findings = sorted((item, lost) for _, item, lost in world.findings())
    return findings, {name: rows for name, rows in world.derived().items() if name != "finding"}


def test_only_valid_inspections_are_exported(world, export):
    world.scored()
    with world.seeded.transaction() as session:
        session.execute(update(Inspection).values(state="void"))
    assert export("out.jsonl").read_text() == ""


def test_a_row_names_everything_by_its_key(world, export):
    world.scored(RIGHT=NO)
    [row] = map(json.loads, export("out.jsonl").read_text().splitlines())
    assert row["interaction"]["source"] == "test"
    assert {name: row[name] for name in ("checklist", "version", "inspector", "submitted_at")} == {
        "checklist": "small",
        "version": 1,
        "inspector": "alice",
        "submitted_at": NOW.isoformat(),
    }
    assert row["answers"]["RIGHT"] == NO


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "\uff1d1+1", "\uff201"]
)
def test_cells_that_look_like_formulas_are_defused_in_csv(world, export, text):
    world.scored()
    with world.seeded.transaction() as session:
        session.execute(update(Inspection).values(note=text))
        session.execute(update(Interaction).values(source=text))
    with export("out.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["note"], row["source"]) == (f"'{text}", f"'{text}")


def test_a_name_of_another_kind_is_refused(world, monkeypatch, tmp_path, capsys):
    url = world.seeded.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["export", "inspections", str(tmp_path / "out.xlsx")]) == 2
    assert capsys.readouterr().err == "The file name must end in .jsonl or .csv.\n"
