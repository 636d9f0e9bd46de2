"""The demo shows what adjusting is for: its inspectors are strict and lenient by region."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.library import load_checklists, load_library
from core.ranking import DayCells, MonthCells, ScoreCells, rank_stations
from core.scoring import parse_answers, score
from db.demo.content_reading import load_content
from db.demo.load import SEED, Size, choose
from db.demo.people import homes
from db.demo.world import World

pytestmark = pytest.mark.sampled(3)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
COUNTER = "airport_counter"


@pytest.fixture(scope="module")
def scored():
    """Counter encounters of the demo: station, staff, inspector, day, score, and with a usual one.

    "Usual" is what an inspector who is neither strict nor lenient would give.
    """
    content = load_content()
    checklists = {each.key: each for each in load_checklists(load_library())}
    world = World(content, checklists, now=NOW, seed=SEED)
    regions = {station.code: station.region for station in content.stations}
    rng, inspectors = random.Random(SEED + 1), list(homes(content).items())
    rows = []
    for encounter in world.encounters(Size().inspections):
        station = encounter.row["station_code"]
        for inspector in choose(rng, inspectors, regions[station]):
            if encounter.checklist == COUNTER:
                given, usual = (
                    _score(checklists[COUNTER], world.judge(encounter, name))
                    for name in (inspector, "usual")
                )
                day = datetime.fromisoformat(encounter.row["occurred_at"]).toordinal()
                person = encounter.row["staff_no"]
                rows.append((station, person, inspector, day, given, usual))
    return rows


def _score(checklist, answers):
    return score(checklist, parse_answers(checklist, answers)).score_before_critical


def cells(rows):
    station, staff, inspector = (
        np.unique([row[k] for row in rows], return_inverse=True)[1] for k in range(3)
    )
    day, given = np.array([row[3] for row in rows]), np.array([row[4] for row in rows])
    one, none = np.ones(len(rows)), np.zeros(len(rows))
    alike = np.zeros(len(rows), dtype=np.int64)
    return ScoreCells(
        station=station,
        staff=staff,
        inspector=inspector,
        case=alike,
        stratum=alike,
        n=one,
        total=given,
        squares=given**2,
        weight=one,
        weighted=given,
        critical=none,
        unscored=none,
        days=DayCells(station, day, one, given, given**2),
        months=MonthCells(station, inspector, day // 30, alike, alike, one, given),
    )


def test_adjusting_brings_the_order_of_the_demos_stations_nearer_to_the_truth(scored):
    """Plain means put Taipei before Singapore and Beijing before Hong Kong; neither is so."""
    usual = defaultdict(list)
    for row in scored:
        usual[row[0]].append(row[5])
    codes = sorted(usual)
    truth = [np.mean(usual[code]) for code in codes]
    recent = [row for row in scored if row[3] > NOW.toordinal() - 90]
    rows = rank_stations(cells(recent), draws=200).comparison.rows
    plain, adjusted = ([getattr(row, by) for row in rows] for by in ("mean", "adjusted"))
    assert spearmanr(plain, truth)[0] < spearmanr(adjusted, truth)[0]
    errors = [np.std(np.subtract(values, truth)) for values in (plain, adjusted)]
    assert errors[1] < 0.6 * errors[0]

    def lead(values, first, second):
        return values[codes.index(first)] - values[codes.index(second)]

    assert lead(plain, "TPE", "SIN") > 0 > lead(truth, "TPE", "SIN")
    assert lead(plain, "PEK", "HKG") > 0 > lead(truth, "PEK", "HKG")
    assert abs(lead(adjusted, "PEK", "HKG")) < lead(plain, "PEK", "HKG")
    assert lead(adjusted, "TPE", "SIN") < 0
