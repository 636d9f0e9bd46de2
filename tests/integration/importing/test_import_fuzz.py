"""Whatever bytes come, an import ends with counts or one sentence, never with a traceback."""

from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from db.importing.kind_registry import KINDS
from db.tabular.tables import Unreadable
from tests.support.importing.files import TURNS, call, csv_of, jsonl

# One database serves all examples of a test: what stands in it must not matter.
FUZZ = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STAFF = {"staff_no": "7", "name": "Wu", "station_code": "D1", "employed_from": "2024-03-01"}
STATION = {"code": "X", "name_en": "X", "kind": "shop", "timezone": "UTC", "parent_code": "D1"}
INSPECTION = {
    "interaction": {"source": "pbx", "external_id": "call-1"},
    "checklist": "phone",
    "version": 1,
    "inspector": "alice",
    "submitted_at": "2026-03-09T09:00:00Z",
    "answers": {"FST-01": {"value": "yes"}},
}
FILE = {
    "source": "crm",
    "external_id": "C-1",
    "kind": "complaint",
    "station_code": "D1",
    "received_at": "2026-03-02T09:00:00Z",
    "severity": "urgent",
    "customer_ref": "K-1",
    "events": [{"step": "told", "at": "2026-03-03T09:00:00Z", "note": "rang"}],
}
EVENT = {
    "source": "crm",
    "external_id": "C-1",
    "step": "told",
    "at": "2026-03-03T09:00:00Z",
    "note": "rang",
}
ROWS = {
    "stations": STATION,
    "staff": STAFF,
    "interactions": call(attributes={"a": 1}, events=[]),
    "inspections": INSPECTION,
    "files": FILE,
    "file-events": EVENT,
    "event_names": {"name": "Case opened", "event": "received"},
    "clocks": {"kind": "complaint", "step": "told", "hours": 48, "state": "use"},
    "calendars": {"station": "D1", "weekday": 0, "opens": "09:00", "closes": "18:00"},
    "measures": {
        "measure": "csat",
        "period": "2026-01",
        "value": 91.5,
        "n": 200,
        "source": "survey",
    },
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda parts: (
        st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=8), parts, max_size=4)
    ),
    max_leaves=8,
)


def check(desk, kind, content, **options):
    """Import twice: the counts add up, and the second time nothing is new."""
    try:
        first = desk.load(kind, content, **options).counts
    except Unreadable:
        return
    assert first.read == first.added + first.unchanged + first.updated + first.refused
    second = desk.load(kind, content, **options).counts
    assert (second.added, second.updated, second.refused) == (0, 0, first.refused)


@FUZZ
@given(kind=st.sampled_from(KINDS), content=st.binary(max_size=200))
@example(kind="stations", content=b"\x0c")  # a line with cells that are all blank
@example(kind="interactions", content=b"[")
@example(kind="interactions", content=b"{\n")
@example(kind="staff", content=b"\xef\xbb\xbf")
def test_any_bytes(desk, kind, content):
    check(desk, kind, content)


@FUZZ
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_rows_with_any_json_in_some_fields(desk, kind, data):
    names = st.sampled_from(sorted(ROWS[kind])) | st.text(max_size=10)
    changes = st.dictionaries(names, json_values, min_size=1, max_size=3)
    rows = [ROWS[kind] | data.draw(changes) for _ in range(3)]
    check(desk, kind, "".join(json.dumps(row) + "\n" for row in rows).encode())


@FUZZ
@given(turn=st.dictionaries(st.sampled_from(["speaker", "text", "start_seconds"]), json_values))
def test_turns_with_any_json(desk, turn):
    check(desk, "interactions", json.dumps(call(turns=[TURNS[0] | turn])).encode())


@FUZZ
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_tables_with_any_text_in_some_cells(desk, kind, data):
    names = st.sampled_from(sorted(ROWS[kind]))
    changes = st.dictionaries(names, st.text(st.characters(codec="utf-8"), max_size=20), max_size=3)
    rows = [ROWS[kind] | data.draw(changes) for _ in range(3)]
    check(desk, kind, csv_of(*rows))


@FUZZ
@given(
    source=st.sampled_from(["csv", "jsonl", "json", "xlsx"]),
    cut=st.none() | st.integers(0, 6000),
    changes=st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 255)), max_size=5),
)
def test_damaged_files(desk, source, cut, changes):
    content = bytearray(WHOLE[source])
    for place, byte in changes:
        content[place % len(content)] = byte
    check(desk, "staff", bytes(content[:cut]))


@FUZZ
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["call-1", "call-2", "call-3", ""]),
            st.integers(-1, 3),
            st.sampled_from(["agent", "customer", "x"]),
            st.text(st.characters(codec="utf-8"), max_size=10),
        ),
        max_size=6,
    )
)
def test_any_file_of_turns(desk, rows):
    names = ("source", "external_id", "turn", "speaker", "text")
    table = [dict(zip(names, ("pbx", *row), strict=True)) for row in rows]
    turns = desk.file(csv_of(dict.fromkeys(names, ""), *table), "turns.csv")
    plain = [{k: v for k, v in call(n).items() if k != "turns"} for n in (1, 2)]
    with suppress(Unreadable):  # so few characters may be in several encodings
        desk.load("interactions", csv_of(*plain), turns=turns, agreed=True)


def whole():
    rows = [STAFF | {"staff_no": str(number), "name": f"王小明 {number}"} for number in range(20)]
    book = Workbook()
    for row in (list(STAFF), *(list(row.values()) for row in rows)):
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return {
        "csv": csv_of(*rows),
        "jsonl": jsonl(*rows),
        "json": json.dumps(rows).encode(),
        "xlsx": file.getvalue(),
    }


WHOLE = whole()
