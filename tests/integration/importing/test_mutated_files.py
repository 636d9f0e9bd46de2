"""Faults in a good file cost rows, never change one: what goes in is what stands in the file.

`make fuzz` tries 20,000; here are some of them.
"""

from __future__ import annotations

import os
import random

from db.importing.staff import StaffMembers
from db.tabular.columns import known_headings, map_headings, renamed, settled
from db.tabular.file_choices import AS_IT_IS
from db.tabular.files import open_table
from db.tabular.tables import Refusal, Unfit, Unreadable
from tests.support.importing.files import KEYS
from tests.support.importing.mutations import good_files, independent, mutated, plain

CASES = 20_000 if os.environ.get("FUZZ") else 400
KIND = StaffMembers(KEYS, AS_IT_IS)


def accepted(path):
    """The rows that the importer takes: line -> the cells it read, as they are written."""
    rows = {}
    try:
        with open_table(path, AS_IT_IS, known_headings(KIND.columns)) as table:
            mapping = None
            if table.columns is not None:
                mapping = map_headings(table.columns, KIND.columns)
                if "staff_no" not in mapping.values():
                    return {}
            for record in table.records:
                if not isinstance(record, Refusal):
                    rows |= _taken(record, mapping)
    except Unreadable:
        return {}
    return rows


def _taken(record, mapping):
    try:
        item = KIND.parse(settled(KIND.columns, renamed(record, mapping), AS_IT_IS))
    except Unfit:
        return {}
    names = ("staff_no", "name", "station_code")
    return {record.line: [plain(item.values[name]) for name in names if name in item.carried]}


def is_among(cells, ways):
    """Whether some way to read the line has these cells."""
    return any(set(cells) <= set(way) for way in ways)


def test_no_fault_of_a_file_changes_a_row_without_a_word(tmp_path):
    chance = random.Random(int(os.environ.get("SEED", "15")))
    path, files = tmp_path / "rows", good_files()
    wrong, went_in = [], 0
    for number in range(CASES):
        form, codec, content = files[number % len(files)]
        faulty = mutated(content, form, chance)
        path.write_bytes(faulty)
        rows, independently = accepted(path), independent(faulty, form, codec)
        went_in += len(rows)
        for line, cells in rows.items():
            if independently is not None and not is_among(cells, independently.get(line, [])):
                wrong.append((number, form, codec, line, cells, faulty))
    assert wrong == []
    assert went_in > CASES


def test_a_good_file_is_read_as_it_stands(tmp_path):
    path = tmp_path / "rows"
    for form, codec, content in good_files():
        path.write_bytes(content)
        rows, independently = accepted(path), independent(content, form, codec)
        assert len(rows) >= 5
        assert all(is_among(cells, independently[line]) for line, cells in rows.items())
