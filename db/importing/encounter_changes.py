"""The columns that a row changes of a stored encounter.

Transcript and attributes are compared in clear: under the masking two telephone numbers look alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from cryptography.fernet import InvalidToken
from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from db.encounters.models import ClearSpan, Interaction, Turn
from db.importing.kinds import ColumnChange, ImportPlan, ReadableRow
from db.importing.personal_data import ATTRIBUTES, masked_turns, prepared_texts
from db.inspection.models import Assignment, Inspection
from db.people.models import Staff, Station
from db.store.keys import Keys
from db.tabular.tables import Unfit

_GROUND = frozenset(
    {"station_code", "staff_no", "occurred_at", "channel", "business_line", "language", "turns"}
)
_IN_USE = Unfit(
    "It is assigned or inspected already: transcript, time, channel, business line, language and "
    "people stay as they are."
)
_RATING = ("customer_rating", "rating_low", "rating_high")


class _Hidden(NamedTuple):
    """A masked stretch; what was hidden later may cover what was hidden before."""

    id: int
    start: int
    length: int
    cipher: bytes


_Spans = Mapping[tuple[int, int, str], Sequence[_Hidden]]  # by encounter, position and field


@dataclass(frozen=True)
class IncomingRow:
    """A row about a stored encounter, and its values as the encounter would hold them."""

    id: int
    item: ReadableRow
    values: Mapping[str, Any]


@dataclass(frozen=True)
class StoredEncounters:
    """Stored encounters, in the columns that the rows about them carry."""

    rows: Mapping[int, Row[Any]]
    turns: Mapping[int, Sequence[tuple[str, str, float | None]]]
    spans: _Spans
    codes: Mapping[tuple[str, int | None], str]
    keys: Keys

    def changed(self, incoming: IncomingRow) -> frozenset[str]:
        """The columns whose values differ from what is stored."""
        return frozenset(
            column
            for column in FIELDS
            if column in incoming.item.carried and self._differs(incoming, column)
        )

    def changes(self, incoming: IncomingRow, changed: Collection[str]) -> list[ColumnChange]:
        """What changes, as whoever imports may see it: transcripts by their number of turns."""
        row, line = self.rows[incoming.id], incoming.item.line
        changes = []
        for column in sorted(changed):
            before, after = (getattr(row, FIELDS[column][0]), incoming.values[FIELDS[column][0]])
            if column in ("station_code", "staff_no"):
                before, after = self.codes.get((column, before)), incoming.item.values[column]
            elif column == "turns":
                before, after = self._turn_counts(incoming, before, after)
            elif column == "customer_ref":
                before, after = _hidden_reference(before), _hidden_reference(after)
            elif column == "rating_scale":
                before = None if before is None else [row.rating_low, row.rating_high]
                after = incoming.item.values["rating_scale"]
            shrinks = column == "turns" and (
                (after or 0) < (before or 0) or self._tells_less(incoming)
            )
            changes.append(ColumnChange(line, column, before, after, shrinks))
        return changes

    def times_kept(self, incoming: IncomingRow) -> list[float | None]:
        """The stored times of a transcript that comes without any; empty where it is another."""
        turns, earlier = incoming.item.values["turns"], self.turns.get(incoming.id, ())
        if any(turn.start_seconds is not None for turn in turns):
            return []
        is_alike = [turn.speaker for turn in turns] == [speaker for speaker, _, _ in earlier]
        return [start for _, _, start in earlier] if is_alike else []

    def _turn_counts(
        self, incoming: IncomingRow, before: int, after: int
    ) -> tuple[int | None, int | None]:
        """The numbers of turns before and after; of those with words, where only these differ."""
        earlier = self.turns.get(incoming.id)
        if earlier:
            spoken = sum(bool(text.strip()) for _, text, _ in earlier)
            left = sum(bool(turn.clear_text.strip()) for turn in incoming.item.values["turns"])
            before, after = (spoken, left) if left < spoken else (before, after)
        return before or None, after or None

    def _tells_less(self, incoming: IncomingRow) -> bool:
        """Whether turns are shorter than they are stored, and none is longer: they are cut off."""
        earlier = self.turns.get(incoming.id, ())
        turns = incoming.item.values["turns"]
        shorter = [
            len(turn.clear_text) - len(text)
            for turn, (_, text, _) in zip(turns, earlier, strict=False)
        ]
        return any(shorter) and max(shorter) <= 0

    def misses_scale(self, incoming: IncomingRow, changed: Collection[str]) -> str:
        """The column that puts the rating outside its scale, one of them as it is stored."""
        touched = [name for name in ("customer_rating", "rating_scale") if name in changed]
        values = self.rows[incoming.id]._asdict() | {
            field: incoming.values[field] for name in touched for field in FIELDS[name]
        }
        rating, low, high = (values[name] for name in _RATING)
        if not touched or rating is None or low is None or low <= rating <= high:
            return ""
        return touched[0]

    def _differs(self, incoming: IncomingRow, column: str) -> bool:
        row = self.rows[incoming.id]
        if column == "attributes":
            clear_data = incoming.item.values["attributes"]
            looks = prepared_texts(incoming.item).attributes
            return not self._reads(row.attributes, clear_data, looks, (incoming.id, ""))
        if any(not _same(getattr(row, name), incoming.values[name]) for name in FIELDS[column]):
            return True
        return column == "turns" and not self._same_turns(incoming)

    def _same_turns(self, incoming: IncomingRow) -> bool:
        masked_rows, clear_turns = self.turns.get(incoming.id, ()), incoming.item.values["turns"]
        if [(speaker, start) for speaker, _, start in masked_rows] != [
            (turn.speaker, turn.start_seconds) for turn in clear_turns
        ]:
            return False
        texts = [text for _, text, _ in masked_rows]
        answers = [
            self._says(text, turn.clear_text, (incoming.id, position, ""))
            for position, (text, turn) in enumerate(
                zip(texts, clear_turns, strict=True), ATTRIBUTES + 1
            )
        ]
        if None not in answers:
            return all(answers)
        looks = [turn.text for turn in masked_turns(incoming.item)]
        return all(
            text == look if answer is None else answer
            for answer, text, look in zip(answers, texts, looks, strict=True)
        )

    def _reads(
        self, masked_data: object, clear_data: object, looks: object, location: tuple[int, str]
    ) -> bool:
        """Whether data made of objects, lists and plain values are the same in clear.

        `looks` are the clear data masked, `location` the encounter and the way to a field.
        """
        encounter, field = location
        if isinstance(masked_data, str) and isinstance(clear_data, str):
            answer = self._says(masked_data, clear_data, (encounter, ATTRIBUTES, field))
            return masked_data == looks if answer is None else answer
        if isinstance(masked_data, dict) and isinstance(clear_data, dict):
            assert isinstance(looks, dict)
            return masked_data.keys() == clear_data.keys() and all(
                self._reads(element, clear_data[key], looks[key], (encounter, f"{field}/{key}"))
                for key, element in masked_data.items()
            )
        if isinstance(masked_data, list) and isinstance(clear_data, list):
            assert isinstance(looks, list)
            return len(masked_data) == len(clear_data) and all(
                self._reads(*elements, (encounter, f"{field}/{number}"))
                for number, elements in enumerate(zip(masked_data, clear_data, looks, strict=True))
            )
        return _same(masked_data, clear_data)

    def _says(
        self, masked_text: str, clear_text: str, span_key: tuple[int, int, str]
    ) -> bool | None:
        """Whether a text is the same in clear; None if its clear values are not kept any more.

        Such a text is the same if it looks the same under the masking: they do not come back.
        """
        if len(masked_text) != len(clear_text):
            return False
        hidden = self.spans.get(span_key)
        if not hidden:
            return True if masked_text == clear_text else None
        try:
            return self._clear(masked_text, hidden) == clear_text
        except InvalidToken:
            return False

    def _clear(self, text: str, hidden: Iterable[_Hidden]) -> str:
        for span in sorted(hidden, key=itemgetter(0), reverse=True):
            clear = self.keys.decrypt(span.cipher)
            text = text[: span.start] + clear + text[span.start + span.length :]
        return text


def read_stored(session: Session, keys: Keys, rows: Sequence[IncomingRow]) -> StoredEncounters:
    """Read the stored encounters that the rows are to be compared with."""
    carried = frozenset[str]().union(*(incoming.item.carried for incoming in rows))
    names = [name for column, fields in FIELDS.items() if column in carried for name in fields]
    fields = [getattr(Interaction, name) for name in dict.fromkeys([*names, *_RATING])]
    query = select(Interaction.id, *fields).where(
        Interaction.id.in_([incoming.id for incoming in rows])
    )
    rows_by_id = {row.id: row for row in session.execute(query)}
    retold = [
        incoming.id
        for incoming in rows
        if "turns" in incoming.item.carried
        and rows_by_id[incoming.id].turn_count == incoming.values["turn_count"] > 0
    ]
    described = [incoming.id for incoming in rows if "attributes" in incoming.item.carried]
    return StoredEncounters(
        rows_by_id,
        _turns(session, retold),
        _spans(session, retold, ClearSpan.position > ATTRIBUTES)
        | _spans(session, described, ClearSpan.position == ATTRIBUTES),
        _codes(session, rows_by_id.values()),
        keys,
    )


def _codes(session: Session, rows: Iterable[Row[Any]]) -> dict[tuple[str, int | None], str]:
    """The codes of the stations and the numbers of the people of some encounters."""
    codes: dict[tuple[str, int | None], str] = {}
    for column, field, stored, written in (
        ("station_code", "station_id", Station.id, Station.code),
        ("staff_no", "staff_id", Staff.id, Staff.staff_no),
    ):
        ids = {getattr(row, field, None) for row in rows} - {None}
        if ids:
            pairs = session.execute(select(stored, written).where(stored.in_(ids)))
            codes |= {(column, row_id): code for row_id, code in pairs}
    return codes


def _hidden_reference(pseudonym: str | None) -> str | None:
    """A customer is not named to whoever imports; two pseudonyms differ in their beginning."""
    return pseudonym and f"{pseudonym[:6]}…"


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
        span_key = (row.interaction_id, row.position, row.field)
        spans.setdefault(span_key, []).append(
            _Hidden(id=row.id, start=row.start, length=row.length, cipher=row.cipher)
        )
    return spans


def _same(before: object, after: object) -> bool:
    """Whether two values are equal, where 1 is not the same as true."""
    return isinstance(before, bool) == isinstance(after, bool) and before == after


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
    "checklist": ("checklist",),
    "severity": ("severity",),
    "is_repeat": ("is_repeat",),
    "consent": ("consent",),
    "events": ("events",),
    "attributes": ("attributes",),
    "turns": ("turn_count",),
}


def keep_used(session: Session, plan: ImportPlan) -> None:
    """Refuse changes of encounters in use that evidence or figures rest on."""
    shaken = {row_id for row_id, item in plan.updated if item.values["changed"] & _GROUND}
    if not shaken:
        return
    used = select(Interaction.id).where(
        Interaction.id.in_(shaken),
        or_(
            Interaction.id.in_(select(Assignment.interaction_id)),
            Interaction.id.in_(select(Inspection.interaction_id)),
        ),
    )
    standing = set(session.scalars(used))
    planned, plan.updated = plan.updated, []
    stays: set[int] = set()
    for row_id, item in planned:
        if row_id in standing and not _is_same_ground(session, row_id, item):
            plan.refuse(item, _IN_USE)
            stays.add(item.line)
        else:
            plan.updated.append((row_id, item))
    plan.changes = [change for change in plan.changes if change.line not in stays]


def _is_same_ground(session: Session, row_id: int, item: ReadableRow) -> bool:
    """Whether nothing changes but what is masked in the transcript."""
    if item.values["changed"] & (_GROUND - {"turns"}):
        return False
    turns = session.execute(
        select(Turn.speaker, Turn.text, Turn.start_seconds)
        .where(Turn.interaction_id == row_id)
        .order_by(Turn.position)
    ).all()
    return list(turns) == [
        (turn.speaker, masked.text, turn.start_seconds)
        for turn, masked in zip(item.values["turns"], masked_turns(item), strict=True)
    ]
