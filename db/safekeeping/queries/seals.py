"""How far the audit log is sealed and checked, and who opened far more than usual."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.safekeeping.reading_volume import Unusual, unusual_days
from db.people.models import User
from db.safekeeping.log_sealing import newest_seal
from db.safekeeping.log_verification import Verdict
from db.safekeeping.models import AuditSeal, OpeningDay
from db.store.models import AuditEvent, Meta

_VERDICT = "audit_verdict"
_USUAL = timedelta(days=28)
_RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Checked:
    """When the log was last checked whole, and how many batches were not as sealed."""

    checked_at: datetime
    findings: int


@dataclass(frozen=True)
class SealState:
    """The newest seal, what came after it, and the last check; None for never."""

    sealed_at: datetime | None
    seals: int
    unsealed: int
    oldest_unsealed: datetime | None
    checked: Checked | None


@dataclass(frozen=True)
class Alert:
    """An unusual day, with the account's name."""

    who: str
    unusual: Unusual


def seal_state(session: Session, who: Identity) -> SealState:
    """How far the log is sealed.

    Raises:
        NotAllowed: the role does not read the log.
    """
    require(who, Action.SEE_AUDIT)
    newest = newest_seal(session)
    last = newest.batch.last if newest else 0
    unsealed, oldest = session.execute(
        select(func.count(), func.min(AuditEvent.at)).where(AuditEvent.id > last)
    ).one()
    return SealState(
        newest.sealed_at if newest else None,
        seals=session.scalar(select(func.count()).select_from(AuditSeal)) or 0,
        unsealed=unsealed,
        oldest_unsealed=oldest,
        checked=_checked(session),
    )


def alerts(session: Session, who: Identity, *, today: date) -> tuple[Alert, ...]:
    """Accounts that opened far more than usual in the last week, newest first.

    Raises:
        NotAllowed: the role does not read the log.
    """
    require(who, Action.SEE_AUDIT)
    opened: defaultdict[int, dict[date, int]] = defaultdict(dict)
    rows = session.execute(
        select(OpeningDay.user_id, OpeningDay.day, OpeningDay.opened).where(
            OpeningDay.day > today - _USUAL - _RECENT
        )
    )
    for user, day, count in rows:
        opened[user][day] = count
    busy_days = unusual_days(opened, since=today - _RECENT)
    user_ids = {busy_day.user_id for busy_day in busy_days}
    users = session.execute(select(User.id, User.username).where(User.id.in_(user_ids)))
    names: dict[int, str] = dict(users.all())
    return tuple(
        Alert(names.get(busy_day.user_id, str(busy_day.user_id)), busy_day)
        for busy_day in busy_days
    )


def note_verdict(session: Session, verdict: Verdict, *, now: datetime) -> None:
    """Remember the outcome of a check for the page."""
    value = json.dumps({"at": now.isoformat(), "findings": len(verdict.findings)})
    row = session.scalar(select(Meta).where(Meta.key == _VERDICT))
    if row is None:
        session.add(Meta(key=_VERDICT, value=value))
    else:
        row.value = value


def _checked(session: Session) -> Checked | None:
    content = session.scalar(select(Meta.value).where(Meta.key == _VERDICT))
    if content is None:
        return None
    verdict = json.loads(content)
    return Checked(datetime.fromisoformat(verdict["at"]), verdict["findings"])
