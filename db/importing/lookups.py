"""Finding by code what the rows of a file refer to.

Codes of stations and numbers of people are found without regard to case, all else with it.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.text.identifiers import caseless
from db.encounters.models import Interaction
from db.people.models import Staff, Station
from db.tabular.columns import WORDS_FOR_NOTHING, ReallyCalled
from db.tabular.tables import Unfit

SEPARATOR = "\x1f"  # no key can hold it, keys are printable
UNKNOWN_STATION = Unfit(
    "There is no station with this code; import stations first.", column="station_code"
)
UNKNOWN_STAFF = Unfit("There is nobody with this number; import staff first.", column="staff_no")
_TWINS = "Several are called so but for capitals; write it as it is stored: {names}."
_TO_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class ByIdentifier:
    """Ids by identifier: as it is written, or else without regard to case if only one is meant."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = dict(ids)
        self._codes = {row_id: identifier for identifier, row_id in ids.items()}
        self._alike: dict[str, list[str]] = {}
        for identifier in ids:
            self._alike.setdefault(caseless(identifier), []).append(identifier)

    def code_of(self, row_id: int | None) -> str | None:
        return None if row_id is None else self._codes.get(row_id)

    def stored_as(self, identifier: str, column: str) -> str | None:
        """How it is stored; None where it is not.

        Raises:
            Unfit: several are stored that differ in case alone, and none is written so.
        """
        if identifier in self._ids:
            return identifier
        alike = self._alike.get(caseless(identifier), ())
        if len(alike) > 1:
            raise Unfit(_TWINS, column=column, names=", ".join(sorted(alike)))
        return alike[0] if alike else None

    def get(self, identifier: str | None, column: str) -> int | None:
        """The id; None where it is not stored. Raises Unfit as `stored_as`."""
        name = None if identifier is None else self.stored_as(identifier, column)
        return None if name is None else self._ids[name]


def station_ids(session: Session) -> ByIdentifier:
    return ByIdentifier(dict(session.execute(select(Station.code, Station.id)).all()))


def station_zones(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Station.id, Station.timezone)).all())


def staff_ids(session: Session, numbers: Iterable[str]) -> ByIdentifier:
    """The people with some numbers, and those whose numbers differ in case."""
    named = set(numbers)
    query = select(Staff.staff_no, Staff.id)
    ids = dict(session.execute(query.where(Staff.staff_no.in_(named))).all())
    if missing := named - ids.keys():
        lowered = {number.translate(_TO_LOWER) for number in missing}
        alike = query.where(func.lower(Staff.staff_no).in_(lowered))
        ids |= dict(session.execute(alike).all())
    return ByIdentifier(ids)


def really_called(session: Session) -> ReallyCalled:
    """Words for nothing that are the code of a station or the number of a person.

    A stored code wins: `nan` is station NAN where there is one.
    """
    lowered = {word.translate(_TO_LOWER): word for word in WORDS_FOR_NOTHING}
    words: dict[str, frozenset[str]] = {}
    for columns, stored in (
        (("code", "station_code", "parent_code"), Station.code),
        (("staff_no",), Staff.staff_no),
    ):
        codes = session.scalars(select(stored).where(func.lower(stored).in_(lowered)))
        alike = {caseless(code) for code in codes}
        names = frozenset(word for word in WORDS_FOR_NOTHING if caseless(word) in alike)
        words |= dict.fromkeys(columns, names)
    return words


class StoredInteraction(NamedTuple):
    id: int
    digest: str
    station_id: int


def interaction_ids(session: Session, keys: Iterable[str]) -> dict[str, StoredInteraction]:
    """What is stored of some interactions, by `interaction_key`."""
    by_source: dict[str, list[str]] = {}
    for key in keys:
        source, external_id = key.split(SEPARATOR)
        by_source.setdefault(source, []).append(external_id)
    interactions: dict[str, StoredInteraction] = {}
    for source, external_ids in by_source.items():
        rows = session.execute(
            select(
                Interaction.external_id,
                Interaction.id,
                Interaction.content_digest,
                Interaction.station_id,
            ).where(Interaction.source == source, Interaction.external_id.in_(external_ids))
        )
        interactions |= {
            interaction_key(source, row.external_id): StoredInteraction(
                row.id, row.content_digest, row.station_id
            )
            for row in rows
        }
    return interactions


def interaction_key(source: str, external_id: str) -> str:
    return f"{source}{SEPARATOR}{external_id}"
