"""Loading the demo: its people, then six months of encounters through the real services."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from core.access import Identity, Role
from core.checklist import Checklist
from core.clock.days import day_of
from core.settings import Settings
from db.checklists.parsed_versions import active_versions
from db.demo.appeals import load_appeals
from db.demo.audits import load_audits
from db.demo.content_reading import load_content
from db.demo.evidence import load_evidence
from db.demo.files import load_files
from db.demo.improvements import load_improvements
from db.demo.lessons import load_lessons
from db.demo.load_state import META, state
from db.demo.people import LOADER, load_people
from db.demo.training import ZONE, load_training
from db.demo.warnings import load_warnings
from db.demo.world import DemoEncounter, World
from db.encounters.models import Interaction
from db.importing.interactions import Interactions
from db.importing.kinds import RowRules
from db.inspection.models import Assignment
from db.inspection.services.assignments import Task, assign
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Station, User, UserRole
from db.people.services.identities import identity_of
from db.safekeeping.database_key import keys_for
from db.store.files import files_of
from db.store.keys import Keys
from db.store.models import Meta
from db.store.session import transaction
from db.tabular.file_choices import AS_IT_IS
from db.tabular.tables import Row

Progress = Callable[[int, int], None]
Inspector = TypeVar("Inspector")
SEED = 20260601
_BATCH = 100
_CROSS_SCORED, _SCORED_TWICE, _MUST_INSPECT = 0.15, 0.08, 0.10
_RARE_OPEN = 4
_LOST = ("no", "no_with_loss", 0, 1, 2)


@dataclass(frozen=True)
class Size:
    """How much is loaded: inspections done, assignments left open in the queues, files.

    `rare` are encounters besides, of bots and of checklists that are seldom used; of them one in
    `_RARE_OPEN` is left open.
    """

    inspections: int = 4000
    open: int = 160
    files: int = 400
    rare: int = 56

    @property
    def usual(self) -> int:
        return self.inspections + self.open


SMALL = Size(inspections=240, open=24, files=60, rare=28)


def load(
    engine: Engine,
    settings: Settings,
    *,
    now: datetime,
    size: Size = Size(),
    progress: Progress = lambda _done, _total: None,
) -> None:
    """Fill an empty database with the demo; the same seed gives the same demo.

    It goes in by batches: an interrupted load leaves whole inspections and is continued by the
    next call.
    """
    content = load_content()
    with transaction(engine) as session:
        if state(session) is None:
            load_people(session, content, now)
            session.add(Meta(key=META, value="loading"))
        versions = {c.key: (version_id, c) for version_id, c in active_checklists(session)}
        done = (
            session.scalar(
                select(func.count()).select_from(Interaction).where(Interaction.source == "demo")
            )
            or 0
        )
    checklists = {key: checklist for key, (_, checklist) in versions.items()}
    world = World(content, checklists, now=now, seed=SEED)
    total = size.usual + size.rare
    loader = _Loader(keys_for(engine, settings.var_dir), versions, world, now, size)
    encounters = islice(
        chain(world.encounters(size.usual), world.rare_encounters(size.rare, after=size.usual)),
        done,
        None,
    )
    while batch := list(islice(encounters, _BATCH)):
        with transaction(engine) as session:
            loader.store(session, batch, first=done)
        done += len(batch)
        progress(done, total)
    load_evidence(engine, files_of(settings), now=now)
    with transaction(engine) as session:
        load_audits(session, now=now)
        load_training(session, world.trainees, now=now)
        load_appeals(session, now=now)
        load_lessons(session, now=now)
        load_files(session, content, count=size.files, now=now)
        load_improvements(session, now=now)
        load_warnings(session, now=now)
        session.execute(update(Meta).where(Meta.key == META).values(value="done"))


def active_checklists(session: Session) -> Iterator[tuple[int, Checklist]]:
    seen: set[int] = set()
    for channel in ("counter", "phone", "chat", "bot", "email", "record", "site"):
        for version_id, checklist in active_versions(session, channel):
            if version_id not in seen:
                seen.add(version_id)
                yield version_id, checklist


class _Loader:
    """Puts encounters into the database the way import, sampling and inspectors do."""

    def __init__(
        self,
        keys: Keys,
        versions: dict[str, tuple[int, Checklist]],
        world: World,
        now: datetime,
        size: Size,
    ) -> None:
        self._importer = Interactions(keys, now, None, RowRules(AS_IT_IS))
        self._versions, self._world, self._now, self._size = versions, world, now, size
        self._rng = random.Random(SEED + 1)  # noqa: S311  a demo, not a secret
        self._inspectors: list[tuple[Identity, str]] = []

    def store(self, session: Session, batch: Sequence[DemoEncounter], *, first: int) -> None:
        self._inspectors = self._inspectors or _inspectors(session)
        items = [
            self._importer.parse(Row(number, encounter.row))
            for number, encounter in enumerate(batch, start=first + 1)
        ]
        self._importer.apply(session, self._importer.plan(session, items))
        interactions = {
            row.external_id: row
            for row in session.scalars(
                select(Interaction).where(
                    Interaction.external_id.in_([e.row["external_id"] for e in batch])
                )
            )
        }
        regions = dict(session.execute(select(Station.id, Station.region)).all())
        for number, encounter in enumerate(batch, start=first):
            interaction = interactions[encounter.row["external_id"]]
            region = regions[interaction.station_id]
            self._score(session, encounter, interaction, region, number)

    def _score(
        self,
        session: Session,
        encounter: DemoEncounter,
        interaction: Interaction,
        region: str,
        number: int,
    ) -> None:
        inspectors = choose(self._rng, self._inspectors, region)
        sample_class = "must_inspect" if self._rng.random() < _MUST_INSPECT else "random"
        for inspector in inspectors:
            submitted = interaction.occurred_at + timedelta(hours=self._rng.uniform(20, 90))
            is_open = self._is_open(number)
            task = Task(
                inspector_id=inspector.user_id,
                checklist_version_id=self._versions[encounter.checklist][0],
                due_on=day_of(self._now, ZONE) + timedelta(days=self._rng.randint(-1, 9))
                if is_open
                else day_of(submitted, ZONE),
                sample_class=sample_class,
                stratum=interaction.case_kind,
                inclusion_probability=1.0 if sample_class == "must_inspect" else 0.25,
            )
            assignment = assign(
                session,
                who=LOADER,
                interaction_id=interaction.id,
                task=task,
                now=min(interaction.occurred_at + timedelta(hours=8), self._now),
            )
            session.flush()  # the draft hangs on the assignment's id
            if not is_open:
                self._inspect(session, encounter, assignment, inspector, min(submitted, self._now))

    def _is_open(self, number: int) -> bool:
        if number < self._size.usual:
            return number >= self._size.inspections
        return (number - self._size.usual) % _RARE_OPEN == _RARE_OPEN - 1

    def _inspect(
        self,
        session: Session,
        encounter: DemoEncounter,
        assignment: Assignment,
        inspector: Identity,
        submitted_at: datetime,
    ) -> None:
        answers = self._world.judge(encounter, inspector.username)
        work = Work(
            answers=answers,
            evidence=_pins(encounter, answers),
            active_seconds=self._rng.uniform(180, 780),
        )
        saved = save_draft(
            session,
            who=inspector,
            task=ASSIGNED.task(assignment.id),
            version=0,
            work=work,
            now=submitted_at,
        )
        submit(
            session,
            who=inspector,
            task=ASSIGNED.task(assignment.id),
            version=saved.version,
            now=submitted_at,
        )


def choose(
    rng: random.Random, inspectors: Sequence[tuple[Inspector, str]], region: str
) -> list[Inspector]:
    """Mostly an inspector of the region, sometimes one from elsewhere, sometimes two.

    Args:
        inspectors: each with the region that is home.
    """
    local = [who for who, home in inspectors if home == region]
    others = [who for who, home in inspectors if home != region]
    pool = others if rng.random() < _CROSS_SCORED or not local else local
    first = rng.choice(pool)
    if rng.random() >= _SCORED_TWICE:
        return [first]
    second = rng.choice([who for who, _ in inspectors if who != first])
    return [first, second]


def _pins(encounter: DemoEncounter, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """The turn that shows it, for every item that was not fully met."""
    lost = {key for key, answer in answers.items() if answer.get("value") in _LOST}
    return [
        {"item_key": key, "turn_position": turn}
        for key, turn in encounter.composed.evidence.items()
        if key in lost
    ]


def _inspectors(session: Session) -> list[tuple[Identity, str]]:
    users = session.scalars(
        select(User).join(UserRole).where(UserRole.role == Role.INSPECTOR).order_by(User.id)
    ).all()
    return [(identity_of(session, user), user.region) for user in users]
