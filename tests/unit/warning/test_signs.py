"""Signs of windows: shares beyond their limits, and when what was a sign is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import InvalidInput
from core.warning.counts import Alarm
from core.warning.rules import RULES, RuleKey
from core.warning.signs import (
    Sign,
    WindowCount,
    episode,
    is_subsided,
    share_signs,
    threshold_sign,
)
from core.warning.terms import take_by

WEEK = timedelta(days=7)
FIRST = date(2026, 9, 7)
LETTERS = {"r": Alarm.RAISED, "s": Alarm.SUSPECTED}


def windows(letters):
    """r raised, s suspected, q quiet, - not compared."""
    return [
        Sign(
            on=FIRST + k * WEEK,
            alarm=LETTERS.get(letter, Alarm.QUIET),
            times=1,
            is_compared=letter != "-",
        )
        for k, letter in enumerate(letters)
    ]


@pytest.mark.parametrize(
    ("letters", "standing"),
    [
        ("qqqq", []),
        ("qqs", [2]),
        ("sqr", [0, 2]),
        ("rq", [0]),
        ("rqq", []),
        ("rqqs", [3]),
        ("r-q-", [0]),
        ("r---", [0]),
        ("", []),
    ],
)
def test_two_quiet_windows_end_what_came_before(letters, standing):
    assert [sign.on for sign in episode(windows(letters))] == [FIRST + k * WEEK for k in standing]


@pytest.mark.parametrize(
    ("letters", "is_over"),
    [("r", False), ("rq", False), ("rqq", True), ("r-q", False), ("r-qq", True), ("rqqq", True)],
)
def test_it_has_subsided_after_two_windows_that_were_compared(letters, is_over):
    assert is_subsided(windows(letters), FIRST) is is_over


def cell(*times):
    return [WindowCount(FIRST + k * WEEK, n, 100) for k, n in enumerate(times)]


def test_a_share_beyond_its_limit_is_raised_at_once():
    """Five in 100 for twelve windows, then 20; they tell as much as 1 / (1/100 + 1/1200) = 92.3."""
    sign = share_signs({"a": cell(*[5] * 12, 20)})["a"][-1]
    assert (sign.alarm, sign.times, sign.chances) == (Alarm.RAISED, 20, 100)
    assert (sign.base_times, sign.base_chances) == (60, 1200)
    assert sign.limit == pytest.approx(0.1346, abs=0.01)
    assert 0 < sign.p < 0.00135


@pytest.mark.parametrize(
    ("people", "alarm", "is_compared"),
    [
        ([], Alarm.RAISED, True),
        ([(2, 10)] * 10, Alarm.RAISED, True),
        ([(20, 20), *[(0, 20)] * 4], Alarm.QUIET, True),
        ([(20, 100)], Alarm.QUIET, False),
    ],
    ids=["unknown", "ten people", "one of five", "one alone"],
)
def test_what_one_person_makes_is_no_sign_of_the_station(people, alarm, is_compared):
    """20 lost in 100, before 60 in 1,200: the variance of the share is that between the people.

    All by one of five with 20 each: 5 / 4 x (16^2 + 4 x 4^2) / 100^2 = .04, as much as
    .05 x .95 / .04 = 1.2 independent answers tell.
    """
    asked = []

    def behind(on, cells):
        asked.append((on, list(cells)))
        return {"a": people}

    sign = share_signs({"a": cell(*[5] * 12, 20), "b": cell(*[5] * 13)}, behind)["a"][-1]
    assert (sign.alarm, sign.is_compared) == (alarm, is_compared)
    assert asked == [(FIRST + 12 * WEEK, ["a"])]


def test_p_is_that_of_the_limit_at_the_limit():
    """A share a little below the limit has p above .00135, one above it less."""
    found = {}
    for lost in range(6, 20):
        sign = share_signs({"a": cell(*[5] * 12, lost)})["a"][-1]
        found[lost] = (sign.times / 100 > sign.limit, sign.p < 0.00135)
    assert all(beyond == rare for beyond, rare in found.values())
    assert {beyond for beyond, _rare in found.values()} == {False, True}


def test_windows_with_too_few_answers_are_not_compared():
    few = [*cell(*[5] * 12), WindowCount(FIRST + 12 * WEEK, 19, 19)]
    sign = share_signs({"a": few})["a"][-1]
    assert (sign.alarm, sign.is_compared) == (Alarm.QUIET, False)


def test_three_windows_are_looked_at_anew():
    signs = share_signs({"a": cell(*[5] * 12, 20, 5)})["a"]
    assert [sign.alarm for sign in signs] == [Alarm.QUIET, Alarm.RAISED, Alarm.QUIET]
    assert share_signs({}) == {}


def test_a_number_is_a_sign_beyond_its_limit():
    assert threshold_sign(FIRST, 5, 5).alarm is Alarm.QUIET
    assert threshold_sign(FIRST, 6, 5).alarm is Alarm.RAISED


@pytest.mark.parametrize(
    ("raised", "last"),
    [
        (date(2026, 12, 1), date(2026, 12, 4)),
        (date(2026, 12, 3), date(2026, 12, 8)),
        (date(2026, 12, 5), date(2026, 12, 9)),
    ],
)
def test_it_is_to_be_taken_within_three_working_days(raised, last):
    """From a Tuesday until Friday; from a Thursday until Tuesday; from a Saturday, Wednesday."""
    assert take_by(raised) == last


def test_a_limit_belongs_to_a_rule_about_a_number():
    RULES[RuleKey.OVERDUE_FILES].check_limit(0)
    RULES[RuleKey.COMPLAINTS].check_limit(None)
    for key, limit in ((RuleKey.OVERDUE_FILES, None), (RuleKey.COMPLAINTS, 3)):
        with pytest.raises(InvalidInput, match="has a limit"):
            RULES[key].check_limit(limit)


def test_every_rule_stands_in_the_table():
    assert set(RULES) == set(RuleKey)
