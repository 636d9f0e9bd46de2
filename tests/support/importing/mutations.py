"""Good files with random faults in them, and what an independent reader makes of each.

The reader knows the format and the encoding of the good file and nothing of the importer: it splits
CSV by hand, and reads JSON with the standard library and workbooks with openpyxl in full.
"""

from __future__ import annotations

import io
import json
import random
import re
import unicodedata
import warnings
import zipfile

from openpyxl import load_workbook

from tests.support.importing.files import csv_of, jsonl, workbook

NAMES = ("王秀英", "李建國", "Ann Lee", "陳怡君", "Zoë", "林志明", "張丽华", "O'Neill, Pat")
PEOPLE = [
    {"staff_no": f"00{number}7", "name": name, "station_code": "PEK"}
    for number, name in enumerate(NAMES)
]
CHINESE = [row for row in PEOPLE if row["name"] not in ("Zoë", "張丽华", "李建國")]
_HEADS = list(PEOPLE[0])
_SHEET = "xl/worksheets/sheet1.xml"


def good_files():
    """(name, codec, bytes) of each good file; the codec is empty for workbooks."""
    rows = [list(row.values()) for row in PEOPLE]
    return [
        ("csv", "utf-8", csv_of(*PEOPLE)),
        ("csv", "utf-8-sig", csv_of(*PEOPLE).decode().encode("utf-8-sig")),
        ("csv", "utf-16", csv_of(*PEOPLE).decode().encode("utf-16")),
        ("csv", "gb18030", csv_of(*PEOPLE).decode().encode("gb18030")),
        ("csv", "cp950", csv_of(*CHINESE).decode().encode("cp950")),
        ("jsonl", "utf-8", jsonl(*PEOPLE)),
        ("jsonl", "gb18030", jsonl(*PEOPLE).decode().encode("gb18030")),
        ("json", "utf-8", json.dumps(PEOPLE, ensure_ascii=False).encode()),
        ("xlsx", "", workbook([_HEADS, *rows])),
    ]


def mutated(content, form, chance: random.Random):
    """The file with one to four faults: bytes changed, lost, doubled, moved, or an end cut off."""
    if form == "xlsx":
        return _rezipped(content, lambda sheet: _faulty(sheet, chance))
    return _faulty(content, chance)


def _faulty(content, chance):
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(data)), chance.randint(1, 12)
        fault = chance.randrange(6)
        if fault == 0:
            data[at] = chance.randrange(256)
        elif fault == 1:
            del data[at : at + length]
        elif fault == 2:
            data[at:at] = data[at : at + length]
        elif fault == 3:
            data[at:at] = chance.choice((b",", b'"', b"\n", b";", b"\t", b"\xa4", b"{", b"'", b"="))
        elif fault == 4:
            other = chance.randrange(len(data))
            data[at : at + length] = data[other : other + length]
        elif chance.random() < 0.2:
            del data[at:]
        if not data:
            data += b"x"
    return bytes(data)


def _rezipped(content, change):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == _SHEET else old.read(name))
    return file.getvalue()


def independent(content, form, codec):
    """The cells of each row by its line, or its number in a JSON list, in each way to read it."""
    if form == "xlsx":
        return _of_workbook(content)
    text = content.decode(codec, "surrogateescape" if "16" not in codec else "replace")
    if codec == "cp950":  # Big5-HKSCS has more characters, and is Big5 otherwise
        wider = content.decode("big5hkscs", "surrogateescape")
        both = dict(_of_csv(text)), dict(_of_csv(wider))
        return {
            line: [*both[0].get(line, ()), *both[1].get(line, ())] for line in both[0] | both[1]
        }
    if form == "csv":
        return dict(_of_csv(text))
    one_by_one, by_line = dict(_of_json(text)), dict(_of_json_lines(text))
    return {
        number: [*one_by_one.get(number, ()), *(by_line.get(number, ()) if form == "jsonl" else ())]
        for number in one_by_one | by_line
    }


def _of_workbook(content):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
            return {
                number: [[plain(cell) for cell in row]]
                for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
            }
    except Exception:  # noqa: BLE001  whatever openpyxl says of a damaged file
        return None


def _of_csv(text):
    """RFC 4180 by hand: every way to cut a line at the usual separators, quoted or not."""
    lines = re.split(r"\r\n|\n|\r", text)
    for number in range(1, len(lines) + 1):
        joined = ""
        ways = []
        for line in lines[number - 1 : number + 8]:
            joined = f"{joined}\n{line}" if joined else line
            ways += [[plain(cell) for cell in _cut(joined, sign)] for sign in ",;\t|^~，；"]
        yield number, ways


def _cut(line, sign):
    cells, cell, is_quoted = [], "", False
    at = 0
    while at < len(line):
        letter = line[at]
        if is_quoted:
            if letter == '"' and line[at + 1 : at + 2] == '"':
                cell, at = cell + '"', at + 1
            elif letter == '"':
                is_quoted = False
            else:
                cell += letter
        elif letter == '"' and not cell:
            is_quoted = True
        elif letter == sign:
            cells.append(cell)
            cell = ""
        else:
            cell += letter
        at += 1
    return [*cells, cell]


def _of_json_lines(text):
    return _values(enumerate(re.split(r"\r\n|\n|\r", text), 1))


def _of_json(text):
    """Between values a vertical tab or a form feed counts as a space, as some readers have it."""
    spaced = text.translate({0x0B: " ", 0x0C: " "})
    return _values(enumerate(_objects(spaced), 1))


def _values(pieces):
    for number, piece in pieces:
        try:
            value = json.loads(piece)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield number, [[plain(cell) for cell in value.values()]]


def _objects(text):
    """The objects of a list one by one, as far as they can be read."""
    decoder, at = json.JSONDecoder(), 0
    while True:
        start = text.find("{", at)
        if start < 0:
            return
        try:
            _, at = decoder.raw_decode(text, start)
        except ValueError:
            return
        yield text[start:at]


def plain(cell):
    """A cell as it is compared: without what the importer may take off."""
    text = "" if cell is None else str(cell)
    return re.sub(r"[\s\"'“”„‘’=\u200b\ufeff\u00ad]", "", unicodedata.normalize("NFKC", text))
