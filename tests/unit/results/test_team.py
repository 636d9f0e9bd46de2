"""Own scores beside the team's: what is shown, and what must not be."""

from __future__ import annotations

from datetime import date
from statistics import mean

import pytest
from scipy.stats import ttest_ind

from core.periods import Period
from core.results.figures import NOTHING, Moments
from core.results.team_comparison import FEWEST_OTHERS, TeamScores, beside, quarters_before

OWN = [90.0, 84.0, 96.0]
TEAM = [80.0, 85.0, 70.0, 75.0, 90.0, 88.0]


def moments(values):
    return Moments(len(values), sum(values), sum(value**2 for value in values))


def test_five_others_are_a_team_and_four_are_none():
    others = {
        1: TeamScores(FEWEST_OTHERS, moments(TEAM), 2),
        2: TeamScores(FEWEST_OTHERS - 1, moments(TEAM), 2),
    }
    one, two = beside({1: moments(OWN), 2: moments(OWN)}, others)
    assert one.team == others[1]
    assert two.team is None
    assert two.difference is None


def test_nothing_is_shown_where_one_colleague_stands_behind_more_than_half():
    """Of six results three are half: shown. Four are 67 %: with 2 of others, nearly one's mean."""
    half, most = TeamScores(5, moments(TEAM), 3), TeamScores(5, moments(TEAM), 4)
    one, two = beside({1: moments(OWN), 2: moments(OWN)}, {1: half, 2: most})
    assert one.team == half
    assert (two.team, two.difference) == (None, None)


def test_a_checklist_one_colleague_dominates_is_not_even_named_without_own_results():
    assert beside({}, {1: TeamScores(5, moments(TEAM), 4)}) == ()


def test_many_results_of_few_people_are_not_shown():
    [found] = beside({1: moments(OWN)}, {1: TeamScores(4, moments(TEAM * 100), 150)})
    assert found.team is None


def test_a_checklist_without_own_results_shows_the_team_and_no_difference():
    [found] = beside({}, {1: TeamScores(6, moments(TEAM), 1)})
    assert (found.own, found.difference) == (NOTHING, None)
    assert found.team.scores.mean == pytest.approx(mean(TEAM))


def test_a_checklist_only_few_others_were_scored_with_is_not_even_named():
    assert beside({}, {1: TeamScores(3, moments(TEAM), 2)}) == ()


def test_the_difference_has_welchs_interval():
    """Against scipy: 90 - 81.33 = 8.67."""
    [found] = beside({1: moments(OWN)}, {1: TeamScores(6, moments(TEAM), 1)})
    known = ttest_ind(OWN, TEAM, equal_var=False).confidence_interval(0.90)
    assert found.difference.value == pytest.approx(mean(OWN) - mean(TEAM))
    assert found.difference.value - found.difference.half == pytest.approx(known.low)
    assert found.difference.value + found.difference.half == pytest.approx(known.high)


def test_a_single_own_result_has_a_difference_but_no_interval():
    [found] = beside({1: moments([90.0])}, {1: TeamScores(6, moments(TEAM), 1)})
    assert (found.difference.half, found.difference.is_clear) == (None, False)


@pytest.mark.parametrize(
    ("day", "newest"),
    [
        (date(2026, 10, 1), Period(202604, 202606)),
        (date(2026, 10, 30), Period(202604, 202606)),
        (date(2026, 10, 31), Period(202607, 202609)),
        (date(2026, 12, 31), Period(202607, 202609)),
        (date(2027, 1, 30), Period(202607, 202609)),
        (date(2027, 1, 31), Period(202610, 202612)),
    ],
)
def test_a_quarter_is_offered_when_it_is_over_for_thirty_days(day, newest):
    """30 September and the 30 days of 1 to 30 October: from the 31st on."""
    assert quarters_before(day, 4)[0] == newest


def test_quarters_follow_each_other_and_never_overlap():
    """Two spans with a month between them would tell that month by subtraction."""
    found = quarters_before(date(2026, 11, 22), 4)
    months = [month for period in found for month in period.months()]
    assert len(months) == len(set(months)) == 12
    assert found[-1] == Period(202510, 202512)
