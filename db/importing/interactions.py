"""Importing encounters with their transcripts; what is stored of a turn is its masked text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from core.checklist.model import CHANNELS
from core.i18n import N_
from core.safekeeping.masking import masked
from db.encounters import search_index
from db.encounters.models import ClearSpan, Interaction, Turn
from db.importing.encounter_changes import FIELDS, IncomingRow, read_stored
from db.importing.kinds import ImportPlan, ReadableRow
from db.importing.lookups import (
    UNKNOWN_STAFF,
    UNKNOWN_STATION,
    interaction_ids,
    interaction_key,
    staff_ids,
    station_ids,
)
from db.importing.personal_data import ATTRIBUTES, ENCOUNTER, Protector, refuse_erased, store_spans
from db.importing.turns import SPEAKERS, NewTurn, TurnFile, inline_turns
from db.inspection.models import Assignment, Inspection
from db.store.keys import Keys
from db.store.session import write_each
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.tables import Row, Unfit

_INTERACTION, _TURN = cast("Table", Interaction.__table__), cast("Table", Turn.__table__)
_GROUND = frozenset({"station_code", "staff_no", "occurred_at", "channel", "turns"})
_IN_USE = Unfit(
    "It is assigned or inspected already: transcript, time, channel and people stay as they are."
)

_OUTSIDE = Unfit("The rating lies outside its scale.")


class Interactions:
    """Rows become interactions with turns and encrypted clear spans.

    A row that was assigned or inspected may still change in what no evidence and no figure
    depends on, such as the customer's rating. Of what is stored a row changes the columns it
    carries, and of these the ones that differ.
    """

    at_once = 1000

    def __init__(self, keys: Keys, now: datetime, turn_file: TurnFile | None) -> None:
        self.columns = columns(now)
        self._keys, self._now, self._turn_file = keys, now, turn_file
        self._protector = Protector(keys)
        self._stations: dict[str, int] = {}

    def parse(self, row: Row) -> ReadableRow:
        fields, carried = parse_row(self.columns, row), carried_by(row)
        key = interaction_key(fields["source"], fields["external_id"])
        if self._turn_file and (turns := self._turn_file.turns_of(key)):
            if fields["turns"]:
                raise Unfit("The row has turns, and so has the file of turns.", column="turns")
            fields["turns"], carried = turns, carried | {"turns"}
        _check_rating(fields)
        fields |= self._digests(fields, carried)
        return ReadableRow(row.line, key, fields, row.size + _turn_size(fields), carried)

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        self._stations = self._stations or station_ids(session)
        plan = ImportPlan()
        items = refuse_erased(session, self._keys, ENCOUNTER, items, plan)
        items = self._with_ids(session, items, plan)
        interactions = interaction_ids(session, (item.key for item in items))
        other: list[IncomingRow] = []
        for item in items:
            interaction = interactions.get(item.key)
            if interaction is None:
                plan.add(item, self.columns)
            elif interaction.digest in (item.values["digest"], item.values["digest_of_new"]):
                plan.unchanged += 1
            else:
                other.append(IncomingRow(interaction.id, item, self._row(item)))
        if other:
            self._plan_changes(session, other, plan)
        _keep_used(session, plan)
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
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
            self._store_turns(session, added)
            self._store_attribute_spans(session, added)
        if plan.updated:
            self._drop_changed(session, plan)
            write_each(session, Interaction, [(i, self._changes(item)) for i, item in plan.updated])
            self._store_turns(session, _changing(plan, "turns"))
            self._store_attribute_spans(session, _changing(plan, "attributes"))
        self._protector.store_customers(
            session, [*plan.added, *(item for _, item in _changing(plan, "customer_ref"))]
        )

    def _with_ids(
        self, session: Session, items: Sequence[ReadableRow], plan: ImportPlan
    ) -> list[ReadableRow]:
        """The items whose station and staff exist, with their ids."""
        numbers = (item.values["staff_no"] for item in items if item.values["staff_no"])
        staff, accepted = staff_ids(session, numbers), []
        for item in items:
            code, number = item.values["station_code"], item.values["staff_no"]
            if code is not None and code not in self._stations:
                plan.refuse(item, UNKNOWN_STATION)
            elif number and number not in staff:
                plan.refuse(item, UNKNOWN_STAFF)
            else:
                item.values["station_id"] = self._stations.get(code)
                item.values["staff_id"] = staff.get(number)
                accepted.append(item)
        return accepted

    def _plan_changes(
        self, session: Session, rows: Sequence[IncomingRow], plan: ImportPlan
    ) -> None:
        """Plan what differs of encounters that another row was stored of."""
        encounters = read_stored(session, self._keys, rows)
        for incoming in rows:
            changed = encounters.changed(incoming)
            if not changed:
                plan.unchanged += 1
            elif column := encounters.misses_scale(incoming, changed):
                plan.refuse(incoming.item, _OUTSIDE, column)
            else:
                incoming.item.values["changed"] = changed
                plan.updated.append((incoming.id, incoming.item))

    def _digests(self, fields: dict[str, Any], carried: frozenset[str]) -> dict[str, str]:
        """The digests that recognise the same row when it is imported again.

        `digest_of_new` is stored with an encounter that this row made: its other columns have their
        defaults. `digest` is stored with one that the row changed, and leaves those columns out.
        """
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
            "attributes": self._protector.attributes(item),
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
        store_spans(
            session,
            [span for key, item in items for span in self._protector.attribute_spans(key, item)],
        )

    def _store_turns(self, session: Session, items: Sequence[tuple[int, ReadableRow]]) -> None:
        turns: list[dict[str, Any]] = []
        spans: list[dict[str, Any]] = []
        for interaction_id, item in items:
            for position, turn in enumerate(item.values["turns"], 1):
                turn_key = {"interaction_id": interaction_id, "position": position}
                turns.append(turn_key | _turn(turn, masked(turn.clear_text)))
            spans += self._protector.turn_spans(interaction_id, item)
        if turns:
            session.execute(insert(_TURN), turns)
        store_spans(session, spans)
        search_index.index_interactions(
            session, list(dict.fromkeys(t["interaction_id"] for t in turns))
        )


def _turn_size(fields: dict[str, Any]) -> int:
    return sum(len(turn.clear_text) for turn in fields["turns"])


def _check_rating(fields: dict[str, Any]) -> None:
    rating, scale = fields["customer_rating"], fields["rating_scale"]
    if rating is not None and scale and not scale[0] <= rating <= scale[1]:
        raise Unfit(_OUTSIDE.sentence, column="customer_rating")


def _turn(turn: NewTurn, text: str) -> dict[str, Any]:
    return {"speaker": turn.speaker, "text": text, "start_seconds": turn.start_seconds}


def _changing(plan: ImportPlan, column: str) -> list[tuple[int, ReadableRow]]:
    """The stored encounters in which a column changes."""
    return [pair for pair in plan.updated if column in pair[1].values["changed"]]


def _keep_used(session: Session, plan: ImportPlan) -> None:
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
    for row_id, item in planned:
        if row_id in standing and not _is_same_ground(session, row_id, item):
            plan.refuse(item, _IN_USE)
        else:
            plan.updated.append((row_id, item))


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
        (turn.speaker, masked(turn.clear_text), turn.start_seconds) for turn in item.values["turns"]
    ]


_CASE_KINDS = ("none", "problem", "complaint", "work_order", "follow_up")
_SEVERITIES = ("urgent", "important", "ordinary")
_EVENT_SOURCES = ("system", "manual")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_ATTRIBUTES, _EVENTS = 100_000, 500
"""The attributes of an encounter that hold a column; turns have a table besides."""
_JSON_TURNS = f'JSON list of {{"speaker": {" | ".join(SPEAKERS)}, "text", "start_seconds"}}'


def columns(now: datetime) -> tuple[FileColumn, ...]:
    moment = values.moment(now)
    code = values.line(64)
    return (
        FileColumn("source", code, N_("System the record comes from"), required=True),
        FileColumn("external_id", values.line(128), N_("Its number in that system"), required=True),
        FileColumn("channel", values.choice(CHANNELS), ", ".join(CHANNELS), required_if_new=True),
        FileColumn("business_line", code, N_("Such as airline"), default="airline"),
        FileColumn("station_code", code, N_("Code of an imported station"), required_if_new=True),
        FileColumn("staff_no", code, N_("Number of an imported person")),
        FileColumn(
            "occurred_at", moment, N_("Such as 2026-06-08T09:00:00+08:00"), required_if_new=True
        ),
        FileColumn("language", _language, N_("Such as zh-TW"), default=""),
        FileColumn("customer_ref", values.line(200), N_("Stored as a pseudonym only")),
        FileColumn("duration_seconds", values.number(0, 1_000_000), N_("Length in seconds")),
        FileColumn("recording", values.line(2000), N_("File or address of the recording")),
        FileColumn("customer_rating", values.number(-1000, 1000), N_("What the customer gave")),
        FileColumn("rating_scale", _scale, N_("Lowest and highest rating, such as [1, 5]")),
        FileColumn("case_kind", values.choice(_CASE_KINDS), ", ".join(_CASE_KINDS), default="none"),
        FileColumn("severity", values.choice(_SEVERITIES), ", ".join(_SEVERITIES)),
        FileColumn("is_repeat", values.flag, N_("true or false"), default=False),
        FileColumn("consent", values.flag, N_("Consent to recording: true or false")),
        FileColumn("events", _events(moment), 'JSON list of {"name", "at", "source"}', default=[]),
        FileColumn("attributes", _attributes, N_("JSON object, anything else"), default={}),
        FileColumn("turns", inline_turns, _JSON_TURNS, default=()),
    )


def _language(cell: object) -> str:
    value = str(cell).strip()
    if not _LANGUAGE.fullmatch(value):
        raise Unfit("This must be a language code such as zh-TW.")
    return value


def _scale(cell: object) -> tuple[float, float]:
    ends = values.json_list(cell)
    if len(ends) != 2:
        raise Unfit("This must be the lowest and the highest rating, such as [1, 5].")
    low, high = (values.number(-1000, 1000)(end) for end in ends)
    if low >= high:
        raise Unfit("This must be the lowest and the highest rating, such as [1, 5].")
    return low, high


def _attributes(cell: object) -> dict[str, Any]:
    value = values.json_object(cell)
    if len(str(value)) > _ATTRIBUTES:
        raise Unfit("The text is longer than {limit} characters.", limit=_ATTRIBUTES)
    return value


def _events(moment: values.Parser) -> values.Parser:
    def parse(cell: object) -> list[dict[str, str]]:
        events = values.json_list(cell)
        if len(events) > _EVENTS:
            raise Unfit("There are more than {limit} events.", limit=_EVENTS)
        return [_event(event, f"[{number}]", moment) for number, event in enumerate(events, 1)]

    return parse


def _event(raw_event: object, location: str, moment: values.Parser) -> dict[str, str]:
    if not isinstance(raw_event, dict):
        raise Unfit("An event must be a JSON object.", column=location)
    parts: dict[str, values.Parser] = {
        "name": values.line(64),
        "at": moment,
        "source": values.choice(_EVENT_SOURCES),
    }
    event: dict[str, Any] = {}
    for name, parse in parts.items():
        try:
            event[name] = parse(raw_event.get(name))
        except Unfit as error:
            error.column = f"{location}.{name}"
            raise
    return {**event, "at": event["at"].isoformat()}
