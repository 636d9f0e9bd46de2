"""Which items are asked: core against the cases worked out by hand."""

from __future__ import annotations

import pytest

from tests.support.checklists import visibility

CASES = {name: case for name, *case in visibility.cases()}


@pytest.mark.parametrize("name", CASES)
def test_core_asks_what_the_case_says(name):
    checklist, answers, visible = CASES[name]
    assert visibility.asked(checklist, answers) == visible
