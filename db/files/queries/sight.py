"""Which files a person sees, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, require, visible_stations
from core.errors import not_found
from core.files.course import FileState
from db.files.models import Accountability, File, FileStep
from db.people.models import Station, User


@dataclass(frozen=True)
class Sight:
    """What a person sees of files.

    Attributes:
        stations: those whose files are read whole; None: of all.
        closed: closed files of all stations are read, with the names of staff hidden.
        outlines: all files are seen, without what is written in them.
        accounts: of the person; files in which they acted are read whole.
        staff_id: the member of staff; files with a note about them are read whole.
    """

    stations: frozenset[int] | None
    closed: bool
    outlines: bool
    accounts: frozenset[int]
    staff_id: int | None

    def condition(self) -> ColumnElement[bool]:
        """Of the files that are seen at all."""
        return true() if self.outlines else self.read_condition()

    def read_condition(self) -> ColumnElement[bool]:
        """Of the files whose words are read."""
        if self.stations is None:
            return true()
        stations = File.station_id.in_(self.stations) if self.stations else false()
        closed = File.state == FileState.CLOSED if self.closed else false()
        return or_(stations, closed, self._acted())

    def _acted(self) -> ColumnElement[bool]:
        if not self.accounts:
            return false()
        hands = or_(FileStep.user_id.in_(self.accounts), FileStep.owner_id.in_(self.accounts))
        noted = select(Accountability.file_id).where(Accountability.staff_id == self.staff_id)
        return or_(File.id.in_(select(FileStep.file_id).where(hands)), File.id.in_(noted))


def sight_of(session: Session, who: Identity) -> Sight:
    """What the person sees of files.

    Raises:
        NotAllowed: no role of the person's shows any.
    """
    require(who, Action.SEE_FILES)
    stations = visible_stations(who, Action.READ_FILES) if can(who, Action.READ_FILES) else ()
    return Sight(
        stations=None if stations is None else frozenset(stations),
        closed=can(who, Action.READ_CLOSED_FILES),
        outlines=can(who, Action.SEE_AUDIT),
        accounts=_accounts(session, who),
        staff_id=who.staff_id,
    )


def seen_file(session: Session, who: Identity, file_id: int) -> tuple[File, Station, bool]:
    """A file, its station, and whether what is written in it is read.

    Raises:
        NotFound: there is none, or the person does not see it.
    """
    sight = sight_of(session, who)
    query = select(File, Station, sight.read_condition()).join(
        Station, Station.id == File.station_id
    )
    row = session.execute(query.where(File.id == file_id, sight.condition())).one_or_none()
    if row is None:
        raise not_found(
            "This file does not exist.",
            user_id=who.user_id,
            subject=("file", file_id),
            exists=session.get(File, file_id) is not None,
        )
    file, station, reads = row
    return file, station, bool(reads)


class FileName(NamedTuple):
    file_id: int
    number: str


def file_behind(session: Session, who: Identity, interaction_id: int) -> FileName | None:
    """The file that an encounter was made of; None for another, or where it is not seen."""
    if not can(who, Action.SEE_FILES):
        return None
    query = select(File.id, File.external_id).where(
        File.interaction_id == interaction_id, sight_of(session, who).condition()
    )
    row = session.execute(query).one_or_none()
    return None if row is None else FileName(*row)


def _accounts(session: Session, who: Identity) -> frozenset[int]:
    """All accounts of a member of staff; of anybody else none beside the stations they have."""
    if who.staff_id is None:
        return frozenset()
    same = select(User.id).where(User.staff_id == who.staff_id)
    return frozenset({who.user_id, *session.scalars(same)})


class SeenStation(NamedTuple):
    id: int
    code: str
    names: dict[str, str]
    timezone: str


def seen_stations(session: Session, who: Identity) -> list[SeenStation]:
    """The stations of the person's, and those of other files that the person sees, by code.

    Raises:
        NotAllowed: no role of the person's shows any.
    """
    sight = sight_of(session, who)
    query = select(Station).order_by(Station.code)
    if not (sight.outlines or sight.closed or sight.stations is None):
        seen = select(File.station_id).where(sight.condition())
        query = query.where(or_(Station.id.in_(sight.stations), Station.id.in_(seen)))
    return [seen_station(row) for row in session.scalars(query)]


def seen_station(row: Station) -> SeenStation:
    return SeenStation(id=row.id, code=row.code, names=row.names, timezone=row.timezone)
