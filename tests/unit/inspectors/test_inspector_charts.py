"""What the charts of inspectors hold."""

from __future__ import annotations

from core.agreement import pair_agreement
from db.results.queries.rankings import DriftRow
from pages.ui.inspectors import charts


def test_items_agreed_on_least_come_first():
    poor = pair_agreement(
        {(0, 100): 9, (100, 0): 9, (100, 100): 2}, scale=(0, 100), not_applicable=-1
    )
    good = pair_agreement({(0, 0): 3, (100, 100): 30}, scale=(0, 100), not_applicable=-1)
    few = pair_agreement({(0, 100): 4}, scale=(0, 100), not_applicable=-1)
    drawn = charts.items_chart([("A", good), ("B", poor), ("C", few)], {})
    assert [row["key"] for row in drawn.rows] == ["B", "A"]
    assert [row["side"] for row in drawn.rows] == ["disagrees", "agrees"]
    assert drawn.sentence.startswith(
        "Of 2 items looked at, 1 are judged too differently and 0 are doubtful"
    )


def test_a_month_of_greater_strictness_is_marked_and_said():
    rows = [
        DriftRow(7, 202601 + k, 40, value, 0.5, 0.0) for k, value in enumerate((0.4, -0.3, -1.9))
    ]
    drawn = charts.drift_chart(rows, "Ann")
    assert [row["signal"] for row in drawn.rows] == ["", "", "strict"]
    assert drawn.sentence.startswith("Ann differed from the usual by more than chance in Mar")
