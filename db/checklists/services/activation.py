"""Putting checklist versions into force, at every station or a few, and ending them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import ChecklistError, to_data
from core.checklist.states import CHECKLIST_VERSION, VersionState
from core.drafting import examine
from core.errors import InvalidInput, StaleEdit
from db.checklists.models import ChecklistVersion, PilotStation
from db.checklists.services.drafting import draft_of, store, stored_draft, version_of
from db.people.models import Station
from db.store.days import portal_day
from db.store.moving import move


class NotReady(ChecklistError):
    """A draft whose errors bar its activation; `problems` names each with its place."""


@dataclass(frozen=True)
class Activation:
    """From which day a version is in force, and at which stations; none: at every one."""

    effective_from: date
    station_ids: frozenset[int] = frozenset()


def activate(
    session: Session,
    *,
    who: Identity,
    version_id: int,
    edit: int,
    activation: Activation,
    now: datetime,
) -> None:
    """Put a draft into force from a day on; the versions it replaces end the day before.

    For every station it follows the versions in force, pilots included. As a pilot it stands
    beside the general version and follows only an earlier pilot.

    Raises:
        NotReady: the draft has errors.
        StaleEdit: it was changed since the person looked at it.
        InvalidInput: the day is past, it is no draft any more, or a station is unknown.
    """
    require(who, Action.EDIT_CHECKLISTS)
    version = draft_of(session, version_id)
    if version.edit != edit:
        raise StaleEdit("Somebody else changed this draft.", stored_draft(session, version))
    if activation.effective_from < portal_day(session, now):
        raise InvalidInput("A checklist cannot come into force on a day that is past.")
    examined = examine(version.content)
    if examined.checklist is None or examined.errors:
        raise NotReady(examined.errors)
    store(version, who, to_data(examined.checklist), now)
    _follow(session, who, version, activation, now)
    version.effective_from = activation.effective_from
    _set_pilots(session, version.id, activation.station_ids)
    move(
        session,
        version,
        CHECKLIST_VERSION.by("activate"),
        who=who,
        now=now,
        effective_from=activation.effective_from.isoformat(),
        stations=sorted(activation.station_ids),
    )


def retire(session: Session, *, who: Identity, version_id: int, until: date, now: datetime) -> None:
    """End an active version: `until` is the first day on which it is not in force.

    Raises:
        OutOfTurn: it is a draft, or retired already.
        InvalidInput: the day is past.
    """
    require(who, Action.EDIT_CHECKLISTS)
    version = version_of(session, version_id)
    CHECKLIST_VERSION.by("retire", to=VersionState.RETIRED).check(version.state)
    if until < portal_day(session, now):
        raise InvalidInput("A checklist cannot be retired on a day that is past.")
    _end(session, who, version, "retire", until=until, now=now)


def _follow(
    session: Session,
    who: Identity,
    version: ChecklistVersion,
    activation: Activation,
    now: datetime,
) -> None:
    """End the versions that the new one replaces."""
    pilots = set(session.scalars(select(PilotStation.checklist_version_id)))
    earlier = session.scalars(
        select(ChecklistVersion).where(
            ChecklistVersion.checklist_id == version.checklist_id,
            ChecklistVersion.state == VersionState.ACTIVE,
        )
    )
    for other in earlier:
        if other.id in pilots or not activation.station_ids:
            _end(session, who, other, "end_version", until=activation.effective_from, now=now)


def _end(
    session: Session,
    who: Identity,
    version: ChecklistVersion,
    deed: str,
    *,
    until: date,
    now: datetime,
) -> None:
    """A version that never comes into force, or has ended already, is retired at once."""
    if version.effective_until is None or version.effective_until > until:
        version.effective_until = until
    begins_too_late = version.effective_from is not None and version.effective_from >= until
    is_over = version.effective_until <= portal_day(session, now) or begins_too_late
    by = CHECKLIST_VERSION.by(deed, to=VersionState.RETIRED if is_over else VersionState.ACTIVE)
    last_day = version.effective_until.isoformat()
    move(session, version, by, who=who, now=now, effective_until=last_day)


def _set_pilots(session: Session, version_id: int, station_ids: Collection[int]) -> None:
    stations = set(session.scalars(select(Station.id).where(Station.id.in_(station_ids))))
    if stations != set(station_ids):
        raise InvalidInput("This station does not exist.")
    session.add_all(
        PilotStation(checklist_version_id=version_id, station_id=station_id)
        for station_id in sorted(station_ids)
    )
