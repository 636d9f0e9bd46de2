"""Which failures CI tries a second time."""

from __future__ import annotations

import pytest

from tests.support.house.again import worth_another_try

CLICK = "tests/browser/test_desk.py::test_a_click[en]"


@pytest.mark.parametrize(
    ("failed", "tried"),
    [
        ([CLICK], True),
        ([CLICK, "tests/browser/test_pad.py::test_a_key"], True),
        ([CLICK] * 3, False),
        ([CLICK, "tests/unit/test_scoring.py::test_a_score"], False),
        (["tests/browser/test_desk.py"], False),
        ([], False),
    ],
    ids=["one", "two", "too many", "another kind", "a file that cannot be read", "none"],
)
def test_only_one_or_two_browser_tests_get_a_second_try(failed, tried):
    assert worth_another_try(failed) is tried
