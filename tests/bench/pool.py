"""What the inspections of a bench database are drawn from: encounters of the demo, scored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.scoring import ScoreSheet, parse_answers, score
from db.checklists.models import ChecklistVersion
from db.demo.content_reading import load_content
from db.demo.load import active_checklists
from db.demo.world import DemoEncounter, World
from db.inspection.models import Inspection
from db.people.models import Station
from db.results import rollups
from db.store.base import Model

_POOL = 300
INCLUSION = 0.25
SECONDS = 300.0


@dataclass(frozen=True)
class Case:
    """One entry of the pool: what every inspection drawn from it shares."""

    place: int
    station_id: int
    encounter: DemoEncounter
    version_id: int
    checklist_id: int
    answers: dict[str, Any]
    sheet: ScoreSheet

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        return rollups.findings(self._prototype(), self.sheet, self.checklist_id)

    @cached_property
    def increments(self) -> dict[type[Model], list[rollups.Increment]]:
        """What one inspection adds, with day, month and people still to be filled in."""
        found: dict[type[Model], list[rollups.Increment]] = {}
        for increment in rollups.increments(self._prototype(), self.sheet):
            found.setdefault(increment.table, []).append(increment)
        return found

    def _prototype(self) -> Inspection:
        return Inspection(
            id=0,
            checklist_version_id=self.version_id,
            station_id=self.station_id,
            inspector_id=0,
            channel=self.encounter.row["channel"],
            language=self.encounter.row["language"],
            sample_class="random",
            stratum=self.encounter.row["case_kind"],
            inclusion_probability=INCLUSION,
            month=0,
            active_seconds=SECONDS,
            key_moment_score=self.sheet.key_moment_score,
            score=self.sheet.score,
            score_before_critical=self.sheet.score_before_critical,
            passed=self.sheet.passed,
            critical=self.sheet.critical,
        )


def make_pool(session: Session, now: datetime, seed: int) -> list[Case]:
    versions = {c.key: (version_id, c) for version_id, c in active_checklists(session)}
    checklist_ids = dict(
        session.execute(select(ChecklistVersion.id, ChecklistVersion.checklist_id)).all()
    )
    stations = dict(session.execute(select(Station.code, Station.id)).all())
    world = World(load_content(), {k: c for k, (_, c) in versions.items()}, now=now, seed=seed)
    pool = []
    for place, encounter in enumerate(world.encounters(_POOL)):
        version_id, checklist = versions[encounter.checklist]
        answers = world.judge(encounter, "bench")
        sheet = score(checklist, parse_answers(checklist, answers))
        station_id = stations[encounter.row["station_code"]]
        pool.append(
            Case(
                place,
                station_id,
                encounter,
                version_id,
                checklist_ids[version_id],
                answers,
                sheet,
            )
        )
    return pool
