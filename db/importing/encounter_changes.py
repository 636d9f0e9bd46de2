"""What a row changes of a stored encounter, told column by column.

Transcript and attributes are compared in clear: under the masking two telephone numbers look alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from cryptography.fernet import InvalidToken
from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from core.safekeeping.masking import masked
from db.encounters.models import ClearSpan, Interaction, Turn
from db.importing.kinds import Item
from db.importing.personal import (
    ATTRIBUTES,
)
from db.store.keys import Keys

_RATING = ("customer_rating", "rating_low", "rating_high")


class _Hidden(NamedTuple):
    """A masked stretch; what was hidden later may cover what was hidden before."""

    id: int
    start: int
    length: int
    cipher: bytes


_Spans = Mapping[tuple[int, int, str], Sequence[_Hidden]]  # by encounter, position and field


@dataclass(frozen=True)
class Wanted:
    """A row about a stored encounter, and its values as the encounter would hold them."""

    id: int
    item: Item
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Stored:
    """What is stored of some encounters: as much of it as their rows carry."""

    rows: Mapping[int, Row[Any]]
    turns: Mapping[int, Sequence[tuple[str, str, float | None]]]
    spans: _Spans
    keys: Keys

    def changed(self, wanted: Wanted) -> frozenset[str]:
        """The columns whose values differ from what is stored."""
        return frozenset(
            column
            for column in FIELDS
            if column in wanted.item.carried and self._differs(wanted, column)
        )

    def misses_scale(self, wanted: Wanted, changed: Collection[str]) -> str:
        """The column that puts the rating outside its scale, one of them as it is stored."""
        touched = [name for name in ("customer_rating", "rating_scale") if name in changed]
        values = self.rows[wanted.id]._asdict() | {
            field: wanted.values[field] for name in touched for field in FIELDS[name]
        }
        rating, low, high = (values[name] for name in _RATING)
        if not touched or rating is None or low is None or low <= rating <= high:
            return ""
        return touched[0]

    def _differs(self, wanted: Wanted, column: str) -> bool:
        row = self.rows[wanted.id]
        if column == "attributes":
            return not self._reads(row.attributes, wanted.item.values["attributes"], wanted.id)
        if any(not _same(getattr(row, name), wanted.values[name]) for name in FIELDS[column]):
            return True
        return column == "turns" and not self._same_turns(wanted)

    def _same_turns(self, wanted: Wanted) -> bool:
        stored, given = self.turns.get(wanted.id, ()), wanted.item.values["turns"]
        return len(stored) == len(given) and all(
            (speaker, start) == (turn.speaker, turn.start_seconds)
            and self._says(text, turn.clear_text, (wanted.id, position, ""))
            for position, ((speaker, text, start), turn) in enumerate(
                zip(stored, given, strict=True), ATTRIBUTES + 1
            )
        )

    def _reads(self, stored: object, given: object, encounter: int, field: str = "") -> bool:
        """Whether data made of objects, lists and plain values are the same in clear."""
        if isinstance(stored, str) and isinstance(given, str):
            return self._says(stored, given, (encounter, ATTRIBUTES, field))
        if isinstance(stored, dict) and isinstance(given, dict):
            return stored.keys() == given.keys() and all(
                self._reads(part, given[key], encounter, f"{field}/{key}")
                for key, part in stored.items()
            )
        if isinstance(stored, list) and isinstance(given, list):
            return len(stored) == len(given) and all(
                self._reads(part, other, encounter, f"{field}/{number}")
                for number, (part, other) in enumerate(zip(stored, given, strict=True))
            )
        return _same(stored, given)

    def _says(self, stored: str, given: str, place: tuple[int, int, str]) -> bool:
        """Whether a text is the same in clear.

        One whose clear values are not kept any more is, if it looks the same under the masking:
        they do not come back.
        """
        if len(stored) != len(given):
            return False
        hidden = self.spans.get(place)
        if not hidden:
            return stored in (given, masked(given))
        try:
            return self._clear(stored, hidden) == given
        except InvalidToken:
            return False

    def _clear(self, text: str, hidden: Iterable[_Hidden]) -> str:
        for span in sorted(hidden, key=itemgetter(0), reverse=True):
            clear = self.keys.decrypt(span.cipher)
            text = text[: span.start] + clear + text[span.start + span.length :]
        return text


def read_stored(session: Session, keys: Keys, rows: Sequence[Wanted]) -> Stored:
    """Read what the rows are to be compared with."""
    carried = frozenset[str]().union(*(wanted.item.carried for wanted in rows))
    names = [name for column, fields in FIELDS.items() if column in carried for name in fields]
    fields = [getattr(Interaction, name) for name in dict.fromkeys([*names, *_RATING])]
    found = session.execute(
        select(Interaction.id, *fields).where(Interaction.id.in_([wanted.id for wanted in rows]))
    )
    stored = {row.id: row for row in found}
    retold = [
        wanted.id
        for wanted in rows
        if "turns" in wanted.item.carried
        and stored[wanted.id].turn_count == wanted.values["turn_count"] > 0
    ]
    described = [wanted.id for wanted in rows if "attributes" in wanted.item.carried]
    return Stored(
        stored,
        _turns(session, retold),
        _spans(session, retold, ClearSpan.position > ATTRIBUTES)
        | _spans(session, described, ClearSpan.position == ATTRIBUTES),
        keys,
    )


def _turns(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str, float | None]]]:
    turns: dict[int, list[tuple[str, str, float | None]]] = {}
    for row in session.execute(
        select(Turn.interaction_id, Turn.speaker, Turn.text, Turn.start_seconds)
        .where(Turn.interaction_id.in_(ids))
        .order_by(Turn.interaction_id, Turn.position)
    ):
        turns.setdefault(row.interaction_id, []).append((row.speaker, row.text, row.start_seconds))
    return turns


def _spans(
    session: Session, ids: Sequence[int], where: ColumnElement[bool]
) -> dict[tuple[int, int, str], list[_Hidden]]:
    spans: dict[tuple[int, int, str], list[_Hidden]] = {}
    for row in session.execute(
        select(
            ClearSpan.interaction_id,
            ClearSpan.position,
            ClearSpan.field,
            ClearSpan.id,
            ClearSpan.start,
            ClearSpan.length,
            ClearSpan.cipher,
        ).where(ClearSpan.interaction_id.in_(ids), where)
    ):
        place = (row.interaction_id, row.position, row.field)
        spans.setdefault(place, []).append(_Hidden(row.id, row.start, row.length, row.cipher))
    return spans


def _same(stored: object, given: object) -> bool:
    """Equal, where 1 is not the same as true."""
    return isinstance(stored, bool) == isinstance(given, bool) and stored == given


FIELDS = {
    "source": ("source",),
    "external_id": ("external_id",),
    "channel": ("channel",),
    "business_line": ("business_line",),
    "station_code": ("station_id",),
    "staff_no": ("staff_id",),
    "occurred_at": ("occurred_at",),
    "language": ("language",),
    "customer_ref": ("customer_ref",),
    "duration_seconds": ("duration_seconds",),
    "recording": ("recording",),
    "customer_rating": ("customer_rating",),
    "rating_scale": ("rating_low", "rating_high"),
    "case_kind": ("case_kind",),
    "severity": ("severity",),
    "is_repeat": ("is_repeat",),
    "consent": ("consent",),
    "events": ("events",),
    "attributes": ("attributes",),
    "turns": ("turn_count",),
}
