"""Showing what was masked in a case: by role, for a purpose, noted before it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput
from core.safekeeping.scrubbing import scrubbed
from db.cases.queries.case import case
from db.encounters.models import ClearSpan
from db.encounters.queries.consent import ConsentRefused
from db.inspection.models import Inspection
from db.store import audit
from db.store.keys import Keys

_SHORTEST = 5


@dataclass(frozen=True)
class ClearValue:
    """A masked stretch in clear; `position` 0 is a field of the record, else a turn."""

    position: int
    field: str
    start: int
    kind: str
    text: str


def unmask(
    session: Session,
    keys: Keys,
    *,
    who: Identity,
    inspection_id: int,
    purpose: str,
    now: datetime,
) -> tuple[ClearValue, ...]:
    """What was masked in the encounter of a case, in its order.

    Raises:
        InvalidInput: no purpose is given, or the customer refuses.
        NotAllowed, NotFound: the role may not, or not this case.
    """
    require(who, Action.UNMASK)
    if len(purpose.strip()) < _SHORTEST:
        raise InvalidInput("Say what it is for.")
    if case(session, who, inspection_id).closed:
        raise ConsentRefused
    interaction = session.get_one(Inspection, inspection_id).interaction_id
    values = clear_values(session, keys, interaction)
    audit.record(
        session,
        who,
        "unmask",
        ("inspection", inspection_id),
        now=now,
        reason=scrubbed(purpose.strip(), {value.text for value in values}),
        kinds=dict(Counter(value.kind for value in values)),
    )
    return values


def clear_values(session: Session, keys: Keys, interaction_id: int) -> tuple[ClearValue, ...]:
    """For services that have checked access: everything that was masked in an encounter."""
    rows: Sequence[ClearSpan] = session.scalars(
        select(ClearSpan)
        .where(ClearSpan.interaction_id == interaction_id)
        .order_by(ClearSpan.position, ClearSpan.field, ClearSpan.start)
    ).all()
    return tuple(
        ClearValue(row.position, row.field, row.start, kind=row.kind, text=keys.decrypt(row.cipher))
        for row in rows
    )
