"""The tables of docs/imports.md: which odd files are tried, and how encodings are told.

    python -m tests.support.importing.tried_files

prints both as they are measured now; `tests/integration/importing/test_tried_files.py` compares
them with the page.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from db.importing.staff import columns
from db.tabular.columns import known_headings
from db.tabular.file_choices import AS_IT_IS
from db.tabular.files import open_table
from db.tabular.tables import Record, Refusal, Unreadable
from tests.support.databases import SqliteDatabases
from tests.support.importing.others_files import NAMES, expected, faults, make_stations
from tests.support.requirements import ROOT

Row = list[str]

KINDS = {
    "handed in by whoever tried the portal": tuple("0123456789"),
    "encodings": ("enc_",),
    "separators, titles, headings, other programs' formats": (
        *("sep_", "title_", "heading", "crlf_", "text_", "empty_", "formula_text"),
        *("binary", "html_", "numbers.", "old_excel", "packed.", "smart_"),
    ),
    "JSON": ("json_",),
    "numbers, days, times, words for nothing": ("na_", "num_", "dates_", "dst_", "zone_", "time_"),
    "identifiers": ("id_",),
    "workbooks": ("xl_",),
    "OpenDocument": ("ods_",),
}
"""Kind -> how the names of its files begin."""
SIZES = {1: "one name", 2: "two names", 5: "five", 20: "twenty"}
FILES = 100
_HONG_KONG = "啓栢邨喺嘅嚟冧鎭粦衞銹"
"""Characters that Big5-HKSCS has and Big5 has not."""


class Encoded(NamedTuple):
    """Files in one encoding: names of a language, and one character that each file has."""

    title: str
    codec: str
    names: str
    each_has: str = ""


ENCODED = (
    Encoded("GB18030, simplified", "gb18030", "zh_CN"),
    Encoded("GB18030, traditional", "gb18030", "zh_TW"),
    Encoded("Big5", "cp950", "zh_TW"),
    Encoded("Big5-HKSCS", "big5hkscs", "zh_TW", _HONG_KONG),
    Encoded("Shift-JIS", "cp932", "ja_JP"),
    Encoded("EUC-JP", "euc_jp", "ja_JP"),
    Encoded("EUC-KR", "cp949", "ko_KR"),
    Encoded("Windows-1252, German", "cp1252", "de_DE"),
    Encoded("Windows-1252, French", "cp1252", "fr_FR"),
    Encoded("Windows-1250, Polish", "cp1250", "pl_PL"),
    Encoded("Windows-1251, Russian", "cp1251", "ru_RU"),
    Encoded("KOI8-R, Russian", "koi8_r", "ru_RU"),
    Encoded("Windows-1253, Greek", "cp1253", "el_GR"),
    Encoded("Windows-1254, Turkish", "cp1254", "tr_TR"),
    Encoded("Windows-874, Thai", "cp874", "th_TH"),
)


class Told(NamedTuple):
    """How many files came out as they were written, were refused, or came out otherwise."""

    read: int
    refused: int
    wrong: int


def tried(kind: str, databases: SqliteDatabases) -> Row:
    """Kind, tried, right, some rows refused, refused whole, wrong: as its files come out now."""
    names = [name for name in NAMES if name.startswith(KINDS[kind])]
    wrong = sum(_is_wrong(databases, name) for name in names)
    files = [expected(name) for name in names]
    counts = (
        len(files),
        sum(bool(file.stored) for file in files),
        sum(bool(file.refused) for file in files),
        sum(bool(file.unreadable) for file in files),
        wrong,
    )
    return [kind, *map(str, counts)]


def total(rows: Sequence[Row]) -> Row:
    return [
        "**all**",
        *(str(sum(map(int, column))) for column in list(zip(*rows, strict=True))[1:]),
    ]


def _is_wrong(databases: SqliteDatabases, name: str) -> bool:
    with (
        tempfile.TemporaryDirectory() as folder,
        databases.like("office of others", make_stations) as office,
    ):
        return bool(faults(office, Path(folder), name))


def told(encoded: Encoded) -> Iterator[Told]:
    """What comes of files in an encoding, by the number of their names."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "rows"
        for size in SIZES:
            outcomes = [_outcome(path, encoded.codec, names) for names in _files(encoded, size)]
            yield Told(*(outcomes.count(what) for what in Told._fields))


def cells(encoded: Encoded) -> Row:
    counts = list(told(encoded))
    wrong = sum(each.wrong for each in counts)
    return [encoded.title, *(f"{each.read}, {each.refused}" for each in counts), str(wrong)]


def _files(encoded: Encoded, size: int) -> Iterator[list[str]]:
    """Names of files; none that is in ASCII alone, or not in the encoding."""
    rng = random.Random(f"{encoded.title} {size}")
    named = json.loads((ROOT / "tests/data/names_by_script.json").read_text(encoding="utf-8"))
    for _ in range(FILES):
        names = rng.sample(named[encoded.names], size)
        if encoded.each_has:
            names[0] = names[0][0] + rng.choice(encoded.each_has) + names[0][-1]
        if _is_written(names, encoded.codec) and not "".join(names).isascii():
            yield names


def _is_written(names: Iterable[str], codec: str) -> bool:
    try:
        "".join(names).encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _outcome(path: Path, codec: str, names: list[str]) -> str:
    lines = [f"Z{number:03},{name},PEK" for number, name in enumerate(names)]
    path.write_bytes("\r\n".join(["staff_no,name,station_code", *lines, ""]).encode(codec))
    try:
        with open_table(path, AS_IT_IS, known_headings(columns(AS_IT_IS))) as table:
            read = [_name(record) for record in table.records]
    except Unreadable:
        return "refused"
    return "read" if read == names else "wrong"


def _name(record: Record) -> object:
    return None if isinstance(record, Refusal) else record.cells["name"]


def table(header: Row, rows: Iterable[Row]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


TRIED_HEADER = ["kind", "tried", "right", "some rows refused", "refused whole", "wrong"]
ENCODED_HEADER = ["encoding", *(f"{name}: read, refused" for name in SIZES.values()), "wrong"]

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        offices = SqliteDatabases(Path(place))
        tried_now = [tried(kind, offices) for kind in KINDS]
    print(table(TRIED_HEADER, [*tried_now, total(tried_now)]), end="\n\n")
    print(table(ENCODED_HEADER, map(cells, ENCODED)))
