"""Which checklist versions are in force for encounters, by the table of which is for what."""

from __future__ import annotations

from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from core.checklist.choice import EncounterKind, fitting
from db.checklists.parsed_versions import active_versions
from db.checklists.queries.choice import Rows


class FittingVersions:
    """The versions in force on a day of the checklists that are meant, at each station.

    Attributes:
        rows: the table as it stands, which a draw keeps.
    """

    def __init__(self, session: Session, rows: Rows, on: date) -> None:
        self._session, self._on = session, on
        self.rows = rows
        self._by_key = cache(self._read)

    def general(self, kind: EncounterKind) -> str | None:
        """The key of the checklist for a kind of encounter, wherever it was; None without any."""
        keys = self._by_key(kind.channel, None)
        return next((key for key in fitting(kind, self.rows) if key in keys), None)

    def version(self, kind: EncounterKind, station_id: int) -> int | None:
        """The most fitting one; a pilot of the station stands for the general version."""
        by_key = self._by_key(kind.channel, station_id)
        keys = fitting(kind, self.rows)
        return next((by_key[key] for key in keys if key in by_key), None)

    def _read(self, channel: str, station_id: int | None) -> dict[str, int]:
        active = active_versions(self._session, channel, on=self._on, station_id=station_id)
        return {checklist.key: version_id for version_id, checklist in active}
