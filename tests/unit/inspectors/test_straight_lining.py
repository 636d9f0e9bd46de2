"""The same answer all through, faster than can be read, beside colleagues': by hand, by chance."""

from __future__ import annotations

import random
from math import comb

import pytest

from core.checklist import parse_checklist
from core.inspectors.straight_lining import (
    FEWEST,
    Basis,
    Evaluation,
    compared,
    is_same_throughout,
    reading_seconds,
)
from core.scoring import parse_answers, score
from tests.support.inspection.inspecting import NO, SMALL, answers


def evaluations(straight, others, *, first=0, checklist=1):
    """So many that are such, then so many that are not, of encounters in a row."""
    such = [True] * straight + [False] * others
    return [Evaluation(first + place, checklist, each) for place, each in enumerate(such)]


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("characters", "language", "sound", "seconds"),
    [
        (850, "zh-TW", None, 100),  # 8.5 signs a second
        (4000, "en", None, 100),  # 40 letters and spaces a second
        (4000, "", 10, 100),  # words can be read, however short the sound is
        (0, "en", 200, 100),  # twice as fast as it was said
        (0, "zh-TW", None, None),
    ],
)
def test_reading_takes_at_least_half_of_what_people_need(characters, language, sound, seconds):
    assert reading_seconds(characters, language, sound) == seconds


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"HELLO": NO}, False),
        (dict.fromkeys(("HELLO", "NAME", "RIGHT", "FAST", "HONEST"), NO), True),
        ({"HELLO": {"na": True}}, False),  # four of five apply: too few to say anything
    ],
)
def test_the_same_answer_all_through_is_of_every_item_that_applies(changed, same):
    checklist = parse_checklist(SMALL)
    sheet = score(checklist, parse_answers(checklist, answers(**changed)))
    assert is_same_throughout(sheet) is same


# --- beside colleagues --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("straight", "stands_out"),
    [(6, False), (7, True)],  # 1 / 2**6 is above 1 %, 1 / 2**7 is not
)
def test_of_the_same_encounters_the_differing_ones_count(straight, stands_out):
    """Twenty encounters: both such in two, the colleague nowhere else."""
    own = evaluations(2 + straight, 18 - straight)
    comparison = compared(own, evaluations(2, 18))
    assert comparison.basis is Basis.ENCOUNTERS
    assert (comparison.evaluations, comparison.straight) == (20, 2 + straight)
    assert (comparison.others, comparison.others_straight) == (20, 2)
    assert comparison.chance == 0.5**straight
    assert comparison.stands_out is stands_out


def test_too_few_of_the_same_encounters_leave_those_with_the_same_checklist():
    """6 of 20 beside 0 of 60: all six among the inspector's twenty is C(20,6) / C(80,6)."""
    comparison = compared(evaluations(6, 14), evaluations(0, 60, first=1))
    assert comparison.basis is Basis.CHECKLIST
    assert comparison.chance == pytest.approx(comb(20, 6) / comb(80, 6))
    assert comparison.stands_out


def test_thirty_points_beyond_colleagues_are_the_least():
    """5 of 20 beside 0 of 60: rare by chance (.06 %), yet a quarter of all alone."""
    comparison = compared(evaluations(5, 15), evaluations(0, 60, first=100))
    assert comparison.chance == pytest.approx(comb(20, 5) / comb(80, 5))
    assert comparison.chance < 0.01
    assert not comparison.stands_out


def test_each_checklist_is_compared_with_itself():
    """Such are half of all of the first checklist, with whomever: 10 of 20 is nothing special.

    The inspector has no other; colleagues also have 100 of a second one, of which none is such.
    """
    others = [*evaluations(15, 15, first=100), *evaluations(0, 100, first=200, checklist=2)]
    comparison = compared(evaluations(10, 10), others)
    assert (comparison.others, comparison.others_straight) == (30, 15)
    at_least_ten = sum(comb(25, k) * comb(25, 20 - k) for k in range(10, 21)) / comb(50, 20)
    assert comparison.chance == pytest.approx(at_least_ten)
    assert not comparison.stands_out


def test_two_checklists_add_up():
    """1 of 10 and 1 of 10 beside 0 of 10 each: both with the inspector, one half times one half."""
    own = [*evaluations(1, 9), *evaluations(1, 9, first=50, checklist=2)]
    others = [*evaluations(0, 10, first=100), *evaluations(0, 10, first=200, checklist=2)]
    assert compared(own, others).chance == pytest.approx(0.25)


@pytest.mark.parametrize("count", [FEWEST - 1, FEWEST])
def test_below_twenty_nothing_is_said(count):
    enough = count >= FEWEST
    many = evaluations(0, 100, first=1000)
    assert (compared(evaluations(count, 0), many) is not None) is enough
    assert (compared(evaluations(40, 0), evaluations(0, count, first=1000)) is not None) is enough
    assert compared(evaluations(40, 0), evaluations(0, 100, first=1000, checklist=2)) is None


# --- honest people ------------------------------------------------------------------------------


def year_of_honest_people(seed, *, people=5, monthly=20, doubled=0.2):
    """How many of them ever stand out in ten looks at three months each, a month apart.

    Each has a share of their own of evaluations that look like it: a tenth on average, up to a
    third (Beta 2, 18), as when known encounters are read elsewhere.
    """
    rng = random.Random(seed)
    shares = [rng.betavariate(2, 18) for _ in range(people)]
    by_month = [[[] for _ in range(12)] for _ in range(people)]
    encounter = 0
    for month in range(12):
        for one in range(people):
            for _ in range(monthly):
                encounter += 1
                scoring = [one]
                if rng.random() < doubled:
                    scoring.append(rng.choice([other for other in range(people) if other != one]))
                for who in scoring:
                    such = rng.random() < shares[who]
                    by_month[who][month].append(Evaluation(encounter, 1, such))
    return sum(
        any(_stands_out(by_month, who, end) for end in range(2, 12)) for who in range(people)
    )


def _stands_out(by_month, who, end):
    def window(one):
        return [each for month in by_month[one][end - 2 : end + 1] for each in month]

    others = [each for one in range(len(by_month)) if one != who for each in window(one)]
    comparison = compared(window(who), others)
    return comparison is not None and comparison.stands_out


def test_of_honest_people_at_most_one_in_twenty_is_ever_told_in_a_year():
    """Two hundred people in forty offices."""
    told = sum(year_of_honest_people(seed) for seed in range(40))
    assert told / 200 <= 0.05


def test_who_answers_half_of_them_so_is_told():
    comparison = compared(evaluations(30, 30), evaluations(6, 54, first=1000))
    assert comparison.stands_out
