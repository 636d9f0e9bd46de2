"""Finding by code what the rows of a file refer to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.encounters.models import Interaction
from db.people.models import Staff, Station
from db.tabular.tables import Unfit

SEPARATOR = "\x1f"  # no key can hold it, keys are printable
UNKNOWN_STATION = Unfit(
    "There is no station with this code; import stations first.", column="station_code"
)
UNKNOWN_STAFF = Unfit("There is nobody with this number; import staff first.", column="staff_no")


def station_ids(session: Session) -> dict[str, int]:
    return dict(session.execute(select(Station.code, Station.id)).all())


def staff_ids(session: Session, numbers: Iterable[str]) -> dict[str, int]:
    query = select(Staff.staff_no, Staff.id).where(Staff.staff_no.in_(set(numbers)))
    return dict(session.execute(query).all())


class StoredInteraction(NamedTuple):
    id: int
    digest: str


def interaction_ids(session: Session, keys: Iterable[str]) -> dict[str, StoredInteraction]:
    """What is stored of some interactions, by `interaction_key`."""
    by_source: dict[str, list[str]] = {}
    for key in keys:
        source, external_id = key.split(SEPARATOR)
        by_source.setdefault(source, []).append(external_id)
    interactions: dict[str, StoredInteraction] = {}
    for source, external_ids in by_source.items():
        rows = session.execute(
            select(Interaction.external_id, Interaction.id, Interaction.content_digest).where(
                Interaction.source == source, Interaction.external_id.in_(external_ids)
            )
        )
        interactions |= {
            interaction_key(source, row.external_id): StoredInteraction(row.id, row.content_digest)
            for row in rows
        }
    return interactions


def interaction_key(source: str, external_id: str) -> str:
    return f"{source}{SEPARATOR}{external_id}"
