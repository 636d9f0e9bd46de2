"""A month that is not over is told against no whole one."""

from __future__ import annotations

import pytest

from core.periods import LikeMonths, Period, like_months
from tests.support.requirements import ROOT

RUNNING = 202611
QUARTER, YEAR = Period(202610, 202612), Period(202601, 202612)


def test_whole_periods_are_compared_whole():
    own, other = Period(202607, 202609), Period(202507, 202509)
    assert like_months(own, other, RUNNING) == (own, other)
    assert like_months(own, Period(202601, 202601), RUNNING) == (own, Period(202601, 202601))


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (QUARTER, Period(202607, 202609), (Period(202610, 202610), Period(202607, 202607))),
        (QUARTER, Period(202510, 202512), (Period(202610, 202610), Period(202510, 202510))),
        (YEAR, Period(202501, 202512), (Period(202601, 202610), Period(202501, 202510))),
        # not as long as the other: a quarter against a year, the running month alone left out
        (Period(202507, 202509), YEAR, (Period(202507, 202509), Period(202601, 202610))),
    ],
)
def test_the_running_month_is_left_out_and_its_like_too(own, other, expected):
    assert like_months(own, other, RUNNING) == expected
    assert like_months(other, own, RUNNING) == LikeMonths(*reversed(expected))


@pytest.mark.parametrize(
    "begun", [Period(RUNNING, RUNNING), Period(RUNNING, 202701), Period(202701, 202701)]
)
def test_a_period_of_which_no_month_is_over_is_compared_with_no_other(begun):
    assert like_months(begun, Period(202610, 202610), RUNNING) is None
    assert like_months(Period(202610, 202610), begun, RUNNING) is None
    assert like_months(begun, begun, RUNNING) == (begun, begun)  # of other stations


def test_every_page_that_looks_back_goes_by_it():
    """Who makes an earlier period of another compares by `like_months`, in pages and db."""
    looking_back = {
        path.relative_to(ROOT).as_posix()
        for room in ("pages", "db")
        for path in (ROOT / room).rglob("*.py")
        if any(call in path.read_text() for call in (".previous()", ".year_before()"))
    }
    assert looking_back == {"pages/ui/results/past.py", "pages/ui/results/network_compare.py"}
    for path in looking_back:
        assert "like_months(" in (ROOT / path).read_text()


def test_news_goes_by_the_newest_whole_month():
    """`newest_month` may be running, which only the effect of a run may use: it compares people."""
    using = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "db").rglob("*.py")
        if " newest_month(" in path.read_text().replace("def newest_month(", "")
    }
    assert using == {
        "db/training/queries/taught_items.py",
        "db/training/services/effects.py",
    }
