"""How well the data is kept: backups, tried restores, times of keeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.safekeeping.retention import RetainedKind
from db.safekeeping.keeping_times import StationTimes, rules, station_times
from db.safekeeping.models import BackupRun, RetentionRun

_SHOWN = 20


class SafetyRun(NamedTuple):
    """A backup or a tried restore; `problem` is empty when it went well."""

    kind: str
    name: str
    finished_at: datetime
    size: int | None
    problem: str


class Removal(NamedTuple):
    at: datetime
    kind: str
    older_than: datetime
    removed: int


@dataclass(frozen=True)
class Safety:
    """The newest runs first; `months` by kind of record, None for good.

    `stations` have times of their own, for themselves and all below them.
    """

    last_backup: SafetyRun | None
    last_restore: SafetyRun | None
    runs: tuple[SafetyRun, ...]
    months: Mapping[RetainedKind, int | None]
    stations: tuple[StationTimes, ...]
    removals: tuple[Removal, ...]


def safety(session: Session, who: Identity) -> Safety:
    """What the administrator's page shows.

    Raises:
        NotAllowed: the role does not keep the data.
    """
    require(who, Action.KEEP_DATA)
    columns = (BackupRun.kind, BackupRun.name, BackupRun.finished_at, BackupRun.size)
    runs = session.execute(
        select(*columns, BackupRun.problem).order_by(BackupRun.id.desc()).limit(_SHOWN)
    )
    removals = session.execute(
        select(RetentionRun.at, RetentionRun.kind, RetentionRun.older_than, RetentionRun.removed)
        .order_by(RetentionRun.id.desc())
        .limit(_SHOWN)
    )
    return Safety(
        last_backup=_last_good(session, "backup"),
        last_restore=_last_good(session, "restore_test"),
        runs=tuple(SafetyRun(*row) for row in runs),
        months=rules(session),
        stations=station_times(session),
        removals=tuple(Removal(*row) for row in removals),
    )


def _last_good(session: Session, kind: str) -> SafetyRun | None:
    row = session.scalar(
        select(BackupRun)
        .where(BackupRun.kind == kind, BackupRun.problem == "")
        .order_by(BackupRun.finished_at.desc())
        .limit(1)
    )
    if row is None:
        return None
    return SafetyRun(
        kind=row.kind,
        name=row.name,
        finished_at=row.finished_at,
        size=row.size,
        problem=row.problem,
    )
