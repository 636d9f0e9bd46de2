"""Whom to score and who scores it, against hand counts."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from core.errors import InvalidInput
from core.plan import FrameEncounter, Inspector, Plan, choose, components, must_inspect, share_out

_NOON = datetime(2026, 6, 8, 13)


def encounter(number: int, **given) -> FrameEncounter:
    usual = {
        "interaction_id": number,
        "station_id": 1,
        "staff_id": 7,
        "channel": "phone",
        "occurred_at": _NOON,
        "case_kind": "none",
        "severity": None,
        "is_repeat": False,
        "rating_share": None,
        "employed_from": None,
    }
    return FrameEncounter(**(usual | given))


@pytest.mark.parametrize(
    "given",
    [
        {"severity": "urgent"},
        {"case_kind": "complaint", "is_repeat": True},
        {"case_kind": "complaint", "severity": "important"},
        {"rating_share": 0.2},
        {"employed_from": date(2026, 5, 10)},
    ],
)
def test_it_must_be_inspected(given):
    assert must_inspect(encounter(1, **given), Plan())


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"case_kind": "complaint"},
        {"is_repeat": True},
        {"rating_share": 0.25},
        {"employed_from": date(2026, 5, 9)},  # 30 days before
    ],
)
def test_it_need_not_be_inspected(given):
    assert not must_inspect(encounter(1, **given), Plan())


def test_a_quota_is_spread_over_channels_and_shifts_by_what_was_served():
    # 8 phone at noon, 4 chat at noon, 4 phone at night: 4 x 8/16, 4 x 4/16, 4 x 4/16 = 2, 1, 1
    frame = (
        [encounter(n) for n in range(8)]
        + [encounter(n, channel="chat") for n in range(8, 12)]
        + [encounter(n, occurred_at=datetime(2026, 6, 8, 2)) for n in range(12, 16)]
    )
    for seed in range(20):
        sample = choose(frame, Plan(quota=4, seed=seed))
        found = Counter(one.stratum for one in sample)
        assert found == {"phone/late": 2, "chat/late": 1, "phone/night": 1}
        assert {one.probability for one in sample} == {4 / 16}


def test_a_quota_is_spread_over_the_stations_a_person_served_at():
    frame = [encounter(n, station_id=1 + n % 2) for n in range(12)]
    for seed in range(20):
        sample = choose(frame, Plan(quota=4, seed=seed))
        assert Counter(one.encounter.station_id for one in sample) == {1: 2, 2: 2}


def test_rare_encounters_are_drawn_as_often_as_any_other():
    """Of 16 encounters one is a chat and one was at night; every one has the chance of 4 in 16."""
    rare = [encounter(0, channel="chat"), encounter(1, occurred_at=datetime(2026, 6, 8, 2))]
    frame = [*rare, *(encounter(n) for n in range(2, 16))]
    samples = [choose(frame, Plan(quota=4, seed=seed)) for seed in range(2000)]
    assert {len(sample) for sample in samples} == {4}
    assert {one.probability for sample in samples for one in sample} == {4 / 16}
    drawn = Counter(one.encounter.interaction_id for sample in samples for one in sample)
    # binomial: 2000 x 1/4 = 500, sd sqrt(2000 x 3/16) = 19.4; five of them allowed
    assert all(abs(drawn[number] - 500) < 97 for number in range(16))


def test_a_stratum_is_named_alike_for_everybody():
    """Rankings compare within strata of one name: with people in it, there would be nobody left."""
    frame = [encounter(n, staff_id=n % 3, station_id=n % 3) for n in range(30)]
    urgent = [encounter(n, staff_id=n, severity="urgent") for n in range(30, 33)]
    assert {one.stratum for one in choose(frame + urgent, Plan())} == {"phone/late"}


def test_only_what_a_quota_lacks_is_drawn():
    frame = [encounter(n, staff_id=7 + n % 2) for n in range(20)]
    frame += [encounter(n, staff_id=None, station_id=3) for n in range(20, 30)]
    # 7 has 3 of 4, 8 has more than 4, the people of station 3 have 1 of 4
    sample = choose(frame, Plan(quota=4), {7: 3, 8: 5, -3: 1})
    assert Counter(one.encounter.staff_id for one in sample) == {7: 1, None: 3}
    assert {one.encounter.staff_id: one.probability for one in sample} == {7: 1 / 10, None: 3 / 10}


def test_must_inspect_cases_stand_beside_the_random_draw():
    frame = [encounter(n) for n in range(10)] + [encounter(99, severity="urgent")]
    sample = choose(frame, Plan(quota=3))
    assert Counter(one.sample_class for one in sample) == {"random": 3, "must_inspect": 1}
    assert [one.encounter.interaction_id for one in sample if one.probability == 1.0] == [99]


def test_the_same_plan_repeats_the_draw_and_another_seed_does_not():
    frame = [encounter(n) for n in range(200)]
    ids = [[c.encounter.interaction_id for c in choose(frame, Plan(seed=s))] for s in (5, 5, 6)]
    assert ids[0] == ids[1] != ids[2]


def test_nobody_gets_work_of_the_own_team():
    sample = choose([encounter(n) for n in range(40)], Plan(quota=40))
    team = [Inspector(1, "North", team_station_id=1), Inspector(2, "South")]
    shares = share_out(sample, team, {1: "North"}, Plan(double_share=1))
    assert {share.inspectors for share in shares} == {(2,)}


def test_nobody_gets_own_or_the_teams_work_from_another_station():
    """Person 7 of the team at station 5, whose inspector is 1, served at station 1."""
    sample = choose([encounter(n, team_id=5) for n in range(40)], Plan(quota=40))
    team = [Inspector(1, "North", team_station_id=5), Inspector(2, "North")]
    shares = share_out(sample, team, {1: "North"}, Plan(double_share=1))
    assert {share.inspectors for share in shares} == {(2,)}


def test_who_is_of_no_team_gets_encounters_that_name_nobody():
    sample = choose([encounter(1, staff_id=None)], Plan())
    [share] = share_out(sample, [Inspector(2, "North")], {1: "North"}, Plan(double_share=0))
    assert share.inspectors == (2,)


def test_work_is_balanced_and_a_share_crosses_regions():
    frame = [encounter(n, station_id=n % 2, staff_id=n) for n in range(2000)]
    inspectors = [Inspector(n, "North" if n < 4 else "South") for n in range(8)]
    shares = share_out(choose(frame, Plan()), inspectors, {0: "North", 1: "South"}, Plan())
    home = {0: range(4), 1: range(4, 8)}
    crossed = sum(s.inspectors[0] not in home[s.sampled.encounter.station_id] for s in shares)
    doubled = sum(len(s.inspectors) == 2 for s in shares)
    load = Counter(inspector for share in shares for inspector in share.inspectors)
    # binomial sd: sqrt(2000 x .15 x .85) = 16, sqrt(2000 x .08 x .92) = 12; four of each allowed
    assert abs(crossed - 300) < 64
    assert abs(doubled - 160) < 48
    assert max(load.values()) - min(load.values()) < 70


def test_a_second_inspector_is_another_one():
    sample = choose([encounter(n) for n in range(20)], Plan(quota=20))
    shares = share_out(
        sample, [Inspector(1, "N"), Inspector(2, "N")], {1: "N"}, Plan(double_share=1)
    )
    assert all(len(set(share.inspectors)) == 2 for share in shares)


def test_stations_without_a_common_inspector_fall_apart():
    # 1 and 2 share inspector 10; 3 has only 11; 4 and 3 share 11
    assert components([(1, 10), (2, 10), (3, 11), (4, 11), (5, 12)]) == [{1, 2}, {3, 4}, {5}]
    assert components([(1, 10), (2, 10), (2, 11), (3, 11)]) == [{1, 2, 3}]


@pytest.mark.parametrize("wrong", [{"quota": 0}, {"cross_share": 1.1}, {"seed": -1}])
def test_a_plan_that_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(InvalidInput):
        choose([encounter(1)], Plan(**wrong))


def test_new_staff_count_from_their_first_day():
    first = _NOON.date() - timedelta(days=29)
    assert must_inspect(encounter(1, employed_from=first), Plan())
