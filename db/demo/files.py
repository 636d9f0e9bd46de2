"""The demo's files: problems, complaints and work orders, most of them ended, some late."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Level
from core.files.course import Course, FileFacts
from core.files.fields import TOPICS
from core.files.kinds import KINDS, Kind
from core.files.steps import FileEvent, Step
from db.demo.content_reading import Content
from db.demo.file_stories import STORIES
from db.files.derived_columns import derive
from db.files.models import File, FileStep
from db.files.services.entering import PORTAL
from db.people.models import Station, User

_SEED = 20260602
_RUNNING = 0.11
_DAYS = 180
_REPEATED = 9
"""Every so many files the customer is one of a few who come again."""
_HANDLERS, _CHECKER = ("handler", "handler.south", "handler.en"), "quality"
_KINDS = (*[Kind.COMPLAINT] * 5, *[Kind.PROBLEM] * 3, *[Kind.WORK_ORDER] * 2)
_LEVELS = (*[Level.ORDINARY] * 6, *[Level.IMPORTANT] * 3, Level.URGENT)
_SLOW = 0.14
"""The share of files whose first answer comes too late."""
_PACE = {Level.URGENT: 0.06, Level.IMPORTANT: 0.6, Level.ORDINARY: 0.9}
_STOPS = {Step.FIRST_RESPONSE: 0.2, Step.WAITING_ENDED: 0.9, Step.EXECUTED: 0.3, Step.TOLD: 0.3}
"""How often a running file has come to stand before a step."""
_HOURS = {
    Step.RECORDED: 0.05,
    Step.CLASSIFIED: 0.1,
    Step.SEVERITY_SET: 0.1,
    Step.SUPERIOR_TOLD: 0.2,
    Step.ASSIGNED: 0.3,
    Step.FIRST_RESPONSE: 2.0,
    Step.FACTS_CONFIRMED: 8.0,
    Step.SOLUTION_SET: 6.0,
    Step.EXECUTED: 12.0,
    Step.ACCEPTED: 1.0,
    Step.TOLD: 4.0,
    Step.SATISFACTION_ASKED: 20.0,
    Step.RECHECKED: 12.0,
    Step.SUMMED_UP: 6.0,
    Step.ARCHIVED: 6.0,
}
"""About how long after the step before each is taken in an ordinary file."""


@dataclass(frozen=True)
class _Team:
    """Who works on the files of a station, and who checks them again."""

    handler: int
    checker: int


def load_files(session: Session, content: Content, *, count: int, now: datetime) -> None:
    """Store the files with their events; the same seed gives the same ones."""
    rng = random.Random(_SEED)  # noqa: S311  a demo, not a secret
    accounts = dict(session.execute(select(User.username, User.id)).all())
    stations = dict(session.execute(select(Station.code, Station.id)).all())
    leaves = [station for station in content.stations if station.languages]
    ids = []
    for number in range(1, count + 1):
        station = rng.choice(leaves)
        by_language = dict(zip(("zh_TW", "zh_CN", "en"), _HANDLERS, strict=True))
        team = _Team(
            handler=accounts[by_language[station.languages[0]]], checker=accounts[_CHECKER]
        )
        kind, level = rng.choice(_KINDS), rng.choice(_LEVELS)
        is_running = number > count * (1 - _RUNNING)
        longest = 6 if kind is Kind.WORK_ORDER else 44
        ago = rng.uniform(0.1, longest) if is_running else rng.uniform(14, _DAYS) * 24
        received = (now - timedelta(hours=ago)).replace(second=0, microsecond=0)
        events = _course(rng, kind, level, received, team, now=now if is_running else None)
        topic, sub_topic, words = rng.choice(STORIES[kind][station.languages[0]])
        assert sub_topic in ("", *TOPICS[topic])
        course = Course(FileFacts(kind, tuple(events)))
        file = File(
            source=PORTAL,
            external_id=f"F-{number:06d}",
            first_kind=kind.value,
            station_id=stations[station.code],
            channel=rng.choice(("phone", "phone", "email", "counter", "chat")),
            received_at=received,
            topic=topic,
            sub_topic=sub_topic,
            marks=[],
            customer_ref=f"demo-{rng.randint(1, 40)}" if number % _REPEATED == 0 else None,
            content=words,
            kind=course.kind.key.value,
            state=course.state.value,
            level=course.level.value,
            round=course.round.number,
        )
        session.add(file)
        session.flush()
        ids.append(file.id)
        session.add_all(_rows(file.id, events))
    derive(session, ids)


def _course(
    rng: random.Random,
    kind: Kind,
    level: Level,
    received: datetime,
    team: _Team,
    *,
    now: datetime | None,
) -> list[FileEvent]:
    """The events of one file: all of them, or those until now."""
    steps = list(KINDS[kind].required)
    if level is Level.URGENT and Step.SEVERITY_SET in steps and kind is Kind.COMPLAINT:
        steps.insert(steps.index(Step.SEVERITY_SET) + 1, Step.SUPERIOR_TOLD)
    slow = 6.0 if rng.random() < _SLOW else 1.0
    pace = _PACE[level] * (0.35 if kind is Kind.WORK_ORDER else 1.0)
    events, moment = [FileEvent(Step.RECEIVED, received)], received
    for step in _with_extras(rng, steps[1:], kind):
        if now is not None and rng.random() < _STOPS.get(step, 0.03):
            break
        hours = _HOURS.get(step, 5.0) * pace * rng.uniform(0.4, 1.7)
        moment += timedelta(hours=hours * (slow if step is Step.FIRST_RESPONSE else 1.0))
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        if now is not None and moment > now:
            break
        events.append(_event(step, moment, level, team))
    return events


def _with_extras(rng: random.Random, steps: Sequence[Step], kind: Kind) -> Iterator[Step]:
    """The steps of a file, some with waiting for the customer or with news on the way."""
    waits, tells = rng.random() < 0.18, rng.random() < 0.25
    for step in steps:
        if step is Step.EXECUTED and kind is not Kind.WORK_ORDER:
            if tells:
                yield Step.PROGRESS_TOLD
            if waits:
                yield Step.WAITING_BEGAN
                yield Step.WAITING_ENDED
        yield step


def _event(step: Step, moment: datetime, level: Level, team: _Team) -> FileEvent:
    return FileEvent(
        step,
        moment,
        by=team.checker if step is Step.RECHECKED else team.handler,
        level=level if step is Step.SEVERITY_SET else None,
        owner=team.handler if step is Step.ASSIGNED else None,
    )


def _rows(file_id: int, events: Sequence[FileEvent]) -> list[FileStep]:
    return [
        FileStep(
            file_id=file_id,
            step=event.step.value,
            at=event.at,
            source="manual" if event.by else "system",
            user_id=event.by,
            level=event.level.value if event.level else None,
            owner_id=event.owner,
            absent=[],
            written_at=event.at,
        )
        for event in events
    ]
