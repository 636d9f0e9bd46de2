"""What tests of imports do over and over: write a file, import it, look at what came of it."""

from __future__ import annotations

import csv
import io
import json

from openpyxl import Workbook
from sqlalchemy import func, select

from db.importing.import_run import Order, run_import
from db.people.models import Staff, Station
from db.store.keys import Keys
from db.store.session import reading, transaction
from tests.factories import make_staff, make_station
from tests.support.clock import NOW

KEYS = Keys(b"a secret of thirty-two bytes ....")
TURNS = [
    {"speaker": "customer", "text": "我的电话是13812345678", "start_seconds": 0.5},
    {"speaker": "agent", "text": "好的，已为您办理。"},
]


def call(number=1, **changed):
    """A phone call at the desk D1, as a row of an interactions file."""
    return {
        "source": "pbx",
        "external_id": f"call-{number}",
        "channel": "phone",
        "station_code": "D1",
        "staff_no": "S1",
        "occurred_at": "2026-03-09T09:00:00+08:00",
        "language": "zh-CN",
        "customer_ref": "C-4711",
        "customer_rating": 4,
        "rating_scale": [1, 5],
        "turns": TURNS,
    } | changed


def jsonl(*rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def csv_of(*rows):
    file = io.StringIO()
    writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    for row in rows:
        plain = {k: json.dumps(v) if isinstance(v, list | dict) else v for k, v in row.items()}
        writer.writerow(plain)
    return file.getvalue().encode()


def workbook(*sheets):
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class Desk:
    """A database with the desk D1, where S1 works, and a folder for files."""

    def __init__(self, engine, folder):
        self.engine, self.folder = engine, folder
        with transaction(engine) as session:
            station = make_station(session, code="D1", timezone="Asia/Taipei")
            make_staff(session, station=station, staff_no="S1")

    def file(self, content, name="rows"):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def load(self, kind, content, *, who=None, **options):
        order = Order(kind, self.file(content), **options)
        return run_import(self.engine, KEYS, order, who=who, clock=lambda: NOW)

    def counts(self, kind, content, **options):
        """(read, added, unchanged, updated, refused) of an import."""
        counts = self.load(kind, content, **options).counts
        return counts.read, counts.added, counts.unchanged, counts.updated, counts.refused

    def refusals(self, kind, content, **options):
        """What was refused: (line, column, reason)."""
        found = self.load(kind, content, **options).first_refusals
        return [(refusal.line, refusal.column, str(refusal)) for refusal in found]

    def all(self, *columns):
        with reading(self.engine) as session:
            return [tuple(row) for row in session.execute(select(*columns).order_by(columns[0]))]

    def count(self, table):
        with reading(self.engine) as session:
            return session.scalar(select(func.count()).select_from(table))

    def numbers(self):
        """The staff numbers there are."""
        return sorted(number for (number,) in self.all(Staff.staff_no))

    def station(self, code):
        with reading(self.engine) as session:
            return session.scalars(select(Station).where(Station.code == code)).one()
