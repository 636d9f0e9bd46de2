"""What a pin of evidence may say."""

from __future__ import annotations

import pytest

from core.checklist import parse_checklist
from core.errors import InvalidInput
from core.inspection.evidence import (
    MOST_PINS,
    Lacking,
    check_moments,
    check_photos,
    parse_pins,
    unproven,
)
from core.scoring import parse_answers, score

ITEMS = {"HELLO"}
PHOTO = {"photo": "0123456789abcdef" * 2}
REGION = {"region_left": 0.5, "region_top": 0.25, "region_width": 0.5, "region_height": 0.1}
MOMENT = {"moment": "2026-03-16T09:30:00+08:00", "moment_kind": "manual"}
TURN = {"item_key": "HELLO", "turn_position": 2}
EMPTY = {
    "item_key": "HELLO",
    "turn_position": None,
    "start_offset": None,
    "end_offset": None,
    "start_second": None,
    "end_second": None,
    "photo": None,
    "region_left": None,
    "region_top": None,
    "region_width": None,
    "region_height": None,
    "moment": None,
    "moment_kind": None,
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
        PHOTO,
        PHOTO | REGION,
        MOMENT,
        MOMENT | {"moment_kind": "system", "note": "boarded"},
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
        {"photo": "../../keys"},
        {"photo": "0123456789ABCDEF" * 2},
        REGION,
        PHOTO | {"region_left": 0.5},
        PHOTO | REGION | {"region_width": 0.51},
        PHOTO | REGION | {"region_height": 0.0},
        PHOTO | REGION | {"region_top": -0.1},
        PHOTO | REGION | {"region_top": float("nan")},
        {"moment": "2026-03-16T09:30:00+08:00"},
        {"moment_kind": "manual"},
        MOMENT | {"moment": "2026-03-16T09:30:00"},
        MOMENT | {"moment": "half past nine"},
        MOMENT | {"moment_kind": "guess"},
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


def wanting(rule):
    items = [
        {"key": "A", "evidence_required": True},
        {"key": "B", "evidence_required": True},
        {"key": "C"},
        {"key": "D", "evidence_required": True, "effects": {"yes": "flag"}},
    ]
    sections = [{"key": "all", "items": items}]
    return parse_checklist({"key": "small", "sections": sections, "settings": {"evidence": rule}})


def lacking(rule, a, pins):
    checklist = wanting(rule)
    given = {"A": a, "B": {"value": "yes"}, "C": {"value": "no"}, "D": {"value": "yes"}}
    answers = parse_answers(checklist, given)
    return unproven(checklist, score(checklist, answers), answers, pins)


@pytest.mark.parametrize(
    ("a", "pins", "required"),
    [
        ({"value": "yes"}, [], ("D",)),
        ({"value": "no"}, [], ("A", "D")),
        ({"value": "no", "note": "never said"}, [], ("D",)),
        ({"value": "no", "note": " "}, [], ("A", "D")),
        ({"value": "no"}, [TURN | {"item_key": "A"}], ("D",)),
        ({"na": True}, [TURN | {"item_key": "D"}], ()),
    ],
)
def test_a_lost_point_wants_a_pin_or_a_note_where_its_item_says_so(a, pins, required):
    assert lacking("off", a, pins) == Lacking(required, ())


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("off", Lacking(("A", "D"), ())),
        ("ask", Lacking(("A", "D"), ("C",))),
        ("require", Lacking(("A", "C", "D"), ())),
    ],
)
def test_a_checklist_may_ask_for_evidence_of_every_lost_point_or_demand_it(rule, expected):
    assert lacking(rule, {"value": "no"}, []) == expected


def test_a_photo_of_another_encounter_is_refused():
    pins = parse_pins(ITEMS, [TURN, {"item_key": "HELLO"} | PHOTO])
    check_photos(pins, {PHOTO["photo"]})
    with pytest.raises(InvalidInput, match="photo does not exist"):
        check_photos(pins, set())


@pytest.mark.parametrize(
    ("source", "at", "fits"),
    [
        ("system", "2026-03-16T01:30:00.400+00:00", True),  # the same second in another zone
        ("system", "2026-03-16T01:30:01+00:00", False),
        ("manual", "2026-03-16T01:30:00+00:00", False),
    ],
)
def test_only_what_a_system_recorded_may_be_called_so(source, at, fits):
    pins = parse_pins(ITEMS, [{"item_key": "HELLO"} | MOMENT | {"moment_kind": "system"}])
    events = [{"name": "boarded", "at": at, "source": source}]
    if fits:
        check_moments(pins, events)
    else:
        with pytest.raises(InvalidInput, match="no system recorded"):
            check_moments(pins, events)
