"""How fast files of interactions go in, and how much memory that takes.

    python -m tests.bench.bench_import                      10,000 rows of every format
    python -m tests.bench.bench_import --megabytes 1000     one JSONL file of that size

Each import is the command line in a process of its own, whose peak memory the system tells.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import xlsxwriter

from db.migrations import migrate
from db.people.models import Station
from db.store.session import transaction
from tests.bench.report import Table
from tests.factories import make_staff, make_station
from tests.support import postgres, requirements
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.requirements import ROOT

Row = dict[str, Any]

_STATIONS, _STAFF = 40, 400
_FORMATS = ("jsonl", "json", "csv", "xlsx")
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
_SAID = (
    "您好，很高興為您服務，請問有什麼可以幫您？",
    "我想把下週三從桃園到東京的機票改到週五，請問要補多少差價？",
    "好的，請您稍等，我先幫您查詢訂位紀錄和票種規定。",
    "您好，我的行李到现在还没有出来，已经等了四十分钟了。",
    "非常抱歉让您久等，请提供一下您的行李牌号码和联系电话。",
    "我的电话是{number}，麻烦你们快一点。",
    "已為您改好，確認信會寄到您的信箱，還需要其他協助嗎？",
    "没有了，谢谢。",
)


class Measured(NamedTuple):
    rows: int
    megabytes: float
    seconds: float
    worked_seconds: float
    peak_megabytes: float

    @property
    def rate(self) -> float:
        return self.rows / self.seconds

    @property
    def work_rate(self) -> float:
        """Rows for each second of this process's own work, which a busy machine alters little."""
        return self.rows / self.worked_seconds


def run(sizes: tuple[int, ...]) -> Iterator[Table]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        databases: dict[str, Databases] = {"SQLite": SqliteDatabases(folder)}
        programs = requirements.postgres_programs()
        if not programs:
            yield _table(folder, databases, sizes, ["MISSING: PostgreSQL, so it was not measured."])
            return
        with postgres.server(programs, settings=()) as url:
            databases["PostgreSQL"] = PostgresDatabases(url)
            yield _table(folder, databases, sizes, [])
            yield _formats(folder, databases["SQLite"], min(sizes))
            databases["PostgreSQL"].close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megabytes", type=int, help="size of one JSONL file")
    megabytes = parser.parse_args().megabytes
    if not megabytes:
        for table in run((10_000,)):
            print(table.text(), end="\n\n", flush=True)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "rows.jsonl"
        number = _write_megabytes(path, megabytes)
        with SqliteDatabases(folder).like("stations", _fill) as engine:
            measured = _import(engine.url.render_as_string(), path, folder, number)
    print(
        f"{measured.megabytes:,.0f} MB, {measured.rows:,} rows in {measured.seconds:,.0f} s: "
        f"{measured.rate:,.0f} rows/s, {measured.work_rate:,.0f} rows per second of work, "
        f"peak memory {measured.peak_megabytes:,.0f} MB"
    )


def rows(seed: int = 1) -> Iterator[Row]:
    """Telephone calls without end, the same each time."""
    rng = random.Random(seed)
    for number in count(1):
        person = rng.randrange(_STAFF)
        yield {
            "source": "bench",
            "external_id": f"call-{number}",
            "channel": "phone",
            "station_code": f"BENCH-{person % _STATIONS}",
            "staff_no": f"B{person}",
            "occurred_at": (_FIRST + timedelta(minutes=rng.randrange(1_000_000))).isoformat(),
            "language": "zh-TW",
            "customer_ref": f"C{rng.randrange(10**9)}",
            "duration_seconds": rng.randrange(30, 900),
            "turns": [_turn(rng, place) for place in range(rng.randrange(4, 12))],
        }


def _turn(rng: random.Random, place: int) -> Row:
    said = rng.choice(_SAID).format(number=13_000_000_000 + rng.randrange(10**9))
    speaker = "agent" if place % 2 == 0 else "customer"
    return {"speaker": speaker, "text": said, "start_seconds": 7.5 * place}


def _table(
    folder: Path, databases: dict[str, Databases], sizes: Iterable[int], notes: list[str]
) -> Table:
    found = []
    for size in sizes:
        path = folder / f"{size}.jsonl"
        _write_jsonl(path, islice(rows(), size))
        for name, kind in databases.items():
            with kind.like("stations", _fill) as engine:
                url = engine.url.render_as_string(hide_password=False)
                first, again = (_import(url, path, folder, size) for _ in range(2))
            found.append([name, *_cells(first), f"{again.rate:,.0f}"])
        path.unlink()
    head = (
        "database",
        "rows",
        "file MB",
        "rows/s",
        "rows/s of work",
        "peak memory MB",
        "rows/s unchanged",
    )
    return Table("Importing interactions with 4 to 11 turns, JSONL", head, found, notes)


def _formats(folder: Path, databases: Databases, size: int) -> Table:
    found = []
    for form in _FORMATS:
        path = folder / f"{size}.{form}"
        _WRITERS[form](path, islice(rows(), size))
        with databases.like("stations", _fill) as engine:
            measured = _import(engine.url.render_as_string(), path, folder, size)
        found.append([form.upper(), *_cells(measured)])
    head = ("format", "rows", "file MB", "rows/s", "rows/s of work", "peak memory MB")
    return Table("Importing interactions by format, SQLite", head, found)


def _cells(measured: Measured) -> list[str]:
    return [
        f"{measured.rows:,}",
        f"{measured.megabytes:.1f}",
        f"{measured.rate:,.0f}",
        f"{measured.work_rate:,.0f}",
        f"{measured.peak_megabytes:.0f}",
    ]


def _import(url: str, path: Path, folder: Path, number: int) -> Measured:
    """Run the command; the system keeps each child's own peak memory."""
    environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(folder)}
    command = [sys.executable, "-m", "db", "import", "interactions", str(path)]
    started = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    seconds = perf_counter() - started
    worked = used.ru_utime + used.ru_stime
    return Measured(number, path.stat().st_size / 1e6, seconds, worked, used.ru_maxrss / 1e3)


def _fill(engine: Any) -> None:
    migrate.upgrade(engine)
    with transaction(engine) as session:
        stations: list[Station] = [
            make_station(session, code=f"BENCH-{number}") for number in range(_STATIONS)
        ]
        for number in range(_STAFF):
            make_staff(session, station=stations[number % _STATIONS], staff_no=f"B{number}")


def _write_jsonl(path: Path, given: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in given)


def _write_json(path: Path, given: Iterable[Row]) -> None:
    path.write_text(json.dumps(list(given), ensure_ascii=False), encoding="utf-8")


def _write_csv(path: Path, given: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, row in enumerate(given):
            if number == 0:
                writer.writerow(row)
            writer.writerow(_plain(row).values())


def _write_xlsx(path: Path, given: Iterable[Row]) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(given, 1):
        if number == 1:
            sheet.write_row(0, 0, list(row))
        sheet.write_row(number, 0, list(_plain(row).values()))
    book.close()


def _plain(row: Row) -> Row:
    return row | {"turns": json.dumps(row["turns"], ensure_ascii=False)}


def _write_megabytes(path: Path, megabytes: int) -> int:
    size = number = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows():
            line = json.dumps(row, ensure_ascii=False) + "\n"
            file.write(line)
            size, number = size + len(line.encode()), number + 1
            if size >= megabytes * 1_000_000:
                return number
    raise AssertionError


_WRITERS = {"jsonl": _write_jsonl, "json": _write_json, "csv": _write_csv, "xlsx": _write_xlsx}

if __name__ == "__main__":
    main()
