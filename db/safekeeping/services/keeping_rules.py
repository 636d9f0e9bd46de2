"""Setting how long each kind of record is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput
from core.safekeeping.retention import RetainedKind
from db.safekeeping.models import RetentionRule
from db.safekeeping.retention import rules
from db.store import audit

LONGEST = 600


def save_rules(
    session: Session, *, who: Identity, months: Mapping[RetainedKind, int | None], now: datetime
) -> None:
    """Keep each kind for so many months, None for good.

    Raises:
        InvalidInput: a number of months is not from 1 to 600.
        NotAllowed: the role does not keep the data.
    """
    require(who, Action.KEEP_DATA)
    if any(value is not None and not 1 <= value <= LONGEST for value in months.values()):
        raise InvalidInput("A time of keeping is from 1 to {most} months.", most=LONGEST)
    before = rules(session)
    changed = {kind: value for kind, value in months.items() if before[kind] != value}
    for kind, value in changed.items():
        session.merge(RetentionRule(kind=kind, months=value))
    if changed:
        subject = ("retention", "")
        fields = sorted(changed)
        audit.record(session, who, "save", subject, now=now, fields=fields)
