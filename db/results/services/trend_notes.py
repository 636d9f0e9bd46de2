"""Notes of what happened on a day, which people write for the time axis of trends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.errors import InvalidInput, not_found
from db.people.models import Station
from db.results.models import TrendNote
from db.results.queries.dated_notes import may_take_away
from db.store import audit
from db.store.days import portal_day

LONGEST_NOTE = 200
FIRST_YEAR = 2000


def write_note(
    session: Session,
    *,
    who: Identity,
    station_id: int | None,
    day: date,
    words: str,
    now: datetime,
) -> int:
    """Note what happened on a day at a station, or, without one, everywhere; returns its id.

    Raises:
        NotFound: a station that the person does not answer for; everywhere, for who answers for
            some stations.
        InvalidInput: no words, or too many; a day to come, or before 2000.
    """
    stations = visible_stations(who, Action.NOTE_TRENDS)
    there = station_id is None or session.get(Station, station_id) is not None
    if not there or (stations is not None and station_id not in stations):
        raise not_found(
            "This station does not exist.",
            user_id=who.user_id,
            subject=("station", station_id),
            exists=there,
        )
    words = " ".join(words.split())
    if not words:
        raise InvalidInput("Write what happened.")
    if len(words) > LONGEST_NOTE:
        raise InvalidInput("A note has at most {most} characters.", most=LONGEST_NOTE)
    if not date(FIRST_YEAR, 1, 1) <= day <= portal_day(session, now):
        raise InvalidInput("A note is of a day that has come, since {year}.", year=FIRST_YEAR)
    note = TrendNote(
        station_id=station_id, day=day, words=words, written_by=who.user_id, written_at=now
    )
    session.add(note)
    session.flush()  # the log names the id
    details: dict[str, Any] = {"day": day.isoformat(), "station": station_id}
    audit.record(session, who, "write_trend_note", ("trend_note", note.id), now=now, **details)
    return note.id


def take_note_away(session: Session, *, who: Identity, note_id: int, now: datetime) -> None:
    """Delete a note of one's own, or any where one's notes reach everywhere.

    Raises:
        NotFound: there is none, or it is another's.
    """
    visible_stations(who, Action.NOTE_TRENDS)
    note = session.get(TrendNote, note_id, with_for_update=True)
    if note is None or not may_take_away(who, note):
        raise not_found(
            "This note does not exist any more.",
            user_id=who.user_id,
            subject=("trend_note", note_id),
            exists=note is not None,
        )
    session.delete(note)
    audit.record(session, who, "take_trend_note_away", ("trend_note", note_id), now=now)
