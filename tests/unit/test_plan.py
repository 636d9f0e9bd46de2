"""Whom to score and who scores it, against hand counts."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from core.errors import InvalidInput
from core.plan import Encounter, Inspector, Plan, choose, components, must_inspect, share_out

_NOON = datetime(2026, 6, 8, 13)


def encounter(number: int, **given) -> Encounter:
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
    return Encounter(**(usual | given))


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
    sample = choose(frame, Plan(quota=4))
    assert Counter(one.stratum for one in sample) == {
        "p7/phone/late": 2,
        "p7/chat/late": 1,
        "p7/phone/night": 1,
    }
    assert {one.stratum: one.probability for one in sample} == {
        "p7/phone/late": 2 / 8,
        "p7/chat/late": 1 / 4,
        "p7/phone/night": 1 / 4,
    }


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


def test_work_is_balanced_and_a_share_crosses_regions():
    frame = [encounter(n, station_id=n % 2, staff_id=n) for n in range(2000)]
    inspectors = [Inspector(n, "North" if n < 4 else "South") for n in range(8)]
    shares = share_out(choose(frame, Plan()), inspectors, {0: "North", 1: "South"}, Plan())
    home = {0: range(4), 1: range(4, 8)}
    crossed = sum(s.inspectors[0] not in home[s.chosen.encounter.station_id] for s in shares)
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
