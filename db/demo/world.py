"""The demo's world: how good each station and person is, and which encounters took place.

Pure and seeded: the same seed gives the same six months, whatever the database.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.checklist import Checklist, Item
from core.checklist.model import BOT
from core.clock.days import at_wall_clock
from db.demo.content_model import DemoStaff, DemoStation, Scenario
from db.demo.content_reading import Content
from db.demo.dialogue import Composed, compose
from db.demo.inspector_answers import Facts, answers, chance, choices
from db.demo.training import GAIN, TAUGHT, trained_from, trainees

_MONTHS = 6
_LONG_RUNNING = ("email", "record")  # files whose last entry comes days after the first
_LONGEST_FILE = timedelta(days=17)
_STATION_SD, _STAFF_SD, _SECTION_SD = 0.55, 0.8, 0.4
_USUAL_ITEM = 1.9  # log-odds that a standard is met
_GRAVE_ITEM = {"form_zero": 6.0, "section_zero": 5.0, "cap": 4.4, "flag": 3.4}
_BY_BOT = {"CHAT-PARTNER": "bot"}
_UNIFORM_ITEMS = {"ATT-05": "tie", "ATT-06": "tie"}
_CHECKLISTS = {
    "airport": (*["airport_counter"] * 5, "complaint", "service_record"),
    "city_office": (*["airport_counter"] * 3, "email"),
    "phone_desk": (*["phone"] * 6, "complaint", "work_order"),
    "chat_desk": (*["chat"] * 4, "email"),
}
_DRAWN = frozenset(key for keys in _CHECKLISTS.values() for key in keys)


@dataclass(frozen=True)
class DemoEncounter:
    """One encounter as an import row, with what an inspector will make of it."""

    row: dict[str, Any]
    checklist: str
    facts: Facts
    composed: Composed


class World:
    """Draws encounters and judgements from one random stream."""

    def __init__(
        self, content: Content, checklists: Mapping[str, Checklist], *, now: datetime, seed: int
    ) -> None:
        self._content, self._checklists, self._now = content, checklists, now
        self._rng = random.Random(seed)  # noqa: S311  a demo, not a secret
        self._stations = [station for station in content.stations if station.languages]
        self._station_skill = {s.code: self._normal(_STATION_SD) for s in self._stations}
        self._trend = {s.code: self._normal(0.35) for s in self._stations}
        self._staff_skill = {person.staff_no: self._normal(_STAFF_SD) for person in content.staff}
        self.trainees = trainees(self._staff_skill)
        self._trained_from = trained_from(now)
        self._section_skill: dict[tuple[str, str], float] = {}
        self._difficulty: dict[str, float] = {}
        self._severity = {user.username: user.severity for user in content.users}
        self._options: dict[str, dict[str, str]] = {}

    def encounters(self, count: int) -> Iterator[DemoEncounter]:
        """`count` encounters over the last six months, oldest first, all stations in turn."""
        moments = sorted(self._rng.uniform(0, _MONTHS * 30) for _ in range(count))
        for number, day in enumerate(reversed(moments), start=1):
            station = self._rng.choice(self._stations)
            yield self._encounter(number, station, self._moment(station, day), day)

    def rare_encounters(self, count: int, *, after: int) -> Iterator[DemoEncounter]:
        """`count` encounters that no station is drawn for: bots, orders, profiles, agencies.

        Their scenarios take turns. They are numbered from `after` on, and drawn after the others,
        which stay as they are.
        """
        rare = [one for one in self._content.scenarios if is_rare(one)]
        for number in range(count if rare else 0):
            scenario = rare[number % len(rare)]
            kinds = ("chat_desk",) if scenario.channel == BOT else ("airport", "city_office")
            station = self._rng.choice(
                [one for one in self._stations if one.kind in kinds and suits(scenario, one)]
            )
            day = self._rng.uniform(0, _MONTHS * 30)
            moment = self._moment(station, day)
            yield self._encounter(after + number + 1, station, moment, day, scenario)

    def judge(self, encounter: DemoEncounter, inspector: str) -> dict[str, Any]:
        """What this inspector answers; the same inspector is equally severe throughout."""
        return answers(
            self._checklists[encounter.checklist],
            encounter.facts,
            severity=self._severity.get(inspector, 0.0),
            rng=self._rng,
            language=encounter.row["language"].replace("-", "_"),
        )

    def _normal(self, spread: float) -> float:
        return self._rng.gauss(0, spread)

    def _moment(self, station: DemoStation, days_ago: float) -> datetime:
        local = at_wall_clock(self._now - timedelta(days=days_ago), station.timezone)
        return local.replace(
            hour=self._rng.randint(7, 21), minute=self._rng.randint(0, 59), second=0, microsecond=0
        )

    def _encounter(
        self,
        number: int,
        station: DemoStation,
        begins_at: datetime,
        days_ago: float,
        scenario: Scenario | None = None,
    ) -> DemoEncounter:
        scenario = scenario or self._scenario(station)
        if scenario.channel in _LONG_RUNNING:
            begins_at -= _LONGEST_FILE
        person = self._rng.choice(
            [person for person in self._content.staff if person.station_code == station.code]
        )
        progress = 1 - 2 * days_ago / (_MONTHS * 30)  # from -1 six months ago to 1 now
        gain = GAIN if person.staff_no in self.trainees and begins_at >= self._trained_from else 0.0
        met = self._met(scenario.checklist, station, person, progress, gain)
        absent = {*scenario.not_applicable, *_foreign_uniform(person)}
        composed = compose(
            scenario,
            quality={**met, **dict.fromkeys(absent)},
            rng=self._rng,
            begins_at=begins_at,
            slots=person.slots(scenario.language),
        )
        clocks = {key: (clock.start, clock.stop) for key, clock in composed.clocks.items()}
        facts = Facts(composed.met, frozenset(absent), self._choices(scenario), clocks, begins_at)
        row = self._row(number, scenario, composed, begins_at)
        row |= {"station_code": station.code}
        row |= {} if scenario.channel == BOT else {"staff_no": person.staff_no}
        return DemoEncounter(row, scenario.checklist, facts, composed)

    def _choices(self, scenario: Scenario) -> dict[str, str]:
        if scenario.id not in self._options:
            checklist = self._checklists[scenario.checklist]
            chosen = choices(checklist, frozenset(scenario.items))
            self._options[scenario.id] = chosen | (_BY_BOT if scenario.channel == BOT else {})
        return self._options[scenario.id]

    def _scenario(self, station: DemoStation) -> Scenario:
        checklist = self._rng.choice(_CHECKLISTS[station.kind])
        suited = self._content.suited(checklist, station) or self._content.suited(
            _CHECKLISTS[station.kind][0], station
        )
        return self._rng.choice(suited)

    def _met(
        self,
        checklist: str,
        station: DemoStation,
        person: DemoStaff,
        progress: float,
        gain: float,
    ) -> dict[str, bool]:
        """Which standards are met; `gain` is what training adds on the items it taught."""
        skill = (
            self._station_skill[station.code]
            + self._staff_skill[person.staff_no]
            + self._trend[station.code] * progress
        )
        return {
            item.key: self._rng.random()
            < chance(
                self._ease(item)
                + skill
                + self._strength(station.code, section.key)
                + (gain if item.key in TAUGHT else 0.0)
            )
            for section in self._checklists[checklist].sections
            for item in section.items
        }

    def _ease(self, item: Item) -> float:
        if item.key not in self._difficulty:
            usual = max((_GRAVE_ITEM[effect.kind] for effect in item.effects), default=_USUAL_ITEM)
            self._difficulty[item.key] = usual + self._normal(0.7)
        return self._difficulty[item.key]

    def _strength(self, station: str, section: str) -> float:
        key = (station, section)
        if key not in self._section_skill:
            self._section_skill[key] = self._normal(_SECTION_SD)
        return self._section_skill[key]

    def _row(
        self, number: int, scenario: Scenario, composed: Composed, begins_at: datetime
    ) -> dict[str, Any]:
        rated = self._rng.random() < 0.4
        share = sum(composed.met.values()) / max(1, len(composed.met))
        return {
            "source": "demo",
            "external_id": f"YF-{number:05d}",
            "channel": scenario.channel,
            "business_line": scenario.business_line,
            "occurred_at": begins_at.isoformat(),
            "language": scenario.language.replace("_", "-"),
            "customer_ref": f"C{self._rng.randint(1, 2500):05d}",
            "duration_seconds": composed.duration_seconds,
            "customer_rating": max(1, min(5, round(5 * share + self._normal(0.7))))
            if rated
            else None,
            "rating_scale": [1, 5] if rated else None,
            "case_kind": scenario.case_kind,
            "severity": scenario.severity,
            "is_repeat": self._rng.random() < 0.04,
            "consent": True,
            "events": [],
            "attributes": {},
            "turns": [
                {"speaker": t.speaker, "text": t.text, "start_seconds": t.start_seconds}
                for t in composed.turns
            ],
        }


def is_rare(scenario: Scenario) -> bool:
    """Whether no station is drawn for it: who answers is a bot, or the checklist is seldom used."""
    return scenario.channel == BOT or scenario.checklist not in _DRAWN


def suits(scenario: Scenario, station: DemoStation) -> bool:
    return scenario.language in station.languages


def _foreign_uniform(person: DemoStaff) -> Iterator[str]:
    """Attire items that the person's uniform does not have."""
    return (item for item, variant in _UNIFORM_ITEMS.items() if person.uniform_variant != variant)
