"""What a pin of evidence may say."""

from __future__ import annotations

import pytest

from core.checklist import parse_checklist
from core.errors import InvalidInput
from core.evidence import MOST_PINS, parse_pins, unproven
from core.scoring import parse_answers, score

ITEMS = {"HELLO"}
TURN = {"item_key": "HELLO", "turn_position": 2}
EMPTY = {
    "item_key": "HELLO",
    "turn_position": None,
    "start_offset": None,
    "end_offset": None,
    "start_second": None,
    "end_second": None,
    "note": "",
}


@pytest.mark.parametrize(
    "pin",
    [
        {"turn_position": 2},
        {"turn_position": 0, "start_offset": 0, "end_offset": 3},
        {"start_second": 12.5},
        {"start_second": 12.5, "end_second": 14},
        {"turn_position": 2, "start_second": 3},
        {"note": "seen on the camera"},
    ],
)
def test_a_pin_that_says_where_is_kept_with_every_field(pin):
    assert parse_pins(ITEMS, [{"item_key": "HELLO"} | pin]) == [EMPTY | pin]


@pytest.mark.parametrize(
    "pin",
    [
        {},
        {"note": "  "},
        {"turn_position": -1},
        {"turn_position": 2.5},
        {"turn_position": "2"},
        {"turn_position": True},
        {"turn_position": 2, "start_offset": 3},
        {"turn_position": 2, "start_offset": 3, "end_offset": 3},
        {"start_offset": 0, "end_offset": 3},
        {"start_second": -1},
        {"start_second": float("nan")},
        {"end_second": 4},
        {"start_second": 5, "end_second": 4},
        {"turn_position": 2, "colour": "red"},
        {"turn_position": 2, "note": "x" * 4001},
        {"turn_position": 2, "item_key": ""},
        {"turn_position": 2, "item_key": "GONE"},
    ],
)
def test_a_pin_that_points_nowhere_or_wrongly_is_refused(pin):
    with pytest.raises(InvalidInput):
        parse_pins(ITEMS, [{"item_key": "HELLO"} | pin])


@pytest.mark.parametrize(
    "pins", [None, "HELLO", {}, 3, [TURN] * (MOST_PINS + 1), ["HELLO"], [None]]
)
def test_what_is_no_list_of_pins_is_refused(pins):
    with pytest.raises(InvalidInput):
        parse_pins(ITEMS, pins)


def test_the_pin_that_is_wrong_is_named_by_its_place():
    with pytest.raises(InvalidInput, match="Evidence 2 cannot be used: end_second"):
        parse_pins(ITEMS, [TURN, TURN | {"end_second": "late"}])


CHECKLIST = parse_checklist(
    {
        "key": "small",
        "sections": [
            {
                "key": "all",
                "items": [
                    {"key": "A", "evidence_required": True},
                    {"key": "B", "evidence_required": True},
                    {"key": "C"},
                    {"key": "D", "evidence_required": True, "effects": {"yes": "flag"}},
                ],
            }
        ],
    }
)


@pytest.mark.parametrize(
    ("a", "pins", "lacking"),
    [
        ({"value": "yes"}, [], ("D",)),
        ({"value": "no"}, [], ("A", "D")),
        ({"value": "no", "note": "never said"}, [], ("D",)),
        ({"value": "no", "note": " "}, [], ("A", "D")),
        ({"value": "no"}, [TURN | {"item_key": "A"}], ("D",)),
        ({"na": True}, [TURN | {"item_key": "D"}], ()),
    ],
)
def test_a_lost_point_wants_a_pin_or_a_note_where_the_checklist_says_so(a, pins, lacking):
    given = {"A": a, "B": {"value": "yes"}, "C": {"value": "no"}, "D": {"value": "yes"}}
    answers = parse_answers(CHECKLIST, given)
    assert unproven(CHECKLIST, score(CHECKLIST, answers), answers, pins) == lacking
