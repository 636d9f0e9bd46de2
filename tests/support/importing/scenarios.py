"""The demo's scenarios, played as they are written."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from db.demo.content_reading import load_content
from db.demo.dialogue import compose

AT = datetime(2025, 5, 12, 10, 22, tzinfo=ZoneInfo("Asia/Taipei"))
SCENARIOS = load_content().scenarios
LIVE = {"phone", "chat", "counter", "bot"}
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)


def play(scenario, seed=1, *, met=True, lost=(), at=AT, **more):
    quality = {item: met and item not in lost for item in scenario.items}
    return compose(scenario, quality=quality, rng=random.Random(seed), begins_at=at, **more)


def named(scenario_id):
    return next(scenario for scenario in SCENARIOS if scenario.id == scenario_id)
