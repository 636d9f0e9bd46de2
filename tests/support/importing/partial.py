"""Rows with some of their columns, and what an import of them leaves as it was."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from core.text.search_query import query_of
from db.encounters import search_index
from db.encounters.models import ClearSpan, Interaction, Turn
from db.inspection.models import Finding, Inspection
from db.people.models import Staff, Station
from db.safekeeping.models import Customer
from db.store.base import table_of
from db.store.session import reading, transaction
from tests.factories import make_staff, make_station, seed
from tests.support.importing.files import Desk, csv_of, jsonl, workbook

PHONE, OTHER_PHONE = "13812345678", "13987654321"
ENCOUNTER = {
    "source": "pbx",
    "external_id": "W1",
    "channel": "chat",
    "business_line": "cargo",
    "station_code": "D1",
    "staff_no": "S1",
    "occurred_at": "2026-03-09T09:00:00+08:00",
    "language": "zh-TW",
    "customer_ref": "C-4711",
    "duration_seconds": 61.5,
    "recording": "w1.wav",
    "customer_rating": 4,
    "rating_scale": [1, 5],
    "case_kind": "complaint",
    "checklist": "chat",
    "severity": "urgent",
    "is_repeat": True,
    "consent": True,
    "events": [{"name": "hold", "at": "2026-03-09T09:01:00+08:00", "source": "system"}],
    "attributes": {"pnr": "x", "call back": PHONE, "legs": [1, {"mail": "wu@example.com"}]},
    "turns": [
        {"speaker": "customer", "text": f"我的电话是{PHONE}", "start_seconds": 0.5},
        {"speaker": "agent", "text": "好的，行李已找到。"},
    ],
}
OTHER_ENCOUNTER = {
    "channel": "phone",
    "business_line": "hotel",
    "station_code": "D2",
    "staff_no": "S2",
    "occurred_at": "2026-03-09T10:00:00+08:00",
    "language": "en",
    "customer_ref": "C-4712",
    "duration_seconds": 9,
    "recording": "other.wav",
    "customer_rating": 2,
    "rating_scale": [0, 10],
    "case_kind": "problem",
    "checklist": "complaint",
    "severity": "ordinary",
    "is_repeat": False,
    "consent": False,
    "events": [],
    "attributes": {"pnr": "y", "call back": OTHER_PHONE, "legs": [1, {"mail": "wu@example.com"}]},
    "turns": [
        {"speaker": "customer", "text": f"我的电话是{OTHER_PHONE}", "start_seconds": 0.5},
        {"speaker": "agent", "text": "好的，行李已送到。"},
    ],
}
STATION = {
    "code": "PEK",
    "name_zh_TW": "北京首都機場",
    "name_zh_CN": "北京首都机场",
    "name_en": "Beijing Capital",
    "kind": "airport",
    "region": "North",
    "parent_code": "D1",
    "timezone": "Asia/Shanghai",
}
OTHER_STATION = {
    "name_zh_TW": "北京",
    "name_zh_CN": "北京市",
    "name_en": "Beijing",
    "kind": "shop",
    "region": "South",
    "parent_code": "D2",
    "timezone": "Asia/Taipei",
}
PERSON = {
    "staff_no": "7",
    "name": "Wu Mei",
    "station_code": "D1",
    "post": "supervisor",
    "uniform_variant": "scarf",
    "employed_from": "2020-01-01",
}
OTHER_PERSON = {
    "name": "Wu Mei-Ling",
    "station_code": "D2",
    "post": "agent",
    "uniform_variant": "cap",
    "employed_from": "2021-02-03",
}
FULL = {"interactions": ENCOUNTER, "stations": STATION, "staff": PERSON}
OTHER = {"interactions": OTHER_ENCOUNTER, "stations": OTHER_STATION, "staff": OTHER_PERSON}
STORED_AS = {
    "station_code": {"station_id"},
    "staff_no": {"staff_id"},
    "rating_scale": {"rating_low", "rating_high"},
    "name_zh_TW": {"name_zh_tw"},
    "name_zh_CN": {"name_zh_cn"},
    "parent_code": {"parent_id"},
    "turns": {"turn_count", "turn", "span of a turn"},
    "attributes": {"attributes", "span of an attribute"},
    "customer_ref": {"customer_ref", "customer"},
}
OF_THE_IMPORT = {"content_digest", "imported_at"}
FORMATS = ("jsonl", "json", "csv", "xlsx")


def make_office(engine):
    """Beside the cast D1 and D2 with S1 and S2, and a row of each kind with every column filled."""
    seed(engine)
    with TemporaryDirectory() as folder:
        desk = Desk(engine, Path(folder))
        with transaction(engine) as session:
            make_staff(session, station=make_station(session, code="D2"), staff_no="S2")
        for kind, row in FULL.items():
            desk.load(kind, jsonl(row))


def content_of(form, *rows):
    """The bytes of a file with these rows, whose cells a table holds as JSON."""
    if form == "jsonl":
        return jsonl(*rows)
    if form == "json":
        return json.dumps(rows, ensure_ascii=False).encode()
    if form == "csv":
        return csv_of(*rows)
    heads = list(dict.fromkeys(key for row in rows for key in row))
    return workbook([heads, *([_cell(row.get(head)) for head in heads] for row in rows)])


def only(row, *columns):
    return {name: value for name, value in row.items() if name in columns}


def without(row, *columns):
    return {name: value for name, value in row.items() if name not in columns}


def keys_of(kind):
    return {
        "interactions": ("source", "external_id"),
        "stations": ("code",),
        "staff": ("staff_no",),
    }[kind]


def everything(engine):
    """Whatever is stored by its place: (table, key, attribute) -> value."""
    with reading(engine) as session:
        found: dict[tuple[Any, ...], Any] = {}
        for model in (Interaction, Station, Staff, Inspection, Finding):
            for row in session.execute(select(table_of(model))).mappings():
                found |= {(model.__name__, row["id"], name): value for name, value in row.items()}
        for turn in session.execute(select(table_of(Turn))):
            found["turn", turn.interaction_id, turn.position, "turn"] = tuple(turn)
        for span in session.execute(select(table_of(ClearSpan))):
            place = "span of a turn" if span.position else "span of an attribute"
            found["span", span.id, place] = tuple(span)
        for customer in session.execute(select(table_of(Customer))):
            found["customer", customer.ref, "customer"] = tuple(customer)
        for words in ("行李", "电话"):
            found["search", words, "turn"] = search_index.candidates(session, query_of(words))
        return found


def changes(before, after):
    """The attributes in which two such findings differ."""
    places = before.keys() | after.keys()
    return {place[-1] for place in places if before.get(place) != after.get(place)}


def _cell(value):
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
