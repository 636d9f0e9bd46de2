"""Long rows are made by the names of their fields, as are those whose neighbours have one type.

Two strings that change places in a call by position are seen by no type checker.
"""

from __future__ import annotations

import pytest

from tests.support.house.rows import findings, modules
from tests.support.requirements import ROOT

BY_POSITION = {
    "core/checklist/choice.py ChoiceRow": "a table: literals in columns",
    "db/results/queries/people_spread.py Ratios": "the columns of `_by_station` in their order",
    "pages/ui/menus.py MenuEntry": "a table: a line for each page, literals in columns",
    "db/inspection/queries/sampling_frame.py FrameEncounter": (
        "hot: a million rows, for which docs/performance.md has a bar; names add 0.6 s to its 8.4 s"
    ),
}

IMPORTS = """
from core.periods import Period
from core.results.figures import Moments
from db.people.services import people
"""


def test_rows_are_made_by_name():
    by_row: dict[str, list[str]] = {}
    for path, module in modules():
        for line, row, reason in findings(path.read_text("utf-8"), module):
            name = f"{path.relative_to(ROOT)} {row}"
            by_row.setdefault(name, []).append(f"line {line}: {reason}")
    assert {name: lines for name, lines in by_row.items() if name not in BY_POSITION} == {}
    assert set(BY_POSITION) == set(by_row), "an exception that nothing needs"


@pytest.mark.parametrize(
    ("call", "reasons"),
    [
        ("Moments(3, 1.0, 2.0)", ["total and squares are of one type"]),
        ("Moments(3, *(1.0, 2.0))", ["total and squares are of one type"]),
        ("Moments(3, total=1.0, squares=2.0)", []),
        ("Moments(3, 1.0, squares=2.0)", []),
        ("Moments(*row)", []),
        ("Period(202601, 202603)", []),
        ("people.StaffData('7', 'Chan', 1, '', '', None, True)", ["7 positional arguments"]),
        ("people.StaffData('7', 'Chan', station_id=1)", ["staff_no and name are of one type"]),
        ("people.StaffData(*row)", ["unpacked"]),
        ("people.StaffData(**row._asdict())", []),
        ("print('7', 'Chan', 1, '', '', None, True)", []),
    ],
)
def test_a_call_by_position_is_seen_where_a_swap_would_not_be(call, reasons):
    assert [finding.reason for finding in findings(IMPORTS + call, "db")] == reasons


def test_a_row_made_in_its_own_class_is_seen():
    source = (
        "class Moments:\n    @classmethod\n    def nothing(cls):\n        return cls(0, 0.0, 0.0)\n"
    )
    [finding] = findings(source, "core.results.figures")
    assert (finding.line, finding.row) == (4, "Moments")
