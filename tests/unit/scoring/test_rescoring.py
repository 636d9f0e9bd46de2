"""Past answers under a draft: what would have changed."""

import pytest

from core.checklist import parse_checklist
from core.drafting.rescoring import Past, Rescored, rescore, what_if

YES, NO, NA = {"value": "yes"}, {"value": "no"}, {"na": True}


def version(a=50, b=50, **more):
    items = [{"key": "C", **more}] if more else []
    return parse_checklist(
        {
            "key": "desk",
            "sections": [
                {"key": "a", "weight": a, "items": [{"key": "A"}]},
                {"key": "b", "weight": b, "items": [{"key": "B"}, *items]},
            ],
        }
    )


def test_other_weights_give_other_scores():
    """A yes, B no: 50 of 100 before; with A weighing 80 it is 80."""
    found = rescore(version(80, 20), [Past(1, 50.0, {"A": YES, "B": NO})])
    assert found == [Rescored(1, 50.0, pytest.approx(80), True)]


def test_a_floor_in_the_draft_changes_bands_and_passes_of_the_past():
    """Three of four items "no": section a scores 25, below its floor; 85 for b and a quarter of 15
    make 88.75: passed and qualified as scored, needs improvement and no pass under the draft.
    """
    bands = [{"key": "qualified", "from": 85}, {"key": "needs_improvement", "from": 0}]
    floor = {"below": 60, "band": "needs_improvement"}
    items = [{"key": f"A{n}"} for n in range(4)]
    draft = parse_checklist(
        {
            "key": "desk",
            "bands": bands,
            "sections": [
                {"key": "a", "weight": 15, "section_floor": floor, "items": items},
                {"key": "b", "weight": 85, "items": [{"key": "B"}]},
            ],
        }
    )
    failed = {"A0": YES, "A1": NO, "A2": NO, "A3": NO, "B": YES}
    as_scored = {"band": "qualified", "passed": True}
    past = [
        Past(1, 88.75, failed, **as_scored),
        Past(1, 100.0, {**failed, "A1": YES, "A2": YES, "A3": YES}, **as_scored),
        Past(2, 15.0, {**failed, "B": NO}, band="needs_improvement", passed=False),
    ]
    found = what_if(rescore(draft, past))
    assert (found.n, found.other_band, found.no_longer, found.newly) == (3, 1, 1, 0)


def test_what_the_draft_asks_anew_is_left_out_and_told():
    """C is blank: section b stands on B alone, 0 of 50; the form on A, 50."""
    (found,) = rescore(version(kind="yes_no"), [Past(1, 50.0, {"A": YES, "B": NO})])
    assert (found.after, found.is_whole) == (pytest.approx(50), False)


def test_answers_that_no_longer_fit_and_items_that_are_gone_are_left_out():
    answers = {"A": {"value": 3}, "B": YES, "GONE": NO}
    (found,) = rescore(version(), [Past(1, 90.0, answers)])
    assert (found.after, found.is_whole) == (pytest.approx(100), False)


def test_a_section_marked_na_counts_for_its_items():
    (found,) = rescore(version(), [Past(1, 100.0, {"A": YES, "b": NA})])
    assert (found.after, found.is_whole) == (pytest.approx(100), True)


def test_what_the_draft_does_not_ask_is_not_missed():
    hidden = version(kind="yes_no", when={"item": "A", "equals": "no"})
    (found,) = rescore(hidden, [Past(1, 50.0, {"A": YES, "B": NO})])
    assert found.is_whole


def test_nothing_to_score_stays_unknown():
    (found,) = rescore(version(), [Past(1, None, {"A": NA, "B": NA})])
    assert found.after is None
    assert rescore(version(), []) == []


def test_means_and_order_of_stations_then_and_now():
    """Station 1: 80 -> 60. Station 2: (70 + 90) / 2 = 80 -> 85. Both were first, now 2 leads."""
    found = what_if(
        [
            Rescored(1, 80.0, 60.0, True),
            Rescored(2, 70.0, 80.0, False),
            Rescored(2, 90.0, 90.0, True),
            Rescored(3, None, 50.0, True),
        ]
    )
    assert [
        (s.station_id, s.n, s.before, s.after, s.rank_before, s.rank_after) for s in found.stations
    ] == [
        (2, 2, 80, 85, 1, 1),
        (1, 1, 80, 60, 1, 2),
    ]
    assert (found.n, found.partial, found.left_out) == (3, 1, 1)
    assert (found.before, found.after) == (80, pytest.approx(230 / 3))
    assert found.stations[0].change == 5


def test_no_inspections_give_no_means():
    empty = what_if([])
    assert (empty.stations, empty.n, empty.before, empty.after) == ((), 0, None, None)
