"""Whether training worked: by hand, at the edges, and where the true effect is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.effect import Method, Person, Scores, change_spread, people_needed, training_effect
from core.errors import InvalidInput
from tests.support.training.effect_simulation import course, scores


def person(key, *, trained, selection, after, baseline=None) -> Person:
    periods = [
        None if mean is None else scores(mean - 5, mean + 5)
        for mean in (selection, baseline, after)
    ]
    return Person(key, trained, *periods)


# Ten trained people and ten others with the very same scores at selection, 61 to 70.
RISES = [9, 7, 8, 10, 6, 8, 9, 7, 11, 5]  # mean 8
OTHERS = [4, 5, 6, 4, 5, 5, 3, 7, 6, 5]  # mean 5


def pairs(*, baseline_of=lambda selection: None, shift=0.0):
    people = []
    for k, (rise, other) in enumerate(zip(RISES, OTHERS, strict=True)):
        start = 61.0 + k
        before = baseline_of(start) or start
        common = {"baseline": baseline_of(start)}
        people.append(person(k, trained=True, selection=start, after=before + rise, **common))
        people.append(
            person(100 + k, trained=False, selection=start + shift, after=before + other, **common)
        )
    return people


def test_the_effect_is_what_the_trained_rose_more_than_their_partners():
    found = training_effect(pairs()).estimate
    assert found.method is Method.MATCHED
    assert (found.people, found.rise) == (10, pytest.approx(8.0))
    assert found.expected == pytest.approx(5.0)
    assert found.effect == pytest.approx(3.0)
    # the plain paired t interval, as no pair has a gap
    differences = np.array(RISES) - np.array(OTHERS)
    expected = stats.ttest_1samp(differences, 0.0).confidence_interval(0.90)
    assert found.interval == pytest.approx((expected.low, expected.high))
    assert found.spread == pytest.approx(differences.std(ddof=1))
    assert found.established


def test_the_sentence_says_rise_rebound_effect_and_interval():
    effect = training_effect(pairs())
    found = effect.estimate.interval
    assert str(effect.sentence) == (
        "Scores changed by +8.0; +5.0 of that was to be expected without the training; "
        f"effect +3.0, 90 % interval +{found.lower:.1f} to +{found.upper:.1f}: established."
    )


def test_an_effect_whose_interval_holds_zero_is_not_established():
    people = pairs()
    effect = training_effect(people, level=0.999999)
    assert not effect.estimate.established
    assert str(effect.sentence).endswith("not yet established.")


def test_training_that_harms_is_said_to_harm():
    swapped = [Person(p.key, not p.trained, p.selection, p.baseline, p.after) for p in pairs()]
    effect = training_effect(swapped)
    assert effect.estimate.effect == pytest.approx(-3.0)
    assert str(effect.sentence).endswith("established, and for the worse.")


def test_changes_count_from_the_baseline_where_there_is_one():
    # between selection and baseline everybody came back by 4 points without any training
    found = training_effect(pairs(baseline_of=lambda selection: selection + 4)).estimate
    assert (found.rise, found.effect) == (pytest.approx(8.0), pytest.approx(3.0))


def test_changes_count_from_selection_if_one_of_the_trained_has_no_baseline():
    people = pairs(baseline_of=lambda selection: selection + 4)
    lacking = Person(0, True, people[0].selection, None, people[0].after)
    found = training_effect([lacking, *people[1:]]).estimate
    # from the selection scores both groups rose by 4 more
    assert found.rise == pytest.approx(12.0)
    assert found.effect == pytest.approx(3.0)


def test_people_who_all_changed_alike_say_nothing_of_chance():
    """Each of the trained rises by 8 and each partner by 5: 3 more, without any spread."""
    people = []
    for k in range(10):
        start = 61.0 + k
        people.append(person(k, trained=True, selection=start, after=start + 8))
        people.append(person(100 + k, trained=False, selection=start, after=start + 5))
    effect = training_effect(people)
    assert effect.estimate is None
    assert str(effect.sentence).startswith("Everybody's scores changed alike")


def test_gaps_within_pairs_are_taken_out_by_a_line():
    rng = np.random.default_rng(4)
    people, gaps, differences = [], [], []
    for k in range(12):
        start, gap = 50.0 + 3 * k, rng.uniform(-1, 1)
        rise, other = rng.normal(8, 2), rng.normal(5, 2)
        people.append(person(k, trained=True, selection=start, after=start + rise))
        partner = start - gap
        people.append(person(100 + k, trained=False, selection=partner, after=partner + other))
        gaps.append(gap)
        differences.append(rise - other)
    found = training_effect(people).estimate
    line = stats.linregress(gaps, differences)
    half = stats.t.ppf(0.95, 10) * line.intercept_stderr
    assert found.people == 12
    assert found.effect == pytest.approx(line.intercept)
    assert found.interval == pytest.approx((line.intercept - half, line.intercept + half))


def test_nobody_is_a_partner_across_the_caliper():
    # selection scores 61 to 70 against 81 to 90: nobody to compare with
    assert training_effect(pairs(shift=20.0)).estimate.method is Method.RELIABILITY


def test_too_few_scored_since_give_a_reason():
    people = [
        person(k, trained=True, selection=60 + k, after=70 if k < 7 else None) for k in range(9)
    ]
    effect = training_effect(people)
    assert (effect.trained, effect.scored, effect.estimate) == (9, 7, None)
    assert str(effect.sentence) == (
        "Only 7 of 9 trained people were scored since; at least 8 are needed."
    )


def test_without_partners_and_without_a_population_there_is_a_reason():
    people = [person(k, trained=True, selection=60 + k, after=70) for k in range(10)]
    effect = training_effect(people)
    assert effect.estimate is None
    assert str(effect.sentence).startswith("There are neither enough untrained people")


def test_people_with_one_score_each_say_nothing_of_reliability():
    people = [
        Person(k, k < 10, scores(60 + k), None, scores(75.0) if k < 10 else None) for k in range(30)
    ]
    assert training_effect(people).estimate is None


def test_the_number_of_people_needed_as_by_hand():
    # (1.6449 + 0.8416)^2 (10 / 5)^2 = 6.1826 * 4 = 24.7
    assert people_needed(5.0, 10.0) == 25
    assert people_needed(-5.0, 10.0) == 25
    assert people_needed(50.0, 10.0) == 8
    # 144 / 8 + 144 / 8 = 36, twice that for a pair
    assert change_spread(144.0, 8, 8, matched=False) == pytest.approx(6.0)
    assert change_spread(144.0, 8, 8, matched=True) == pytest.approx(np.sqrt(72))


def test_what_cannot_be_is_refused():
    with pytest.raises(InvalidInput, match="cannot be planned"):
        people_needed(0.0, 10.0)
    with pytest.raises(InvalidInput, match="needs scores"):
        change_spread(144.0, 0, 8, matched=True)
    with pytest.raises(InvalidInput, match="cannot have the sum"):
        Scores(2, 10.0, 1.0)
    with pytest.raises(InvalidInput, match="listed twice"):
        training_effect([*pairs(), pairs()[0]])
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        training_effect(pairs(), level=90)


@pytest.mark.parametrize("design", ["matched", "reliability"])
@pytest.mark.parametrize("baseline", [False, True])
def test_fifty_courses_without_effect_are_told_from_their_rebound(design, baseline):
    # the bench runs 4,000; these 50 are seeded, so that they are either in or out
    runs = [course(design, 0.0, baseline=baseline, seed=seed) for seed in range(50)]
    assert np.mean([run.naive_claims for run in runs]) > 0.8
    assert 0.8 <= np.mean([run.covers(0.0) for run in runs]) <= 0.98
    assert abs(np.mean([run.estimate.effect for run in runs])) < 1.0
    assert np.mean([run.naive_rise for run in runs]) > 3.0


@pytest.mark.parametrize("design", ["matched", "reliability"])
def test_fifty_courses_with_an_effect_find_it(design):
    runs = [course(design, 4.0, baseline=True, seed=seed) for seed in range(50)]
    assert np.mean([run.estimate.effect for run in runs]) == pytest.approx(4.0, abs=0.8)
    assert np.mean([run.covers(4.0) for run in runs]) >= 0.8
