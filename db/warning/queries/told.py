"""Of which warnings a person has an unread notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.warning.rules import RuleKey
from core.warning.states import WARNING
from db.people.models import Station
from db.store.models import Notice
from db.warning.models import EarlyWarning
from db.warning.sight import seen


class ToldWarning(NamedTuple):
    """A warning and the last deed or reminder that the person was told of."""

    warning_id: int
    rule: RuleKey
    station_names: Mapping[str, str]
    what: str


def unread_warnings(session: Session, who: Identity, *, limit: int = 20) -> list[ToldWarning]:
    """The warnings of which the person was told and has not opened since, newest first.

    Raises:
        NotAllowed: the role has no part in warnings.
    """
    conditions = seen(who)
    own = (Notice.user_id == who.user_id, Notice.kind == WARNING.kind)
    newest = select(func.max(Notice.id)).where(*own, Notice.seen_at.is_(None))
    query = (
        select(EarlyWarning.id, EarlyWarning.rule, Station, Notice.deed)
        .join(Notice, Notice.record_id == EarlyWarning.id)
        .join(Station, Station.id == EarlyWarning.station_id)
        .where(Notice.id.in_(newest.group_by(Notice.record_id)), *conditions)
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    return [
        ToldWarning(warning_id=key, rule=RuleKey(rule), station_names=station.names, what=what)
        for key, rule, station, what in session.execute(query)
    ]
