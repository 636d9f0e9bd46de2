"""Importing encounters with their transcripts; what is stored of a turn is its masked text."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, cast

from sqlalchemy import Table, and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from core.encounters.prepared_texts import Prepared
from core.errors import InvalidInput
from db.checklists.models import ChecklistRecord
from db.encounters import search_index
from db.encounters.models import ClearSpan, Interaction, Turn
from db.encounters.services.event_names import note_unknown
from db.importing.encounter_changes import FIELDS, IncomingRow, keep_used, read_stored
from db.importing.event_names import with_event_keys
from db.importing.interaction_columns import columns
from db.importing.kinds import ImportPlan, ReadableRow, RowRules, count_filled
from db.importing.lookups import (
    UNKNOWN_STAFF,
    UNKNOWN_STATION,
    StoredInteraction,
    interaction_ids,
    interaction_key,
    station_zones,
)
from db.importing.personal_data import (
    ATTRIBUTES,
    ENCOUNTER,
    Protector,
    is_prepared,
    masked_turns,
    note_prepared,
    prepared_texts,
    refuse_erased,
    store_spans,
)
from db.importing.turns import TurnFile
from db.people.identifiers import ByIdentifier, staff_ids, station_ids
from db.store.keys import Keys
from db.store.session import write_each
from db.tabular import values
from db.tabular.columns import carried_by, parse_row
from db.tabular.moments import in_zone
from db.tabular.tables import Row, Unfit

_INTERACTION, _TURN = cast("Table", Interaction.__table__), cast("Table", Turn.__table__)
_TURN_ROWS = "turn rows"
_OUTSIDE = Unfit("The rating lies outside its scale.")
_NO_CHECKLIST = Unfit("There is no checklist of this key.", column="checklist")


class Interactions:
    """Rows become interactions with turns and encrypted clear spans.

    A row that was assigned or inspected may still change in what no evidence and no figure
    depends on, such as the customer's rating. Of what is stored a row changes the columns it
    carries, and of these the ones that differ.
    """

    at_once = 100
    together = False

    def __init__(
        self,
        keys: Keys,
        now: datetime,
        turn_file: TurnFile | None,
        rules: RowRules,
    ) -> None:
        self.columns = columns(now, rules.choices)
        self._keys, self._now, self._turn_file = keys, now, turn_file
        self._choices, self._rules = rules.choices, rules
        self._protector = Protector(keys)
        self._stations: ByIdentifier | None = None
        self._zones: dict[int, str] = {}
        self._checklists: frozenset[str] = frozenset()

    def parse(self, row: Row) -> ReadableRow:
        fields, carried = parse_row(self.columns, row), carried_by(row)
        key = interaction_key(fields["source"], fields["external_id"])
        if self._turn_file and (turns := self._turn_file.turns_of(key)):
            if fields["turns"]:
                raise Unfit("The row has turns, and so has the file of turns.", column="turns")
            fields["turns"], carried = turns, carried | {"turns"}
        _check_rating(fields)
        self._check_recording(fields["recording"])
        fields |= self._digests(fields, carried)
        raw = interaction_key(*(str(row.cells[n]).strip() for n in ("source", "external_id")))
        return ReadableRow(
            line=row.line,
            key=key,
            values=fields,
            size=row.size + _turn_size(fields),
            carried=carried,
            other_keys=(raw,),
        )

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        if self._stations is None:
            self._stations, self._zones = station_ids(session), station_zones(session)
            self._checklists = frozenset(session.scalars(select(ChecklistRecord.key)))
        plan = ImportPlan()
        items = refuse_erased(session, self._keys, ENCOUNTER, items, plan)
        items = with_event_keys(session, items, plan, strict=self._rules.strict)
        items = self._with_ids(session, items, plan)
        interactions = interaction_ids(session, (item.key for item in items))
        other: list[IncomingRow] = []
        for item in items:
            interaction = interactions.get(item.key)
            if interaction and interaction.digest in (
                item.values["digest"],
                item.values["digest_of_new"],
            ):
                plan.unchanged += 1
                continue
            try:
                self._settle_times(item, interaction)
            except Unfit as error:
                plan.refuse(item, error)
                continue
            if interaction is None:
                plan.add(item, self.columns)
            else:
                other.append(IncomingRow(interaction.id, item, self._row(item)))
        if other:
            self._plan_changes(session, other, plan)
        keep_used(session, plan)
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        if plan.unknown_events:
            note_unknown(session, plan.unknown_events, now=self._now)
        if plan.added:
            session.execute(
                insert(_INTERACTION),
                [
                    self._row(item) | self._import_of(item.values["digest_of_new"])
                    for item in plan.added
                ],
            )
            interactions = interaction_ids(session, (item.key for item in plan.added))
            added = [(interactions[item.key].id, item) for item in plan.added]
            search_index.index_new(session, self._store_turns(session, added))
            self._store_attribute_spans(session, added)
        if plan.updated:
            self._drop_changed(session, plan)
            write_each(session, Interaction, [(i, self._changes(item)) for i, item in plan.updated])
            retold = self._store_turns(session, _changing(plan, "turns"))
            search_index.index_prepared(session, retold)
            self._store_attribute_spans(session, _changing(plan, "attributes"))
        self._protector.store_customers(
            session, [*plan.added, *(item for _, item in _changing(plan, "customer_ref"))]
        )

    def texts(self, items: Sequence[ReadableRow], plan: ImportPlan) -> list[int]:
        stored = _storing(plan, "turns") + _storing(plan, "attributes")
        compared = [item for item in items if is_prepared(item)]
        return list({item.line for item in (*stored, *compared)})

    def take_ready(self, item: ReadableRow, ready: Prepared) -> None:
        note_prepared(item, ready)
        self._protector.sealed(item)
        self._protector.pseudonym(item)
        _turn_rows(item)

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        return count_filled(
            session, {name: getattr(Interaction, FIELDS[name][0]) for name in columns}
        )

    def _check_recording(self, recording: str | None) -> None:
        try:
            self._rules.sound_hosts.check_written(recording or "")
        except InvalidInput as error:
            raise Unfit(error.sentence, column="recording", **error.values) from None

    def _with_ids(
        self, session: Session, items: Sequence[ReadableRow], plan: ImportPlan
    ) -> list[ReadableRow]:
        """The items whose station and staff exist, with their ids."""
        numbers = (item.values["staff_no"] for item in items if item.values["staff_no"])
        staff, accepted = staff_ids(session, numbers), []
        assert self._stations is not None
        for item in items:
            code, number = item.values["station_code"], item.values["staff_no"]
            try:
                item.values["station_id"] = self._stations.get(code, "station_code")
                item.values["staff_id"] = staff.get(number, "staff_no")
            except Unfit as error:
                plan.refuse(item, error)
                continue
            if code is not None and item.values["station_id"] is None:
                plan.refuse(item, UNKNOWN_STATION)
            elif number and item.values["staff_id"] is None:
                plan.refuse(item, UNKNOWN_STAFF)
            elif item.values["checklist"] not in (None, *self._checklists):
                plan.refuse(item, _NO_CHECKLIST)
            else:
                accepted.append(item)
        return accepted

    def _settle_times(self, item: ReadableRow, stored: StoredInteraction | None) -> None:
        """Local times become those of the station, of the row or as it is stored.

        Raises:
            Unfit: the hour comes twice there on this day, or never.
        """
        station = item.values["station_id"] or (stored.station_id if stored else None)
        zone = self._zones.get(station or 0)
        if zone is None:
            return  # a new row without its station, which is refused for that
        item.values["occurred_at"] = self._settled("occurred_at", item.values["occurred_at"], zone)
        item.values["events"] = [
            event
            | {
                "at": self._settled(
                    f"events[{number}].at", datetime.fromisoformat(event["at"]), zone
                ).isoformat()
            }
            for number, event in enumerate(item.values["events"], 1)
        ]

    def _settled(self, column: str, moment: datetime | None, zone: str) -> Any:  # noqa: ANN401
        if moment is None or moment.tzinfo is not None:
            return moment
        try:
            return values.check_time(in_zone(moment, zone, self._choices.twice), self._now)
        except Unfit as error:
            error.column = column
            raise

    def _plan_changes(
        self, session: Session, rows: Sequence[IncomingRow], plan: ImportPlan
    ) -> None:
        """Plan what differs of encounters that another row was stored of."""
        encounters = read_stored(session, self._keys, rows)
        for incoming in rows:
            if self._choices.empty == "keeps":
                _retime(incoming.item, encounters.times_kept(incoming))
            changed = encounters.changed(incoming)
            if not changed:
                plan.unchanged += 1
            elif column := encounters.misses_scale(incoming, changed):
                plan.refuse(incoming.item, _OUTSIDE, column)
            else:
                incoming.item.values["changed"] = changed
                plan.updated.append((incoming.id, incoming.item))
                plan.changes += encounters.changes(incoming, changed)

    def _digests(self, fields: dict[str, Any], carried: frozenset[str]) -> dict[str, str]:
        """The digests that recognise the same row when it is imported again.

        `digest_of_new` is stored with an encounter that this row made: its other columns have their
        defaults. `digest` is stored with one that the row changed, and leaves those columns out.
        """
        if fields["checklist"] is None:  # digests of files from before this column stay the same
            fields = {name: value for name, value in fields.items() if name != "checklist"}
        full_digest = self._digest("interaction content", fields)
        if carried.issuperset(fields):
            return {"digest": full_digest, "digest_of_new": full_digest}
        carried_fields = {name: value for name, value in fields.items() if name in carried}
        return {
            "digest": self._digest("interaction part", carried_fields),
            "digest_of_new": full_digest,
        }

    def _digest(self, purpose: str, fields: dict[str, Any]) -> str:
        """A keyed digest: beside the masked text a plain one would give numbers away."""
        return self._keys.digest(
            purpose, json.dumps(fields, sort_keys=True, default=datetime.isoformat)
        )

    def _row(self, item: ReadableRow) -> dict[str, Any]:
        """All columns of an encounter."""
        low, high = item.values["rating_scale"] or (None, None)
        names = (name for fields in FIELDS.values() for name in fields)
        return {name: item.values[name] for name in names if name in item.values} | {
            "attributes": prepared_texts(item).attributes,
            "customer_ref": self._protector.pseudonym(item),
            "rating_low": low,
            "rating_high": high,
            "turn_count": len(item.values["turns"]),
        }

    def _changes(self, item: ReadableRow) -> dict[str, Any]:
        """The attributes of a stored encounter that change."""
        row = self._row(item)
        changed = {name: row[name] for column in item.values["changed"] for name in FIELDS[column]}
        return changed | self._import_of(item.values["digest"])

    def _import_of(self, digest: str) -> dict[str, Any]:
        return {"content_digest": digest, "imported_at": self._now}

    def _drop_changed(self, session: Session, plan: ImportPlan) -> None:
        """Delete the stored turns and clear spans that changed turns and attributes replace."""
        retold, described = (
            [row_id for row_id, _ in _changing(plan, column)] for column in ("turns", "attributes")
        )
        search_index.forget(session, retold)
        session.execute(delete(Turn).where(Turn.interaction_id.in_(retold)))
        session.execute(
            delete(ClearSpan).where(
                or_(
                    and_(ClearSpan.interaction_id.in_(retold), ClearSpan.position > ATTRIBUTES),
                    and_(ClearSpan.interaction_id.in_(described), ClearSpan.position == ATTRIBUTES),
                )
            )
        )

    def _store_attribute_spans(
        self, session: Session, items: Sequence[tuple[int, ReadableRow]]
    ) -> None:
        spans = [
            _of(interaction_id, self._protector.sealed(item).attributes)
            for interaction_id, item in items
        ]
        store_spans(session, list(chain(*spans)))

    def _store_turns(
        self, session: Session, items: Sequence[tuple[int, ReadableRow]]
    ) -> dict[int, Sequence[str]]:
        """Store the turns of encounters; the terms by which they are found."""
        turns = [_of(interaction_id, _turn_rows(item)) for interaction_id, item in items]
        spans = [_of(key, self._protector.sealed(item).turns) for key, item in items]
        if any(turns):
            session.execute(insert(_TURN), list(chain(*turns)))
        store_spans(session, list(chain(*spans)))
        return {key: prepared_texts(item).terms for key, item in items if item.values["turns"]}


def _turn_rows(item: ReadableRow) -> list[dict[str, Any]]:
    """Rows of turn but for their encounter; made once."""
    if _TURN_ROWS not in item.values:
        item.values[_TURN_ROWS] = [
            {
                "position": position,
                "speaker": turn.speaker,
                "text": masked.text,
                "start_seconds": turn.start_seconds,
            }
            for position, (turn, masked) in enumerate(
                zip(item.values["turns"], masked_turns(item), strict=True), 1
            )
        ]
    rows: list[dict[str, Any]] = item.values[_TURN_ROWS]
    return rows


def _retime(item: ReadableRow, starts: Sequence[float | None]) -> None:
    """Give the turns of a row these times; none: they keep their own."""
    if not any(start is not None for start in starts):
        return
    item.values["turns"] = tuple(
        turn._replace(start_seconds=start)
        for turn, start in zip(item.values["turns"], starts, strict=True)
    )
    for row, start in zip(item.values.get(_TURN_ROWS, ()), starts, strict=False):
        row["start_seconds"] = start


def _of(interaction_id: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        row["interaction_id"] = interaction_id
    return rows


def _turn_size(fields: dict[str, Any]) -> int:
    return sum(len(turn.clear_text) for turn in fields["turns"])


def _check_rating(fields: dict[str, Any]) -> None:
    rating, scale = fields["customer_rating"], fields["rating_scale"]
    if rating is not None and scale and not scale[0] <= rating <= scale[1]:
        raise Unfit(_OUTSIDE.sentence, column="customer_rating")


def _changing(plan: ImportPlan, column: str) -> list[tuple[int, ReadableRow]]:
    """The stored encounters in which a column changes."""
    return [pair for pair in plan.updated if column in pair[1].values["changed"]]


def _storing(plan: ImportPlan, column: str) -> list[ReadableRow]:
    """The rows of which a column is to be stored, and holds something."""
    told = [*plan.added, *(item for _, item in _changing(plan, column))]
    return [item for item in told if item.values[column]]
