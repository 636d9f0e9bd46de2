"""Answers as they are stored: what each kind of item accepts, and how the rest is refused."""

import json
from typing import Any

import pytest

from core.checklist import parse_checklist
from core.errors import InvalidInput
from core.scoring import Answer, hidden_words, parse_answers, reworded, score, with_hidden_words
from tests.support.requirements import ROOT

CLOCK_CASES = json.loads((ROOT / "tests/data/clock_cases.json").read_text("utf-8"))["clocks"]
X = {"key": "x", "points": 1}
ITEMS: list[dict[str, Any]] = [
    {"key": "yn"},
    {"key": "level", "kind": "graded", "effects": {"no_with_loss": "flag"}},
    {"key": "one", "kind": "single", "options": [X, {"key": "y"}]},
    {"key": "many", "kind": "multi", "options": [X, {"key": "y", "points": 2}]},
    {
        "key": "count",
        "kind": "number",
        "ranges": [{"min": 0, "max": 4, "points": 1}, {"min": 5, "max": 9, "points": 0}],
    },
    {
        "key": "ratio",
        "kind": "number",
        "decimals": True,
        "ranges": [{"min": 0, "max": 1, "points": 1}],
    },
    {"key": "clock", "kind": "clock", "clock": {"limit_minutes": 10}},
    {"key": "paused", "kind": "clock", "clock": {"limit_minutes": 10, "pauses": True}},
    {"key": "open", "kind": "clock", "clock": {"status": "unset"}},
    {"key": "words", "kind": "text"},
    {"key": "day", "kind": "date"},
    {"key": "must", "na": False},
    {"key": "why", "na_reason_required": True},
]
CHECKLIST = parse_checklist({"key": "c", "sections": [{"key": "s", "items": ITEMS}]})


def _answer(key: str, given: Any) -> Answer | None:
    return parse_answers(CHECKLIST, {key: given}).get(key)


@pytest.mark.parametrize(
    ("key", "given", "answer"),
    [
        ("yn", {"value": "yes", "note": "heard"}, Answer(("yes",), note="heard")),
        ("level", {"value": 3}, Answer(("3",), 3)),
        ("level", {"value": "0"}, Answer(("0",), 0)),
        ("level", {"value": "no_with_loss"}, Answer(("no_with_loss",))),
        ("one", {"value": "x"}, Answer(("x",))),
        ("many", {"values": ["y", "x"]}, Answer(("y", "x"))),
        ("many", {"values": []}, Answer()),
        ("count", {"value": 4}, Answer(number=4)),
        ("ratio", {"value": 0.25}, Answer(number=0.25)),
        ("words", {"value": "calm"}, Answer(text="calm")),
        ("day", {"value": "2024-05-01"}, Answer(text="2024-05-01")),
        ("yn", {"na": True, "reason": " not seen "}, Answer(na=True, reason="not seen")),
        ("yn", {"value": None}, None),
        ("yn", None, None),
        ("many", {"values": None}, None),
        ("clock", {"start": "2024-05-01T10:00:00+08:00"}, None),
    ],
)
def test_an_answer_is_read(key: str, given: Any, answer: Answer | None) -> None:
    assert _answer(key, given) == answer


@pytest.mark.parametrize(
    ("key", "given", "told"),
    [
        ("nobody", {"value": "yes"}, "There is no item nobody in this checklist."),
        ("yn", "yes", "Item yn: the answer is not a mapping."),
        ("yn", {"answer": "yes"}, "Item yn: answers have no answer."),
        ("yn", {"value": "maybe"}, "Item yn: maybe is none of its options."),
        ("yn", {"value": True}, "Item yn: True is none of its options."),
        ("level", {"value": 5}, "Item level: 5 is none of its options."),
        ("level", {"value": 2.5}, "Item level: 2.5 is none of its options."),
        ("many", {"values": "x"}, "Item many: values is a list of options."),
        ("many", {"values": ["z"]}, "Item many: z is none of its options."),
        ("many", {"values": ["x", "x"]}, "Item many: an option is chosen twice."),
        ("count", {"value": "4"}, "Item count: 4 is not a number."),
        ("count", {"value": True}, "Item count: True is not a number."),
        ("count", {"value": 4.5}, "Item count: 4.5 is not a whole number."),
        ("count", {"value": 10}, "Item count: 10 lies in none of its ranges."),
        ("ratio", {"value": float("nan")}, "Item ratio: nan is not a number."),
        ("day", {"value": "yesterday"}, "Item day: yesterday is not an ISO 8601 time."),
        ("must", {"na": True}, "Item must may not be marked N/A."),
        ("yn", {"na": "yes"}, "Item yn may not be marked N/A."),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_by_name(key: str, given: Any, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        _answer(key, given)
    assert str(caught.value) == told


def _times(stop: str, **rest: Any) -> dict[str, Any]:
    return {"start": "2024-05-01T10:00:00+08:00", "stop": stop, "evidence_kind": "system", **rest}


@pytest.mark.parametrize(
    ("stop", "verdict"),
    [
        ("2024-05-01T10:10:00+08:00", "met"),  # exactly the limit
        ("2024-05-01T10:10:01+08:00", "late"),
        ("2024-05-01T02:09:00+00:00", "met"),  # another zone: 9 minutes
    ],
)
def test_a_clock_compares_calendar_time_with_its_limit(stop: str, verdict: str) -> None:
    answer = _answer("clock", _times(stop))
    assert answer is not None
    assert answer.keys == (verdict,)
    assert not answer.by_hand


@pytest.mark.parametrize("case", CLOCK_CASES, ids=lambda case: case["name"])
def test_a_clock_is_judged_as_the_pads_script_judges_it(case: dict[str, Any]) -> None:
    clock = {"limit_minutes": case["limit"], "pauses": True}
    item = {"key": "clock", "kind": "clock", "clock": clock}
    checklist = parse_checklist({"key": "c", "sections": [{"key": "s", "items": [item]}]})
    times = {"start": case["start"], "stop": case["stop"], "paused_seconds": case["paused"]}
    answer = parse_answers(checklist, {"clock": times})["clock"]
    assert answer.elapsed_seconds == case["elapsed"]
    assert answer.keys == ((case["verdict"],) if case["verdict"] else ())


def test_times_without_a_zone_are_those_of_one_clock() -> None:
    answer = _answer("clock", {"start": "2024-05-01T10:00:00", "stop": "2024-05-01T10:11:00"})
    assert answer is not None
    assert (answer.keys, answer.elapsed_seconds) == (("late",), 660)


def test_pauses_are_taken_off_where_they_are_allowed() -> None:
    late = "2024-05-01T10:15:00+08:00"
    answer = _answer("paused", _times(late, paused_seconds=300))
    assert answer is not None
    assert (answer.keys, answer.elapsed_seconds) == (("met",), 600)
    with pytest.raises(InvalidInput, match="its clock may not be paused"):
        _answer("clock", _times(late, paused_seconds=300))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (_times("2024-05-01T09:00:00+08:00"), "stops before it starts"),
        (_times("2024-05-01T10:05:00"), "only one of its times has a time zone"),
        (_times("soon"), "soon is not an ISO 8601 time"),
        (_times("2024-05-01T10:05:00+08:00", evidence_kind="guess"), "system or manual"),
        (_times("2024-05-01T10:05:00+08:00", paused_seconds=-1), "a number from 0"),
        (_times("0001-01-01T00:00:00+14:00", start="0001-01-01T00:00:00+14:00"), "first year"),
    ],
)
def test_times_that_cannot_be_are_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        _answer("clock", given)


@pytest.mark.parametrize("seconds", [300.5, 1e9])
def test_pauses_longer_than_the_time_are_refused(seconds: float) -> None:
    with pytest.raises(InvalidInput, match="Item paused: the pauses are longer than the time"):
        _answer("paused", _times("2024-05-01T10:05:00+08:00", paused_seconds=seconds))


def test_times_entered_by_hand_are_marked_on_the_sheet() -> None:
    by_hand = _times("2024-05-01T10:05:00+08:00", evidence_kind="manual")
    judged = {"value": "late"}
    sheet = score(CHECKLIST, parse_answers(CHECKLIST, {"clock": by_hand, "paused": judged}))
    found = {item.key: (item.status, item.by_hand) for item in sheet.items}
    assert found["clock"] == ("answered", True)
    assert found["paused"] == ("answered", True)
    assert found["yn"] == ("blank", False)


def test_a_clock_without_limit_is_n_a_and_never_missing() -> None:
    given = {"open": _times("2024-05-02T10:00:00+08:00")}
    for answers in ({}, given):
        sheet = score(CHECKLIST, parse_answers(CHECKLIST, answers))
        assert {item.key: item.status for item in sheet.items}["open"] == "na"
        assert "open" not in sheet.missing


def test_required_items_are_missing_while_blank_or_without_their_reason() -> None:
    given = {
        **{key: {"na": True} for key in ("yn", "level", "one", "many", "count", "ratio", "why")},
        "clock": {"na": True},
        "paused": {"na": True},
    }
    sheet = score(CHECKLIST, parse_answers(CHECKLIST, given))
    assert sheet.missing == ("words", "day", "must", "why")
    given["why"] = {"na": True, "reason": "not shown"}
    assert "why" not in score(CHECKLIST, parse_answers(CHECKLIST, given)).missing


def test_a_whole_section_can_be_marked_n_a() -> None:
    answers = parse_answers(CHECKLIST, {"s": {"na": True}, "yn": {"value": "yes"}})
    assert answers["yn"].keys == ("yes",)
    assert answers["level"].na
    assert "must" not in answers  # it may not be N/A


def test_only_what_was_written_in_own_words_is_reworded():
    stored = {
        "yn": {"value": "yes", "note": "loud"},
        "one": {"value": "x"},
        "many": {"values": ["x", "y"]},
        "words": {"value": "calm", "note": "and kind"},
        "day": {"value": "2024-05-01"},
        "why": {"na": True, "reason": "no case"},
        "s": {"na": True},
        "count": None,
    }
    assert reworded(CHECKLIST, stored, str.upper) == {
        **stored,
        "yn": {"value": "yes", "note": "LOUD"},
        "words": {"value": "CALM", "note": "AND KIND"},
        "why": {"na": True, "reason": "NO CASE"},
    }


OUTSIDE = "Item paused: pauses lie within the time and do not overlap."


class TestPauses:
    """9:00 to 9:25 with a limit of 10 minutes, so that 15 minutes of waiting are needed."""

    times = {"start": "2024-05-01T09:00:00+08:00", "stop": "2024-05-01T09:25:00+08:00"}  # noqa: RUF012

    def pause(self, begin, end, reason="copy of the ticket"):
        at = "2024-05-01T09:{:02}:00+08:00"
        return {"from": at.format(begin), "to": at.format(end), "reason": reason}

    def given(self, *pauses, key="paused"):
        return _answer(key, self.times | {"pauses": list(pauses)})

    @pytest.mark.parametrize(("end", "verdict"), [(20, "met"), (19, "late")])
    def test_what_was_waited_for_is_taken_off(self, end, verdict):
        """Two pauses: 9:00 to 9:05, and 10 or 9 minutes more."""
        answer = self.given(self.pause(10, end), self.pause(0, 5))
        assert answer.keys == (verdict,)
        assert answer.elapsed_seconds == (25 - 5 - (end - 10)) * 60

    @pytest.mark.parametrize(
        ("pauses", "sentence"),
        [
            ([(0, 20), (2, 22)], "Item paused: the pauses are longer than the time."),
            ([(0, 10), (5, 15)], OUTSIDE),
            ([(20, 30)], OUTSIDE),
            ([(20, 10)], "Item paused: a pause ends before it begins."),
            ([(5, 10, " . ")], "Item paused: say what was waited for in each pause."),
        ],
    )
    def test_what_cannot_be_is_refused_with_a_sentence(self, pauses, sentence):
        with pytest.raises(InvalidInput) as refused:
            self.given(*(self.pause(*span) for span in pauses))
        assert str(refused.value) == sentence

    def test_a_clock_that_does_not_pause_takes_none(self):
        with pytest.raises(InvalidInput, match="its clock may not be paused"):
            self.given(self.pause(0, 5), key="clock")

    def test_damaged_ones_are_refused(self):
        for damaged in ("x", {}, ["x"], [{"from": "x"}], [{"more": 1}]):
            with pytest.raises(InvalidInput):
                _answer("paused", self.times | {"pauses": damaged})

    def test_their_words_are_hidden_and_come_back(self):
        stored = {"paused": self.times | {"pauses": [self.pause(0, 5, "Charlie's form")]}}
        hidden = hidden_words(CHECKLIST, stored)
        assert hidden["paused"]["pauses"][0] == self.pause(0, 5, "███")
        assert with_hidden_words(CHECKLIST, hidden, stored) == stored
