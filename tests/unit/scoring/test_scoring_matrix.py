"""The matrix scorer gives what scoring one by one gives."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checklist import Checklist, parse_checklist
from core.errors import InvalidInput
from core.scoring import ScoreSheet, parse_answers, score
from core.scoring.layout import layout_of
from core.scoring.matrix import MatrixScores, score_matrix
from tests.support.checklists.drawn_checklists import answers, checklists


@given(st.data())
def test_the_matrix_scores_as_one_by_one(data: st.DataObject) -> None:
    checklist = data.draw(checklists())
    rows = data.draw(st.lists(answers(checklist), min_size=1, max_size=6))
    parsed = parse_checklist(checklist)
    layout = layout_of(parsed)
    found = score_matrix(layout, layout.matrix(rows))
    for number, row in enumerate(rows):
        _same(found, number, _sheet(parsed, row), parsed)


def _same(found: MatrixScores, row: int, sheet: ScoreSheet, checklist: Checklist) -> None:
    for name in ("score", "score_before_critical", "key_moment_score"):
        assert _close(getattr(sheet, name), _known(getattr(found, name)[row])), name
    for section, percent in zip(sheet.sections, found.sections[row], strict=True):
        assert _close(section.score, _known(percent)), section.key
    assert found.critical[row] == sheet.critical
    assert found.passed[row] == bool(sheet.passed)
    band = checklist.bands[found.band[row]].key if found.band[row] >= 0 else None
    assert band == sheet.band


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def test_an_empty_matrix_has_no_scores() -> None:
    checklist = parse_checklist({"key": "one", "sections": [{"key": "s", "items": [{"key": "a"}]}]})
    layout = layout_of(checklist)
    assert score_matrix(layout, layout.matrix([])).score.shape == (0,)


def test_a_row_may_mark_a_whole_section_n_a_and_repeat_a_clock_without_limit() -> None:
    items = [{"key": "a"}, {"key": "b", "kind": "graded"}]
    clock = {"key": "open", "kind": "clock"}
    sections = [{"key": "s", "items": items}, {"key": "t", "items": [{"key": "c"}, clock]}]
    checklist = parse_checklist({"key": "one", "sections": sections})
    times = {"start": "2024-05-01T10:00:00Z", "stop": "2024-05-01T11:00:00Z"}
    rows = [
        {"s": {"na": True}, "c": {"value": "yes"}, "open": times},
        {"a": {"value": "no"}, "b": {"value": 2, "note": "late"}, "c": {"na": True, "reason": "-"}},
    ]
    layout = layout_of(checklist)
    found = score_matrix(layout, layout.matrix(rows))
    assert found.score.tolist() == [100, 25]  # a 0 and b 2 of 4, half the weight each
    for number, row in enumerate(rows):
        _same(found, number, _sheet(checklist, row), checklist)


def test_a_row_that_does_not_fit_is_refused() -> None:
    layout = layout_of(
        parse_checklist({"key": "c", "sections": [{"key": "s", "items": [{"key": "a"}]}]})
    )
    with pytest.raises(InvalidInput, match="maybe is none of its options"):
        layout.encode({"a": {"value": "maybe"}})


def _sheet(checklist: Checklist, row: dict[str, Any]) -> ScoreSheet:
    return score(checklist, parse_answers(checklist, row))


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(one == pytest.approx(other, abs=1e-9))
