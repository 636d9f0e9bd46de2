"""Telling people that a file is due soon, late, or has taken twice its time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Exists, exists, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.clock import Level
from core.files.clocks import read_clocks
from core.files.course import ENDED, FileState
from core.files.stages import Stage, may_be_told, stages
from db.files.clock_settings import StoredSettings
from db.files.derived_columns import facts_of, steps_of
from db.files.models import File
from db.files.queries.sight import seen_file, sight_of
from db.people.models import Station
from db.people.services.identities import role_holders
from db.store import audit, notices
from db.store.models import Notice
from db.store.session import dialect_of, insert_into

KIND = "file"
_AHEAD = timedelta(hours=60)
"""Three quarters of the longest limit in use, ten days, are over so long before it is due."""
_AT_ONCE = 500
_RUNNING = sorted(state.value for state in FileState if state not in ENDED)


def tell_of_files(session: Session, *, now: datetime) -> int:
    """Write the notices that are due; one for each person, file and stage. How many there were.

    Workers that tell at the same moment tell once: a notice that is there already is not written.
    """
    due = select(File.id).where(
        File.state.in_(_RUNNING), File.next_due_at <= now + _AHEAD, ~_all_told()
    )
    ids = session.scalars(due.order_by(File.id)).all()
    settings = StoredSettings(session)
    return sum(
        _tell(session, ids[begin : begin + _AT_ONCE], settings, now)
        for begin in range(0, len(ids), _AT_ONCE)
    )


def _tell(session: Session, ids: Sequence[int], settings: StoredSettings, now: datetime) -> int:
    files = session.execute(
        select(File, Station.timezone)
        .join(Station, Station.id == File.station_id)
        .where(File.id.in_(ids))
        .order_by(File.id)
    ).all()
    steps, told = steps_of(session, ids), _told(session, ids)
    rows = []
    for file, zone in files:
        by = settings.of(file.station_id, zone, file.received_at).by(now)
        calendar = by.later[-1].calendar if by.later else by.calendar
        if not may_be_told(Level(file.level), calendar, now=now):
            continue
        clocks = read_clocks(facts_of(file, steps[file.id]), now=now, **vars(by))
        for stage in sorted(stages(clocks) - told.get(file.id, set())):
            common = {"kind": KIND, "record_id": file.id, "deed": stage.value, "at": now}
            rows += [common | {"user_id": key} for key in sorted(_readers(session, file, stage))]
    if not rows:
        return 0
    new = insert_into(Notice, dialect_of(session)).on_conflict_do_nothing()
    return len(session.scalars(new.returning(Notice.id), rows).all())


def note_file_read(session: Session, *, who: Identity, file_id: int, now: datetime) -> None:
    """The person has seen what they were told of a file; the first time counts.

    Raises:
        NotFound: there is no such file, or the person does not see it.
    """
    require(who, Action.SEE_FILES)
    seen_file(session, who, file_id)
    if notices.mark_read(session, KIND, file_id, who=who, now=now):
        audit.record(session, who, "acknowledge", (KIND, file_id), now=now)


class ToldOf(NamedTuple):
    """A file of which the person has an unread notice, and the last stage that it tells."""

    file_id: int
    number: str
    stage: Stage
    at: datetime


def unread_files(session: Session, who: Identity, *, limit: int = 20) -> list[ToldOf]:
    """The files of which the person was told and which they have not opened since, newest first.

    What the person does not see any more, at another station by now, is left out.

    Raises:
        NotAllowed: the role shows no files.
    """
    unread = (Notice.user_id == who.user_id, Notice.kind == KIND, Notice.seen_at.is_(None))
    newest = select(func.max(Notice.id)).where(*unread).group_by(Notice.record_id)
    query = (
        select(File.id, File.external_id, Notice.deed, Notice.at)
        .join(File, File.id == Notice.record_id)
        .where(Notice.id.in_(newest), sight_of(session, who).condition())
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    return [
        ToldOf(file_id=key, number=number, stage=Stage(deed), at=at)
        for key, number, deed, at in session.execute(query)
    ]


def _all_told() -> Exists:
    """Of files of which everything was told: they need not be read again."""
    last = Notice.deed == Stage.ESCALATED.value
    return exists().where(Notice.kind == KIND, Notice.record_id == File.id, last)


def _told(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    query = select(Notice.record_id, Notice.deed).where(
        Notice.kind == KIND, Notice.record_id.in_(ids)
    )
    told: dict[int, set[str]] = {}
    for record_id, deed in session.execute(query.distinct()):
        told.setdefault(record_id, set()).add(deed)
    return told


def _readers(session: Session, file: File, stage: Stage) -> Collection[int]:
    """The owner; of what is late the station's managers too; at last the quality managers."""
    if stage is Stage.ESCALATED:
        return role_holders(session, Role.QUALITY_MANAGER, None)
    owner = set() if file.owner_id is None else {file.owner_id}
    if stage is Stage.DUE_SOON:
        return owner or role_holders(session, Role.CASE_HANDLER, file.station_id)
    return owner | role_holders(session, Role.STATION_MANAGER, file.station_id)
