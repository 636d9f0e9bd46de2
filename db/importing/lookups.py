"""Finding by code what the rows of a file refer to, and what people take for one another.

Codes of stations and numbers of people are found without regard to case, all else with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.text.identifiers import caseless, near
from core.text.sentence import Sentence
from db.encounters.models import Interaction
from db.importing.kinds import ImportPlan
from db.people.identifiers import lowered
from db.people.models import Staff, Station
from db.tabular.columns import WORDS_FOR_NOTHING, ReallyCalled
from db.tabular.tables import Unfit

_TWINS = {"stations": ("code", Station.code), "staff": ("staff_no", Staff.staff_no)}
_MOST_TWINS, _NAMED = 50_000, 10
SEPARATOR = "\x1f"  # no key can hold it, keys are printable
UNKNOWN_STATION = Unfit(
    "There is no station with this code; import stations first.", column="station_code"
)
UNKNOWN_STAFF = Unfit("There is nobody with this number; import staff first.", column="staff_no")


def station_zones(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Station.id, Station.timezone)).all())


def really_called(session: Session) -> ReallyCalled:
    """Words for nothing that are the code of a station or the number of a person.

    A stored code wins: `nan` is station NAN where there is one.
    """
    small = {lowered(word) for word in WORDS_FOR_NOTHING}
    words: dict[str, frozenset[str]] = {}
    for columns, stored in (
        (("code", "station_code", "parent_code"), Station.code),
        (("staff_no",), Staff.staff_no),
    ):
        codes = session.scalars(select(stored).where(func.lower(stored).in_(small)))
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


class Twins:
    """The new codes of stations or numbers of people in a file that are nearly like others."""

    def __init__(self, kind: str) -> None:
        self._column = _TWINS.get(kind)
        self._new: dict[str, int] = {}

    def take(self, plan: ImportPlan) -> None:
        if self._column and len(self._new) < _MOST_TWINS:
            self._new |= {item.values[self._column[0]]: item.line for item in plan.added}

    def notes(self, session: Session) -> list[Sentence]:
        """The first new ones that are nearly like another, new or stored."""
        if not self._column or not self._new:
            return []
        alike: dict[str, str] = {
            near(code): code for code in session.scalars(select(self._column[1]))
        }
        notes: list[Sentence] = []
        for code, line in self._new.items():
            other = alike.setdefault(near(code), code)
            if other != code and len(notes) < _NAMED:
                sentence = "Line {line}: {new} is new, and nearly {other}."
                notes.append(Sentence(sentence, {"line": line, "new": code, "other": other}))
        return notes
