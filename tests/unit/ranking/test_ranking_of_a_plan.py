"""What a plan draws can be ranked: its strata do not take stations and people out."""

import random
from collections import Counter
from datetime import datetime, timedelta

import numpy as np

from core.plan import FrameEncounter, Plan, choose
from core.ranking import rank_stations
from tests.support.ranking.ranking_simulation import cells_of

_STATIONS, _STAFF, _SERVED = 6, 15, 60


def month():
    """Sixty calls and chats a person, at any hour."""
    rng = random.Random(3)
    for number in range(_STATIONS * _STAFF * _SERVED):
        person = number % (_STATIONS * _STAFF)
        yield FrameEncounter(
            interaction_id=number,
            station_id=person % _STATIONS,
            staff_id=person,
            channel=rng.choice(("phone", "chat")),
            occurred_at=datetime(2026, 6, 1) + timedelta(hours=rng.randrange(700)),
            case_kind="none",
            severity=None,
            is_repeat=False,
            rating_share=None,
            employed_from=None,
        )


def test_lenient_inspectors_do_not_turn_the_order_round():
    """Station k delivers 70 + 2 k, and its own inspector adds 8 - 4 k to what he or she scores.

    Every fourth encounter goes to a colleague. Raw means fall by 2 - 0.75 x 4 = 1 from station to
    station; with severity taken out they rise by 2.
    """
    sample = choose(list(month()), Plan())
    assert Counter(one.encounter.station_id for one in sample) == dict.fromkeys(range(6), 60)
    rng = np.random.default_rng(3)
    station = np.array([one.encounter.station_id for one in sample])
    inspector = np.where(rng.random(len(sample)) < 0.25, rng.integers(0, 6, len(sample)), station)
    score = 70 + 2 * station + 8 - 4 * inspector + rng.normal(0, 2, len(sample))
    cells = cells_of(
        station,
        np.array([one.encounter.staff_id for one in sample]),
        inspector,
        coded([one.encounter.channel for one in sample]),
        score,
        stratum=coded([one.stratum for one in sample]),
        weight=np.array([1 / one.probability for one in sample]),
    )
    ranked = rank_stations(cells).ranked
    assert [row.station for row in sorted(ranked, key=lambda row: row.plain)] == [5, 4, 3, 2, 1, 0]
    found = sorted(ranked, key=lambda row: row.adjusted.value)
    assert [row.station for row in found] == [0, 1, 2, 3, 4, 5]


def coded(names):
    return np.unique(names, return_inverse=True)[1]
