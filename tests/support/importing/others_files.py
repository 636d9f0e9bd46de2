"""Small files as other programs write them, each with what is to come of it beside it.

Nineteen were handed in by whoever tried the portal (their names begin with a number), the others
were made with openpyxl, xlsxwriter, or byte by byte. What is expected was written by hand, or read
with openpyxl, never by the importer.
"""

from __future__ import annotations

import json
import shutil
from typing import Any, NamedTuple

from sqlalchemy import select

from db.encounters.models import Interaction, Turn
from db.importing.import_run import Order, run_import
from db.migrations import migrate
from db.people.models import Staff, Station
from db.store.session import reading, transaction
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Unreadable
from tests.factories import make_staff, make_station
from tests.support.clock import NOW
from tests.support.importing.files import KEYS
from tests.support.requirements import ROOT

FOLDER = ROOT / "tests/data/imports"
SUFFIX = ".expected.json"
LATER = NOW.replace(year=NOW.year + 1)  # the files are of 2026
NAMES = sorted(path.name.removesuffix(SUFFIX) for path in FOLDER.glob(f"*{SUFFIX}"))
ZONES = {
    "PEK": "Asia/Shanghai",
    "TPE": "Asia/Taipei",
    "LHR": "Europe/London",
    "NAN": "Asia/Shanghai",
}


class Expected(NamedTuple):
    """What is to come of a file; `unreadable` begins the sentence that refuses it whole."""

    kind: str
    options: dict[str, Any]
    stored: dict[str, dict[str, Any]]
    refused: list[list[Any]]
    unreadable: str
    notes: list[str]


def expected(name):
    read = json.loads((FOLDER / f"{name}{SUFFIX}").read_text(encoding="utf-8"))
    return Expected(
        kind=read["kind"],
        options=read.get("options", {}),
        stored=read.get("stored", {}),
        refused=read.get("refused", []),
        unreadable=read.get("unreadable", ""),
        notes=read.get("notes", []),
    )


def make_stations(engine):
    """The stations that the files name, and two people."""
    migrate.upgrade(engine)
    with transaction(engine) as session:
        stations = {
            code: make_station(session, code=code, timezone=zone) for code, zone in ZONES.items()
        }
        make_staff(session, station=stations["PEK"], staff_no="Z08")
        person = make_staff(session, station=stations["PEK"], staff_no="YF10001")
        person.post, person.uniform_variant = "supervisor", "scarf"


def load(engine, folder, name):
    """What came of a file, under a name that says nothing of its format."""
    told = expected(name)
    path = folder / "rows"
    shutil.copy(FOLDER / name, path)
    order = Order(told.kind, path, choices=FileChoices.of(told.options))
    return run_import(engine, KEYS, order, who=None, clock=lambda: LATER)


def faults(engine, folder, name):
    """What came of a file otherwise than it is to come, in words; nothing where all is right."""
    told = expected(name)
    before = stored(engine, told.kind)
    try:
        result = load(engine, folder, name)
    except Unreadable as refusal:
        said, refused, notes = str(refusal), [], []
    else:
        said, refused = "", result.first_refusals
        notes = [str(note) for note in result.forecast.notes]
    after = stored(engine, told.kind)
    named = {key: {c: after.get(key, {}).get(c) for c in row} for key, row in told.stored.items()}
    changed = {key for key, row in after.items() if before.get(key) != row}
    found = {
        "refused whole": bool(said) != bool(told.unreadable)
        or not said.startswith(told.unreadable),
        "refused": [[r.line, r.column] for r in refused] != told.refused,
        "sentences": any(str(refusal)[-1] != "." for refusal in refused),
        "stored": named != told.stored,
        "stored besides": not changed <= told.stored.keys(),
        "notes": any(not any(n.startswith(start) for n in notes) for start in told.notes),
    }
    came = (said, [str(refusal) for refusal in refused], named, sorted(changed), notes)
    return [f"{what}: {came}" for what, is_other in found.items() if is_other]


def stored(engine, kind):
    """Everything stored of a kind by its identifier, as the expected results have it."""
    with reading(engine) as session:
        codes = {row.id: row.code for row in session.scalars(select(Station))}
        people = {row.id: row for row in session.scalars(select(Staff))}
        if kind == "staff":
            return {row.staff_no: _person(row, codes) for row in people.values()}
        return {
            row.external_id: _encounter(session, row, codes, people)
            for row in session.scalars(select(Interaction))
        }


def _person(row, codes):
    return {
        "name": row.name,
        "station_code": codes[row.station_id],
        "post": row.post,
        "uniform_variant": row.uniform_variant,
        "employed_from": row.employed_from and row.employed_from.isoformat(),
    }


def _encounter(session, row, codes, people):
    turns = select(Turn.text).where(Turn.interaction_id == row.id).order_by(Turn.position)
    return {
        "channel": row.channel,
        "station_code": codes[row.station_id],
        "staff_no": people[row.staff_id].staff_no if row.staff_id else None,
        "occurred_at": row.occurred_at.isoformat(),
        "customer_ref": row.customer_ref,
        "duration_seconds": row.duration_seconds,
        "attributes": row.attributes,
        "turns": list(session.scalars(turns)),
    }
