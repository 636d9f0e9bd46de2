"""Importing encounters with their transcripts; what is stored of a turn is its masked text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from core.masking import masked
from db import search_index
from db.importing.columns import parse_row
from db.importing.interaction_columns import columns
from db.importing.kinds import Item, Plan
from db.importing.lookups import (
    UNKNOWN_STAFF,
    UNKNOWN_STATION,
    interaction_ids,
    interaction_key,
    staff_ids,
    station_ids,
)
from db.importing.personal import ENCOUNTER, Protector, refuse_erased, store_spans
from db.importing.problems import Unfit
from db.importing.tables import Row
from db.importing.turns import NewTurn, TurnFile
from db.keys import Keys
from db.models import Assignment, ClearSpan, Inspection, Interaction, Turn

_INTERACTION, _TURN = cast("Table", Interaction.__table__), cast("Table", Turn.__table__)
_COPIED = (
    "source",
    "external_id",
    "channel",
    "business_line",
    "station_id",
    "staff_id",
    "occurred_at",
    "language",
    "duration_seconds",
    "recording",
    "customer_rating",
    "case_kind",
    "severity",
    "is_repeat",
    "consent",
    "events",
    "attributes",
)
_FIXED = ("station_id", "staff_id", "occurred_at", "channel")
_IN_USE = Unfit(
    "It is assigned or inspected already: transcript, time, channel and people stay as they are."
)


class Interactions:
    """Rows become interactions with turns and encrypted clear spans.

    A row that was assigned or inspected may still change in what no evidence and no figure
    depends on, such as the customer's rating.
    """

    at_once = 1000

    def __init__(self, keys: Keys, now: datetime, turn_file: TurnFile | None) -> None:
        self.columns = columns(now)
        self._keys, self._now, self._turn_file = keys, now, turn_file
        self._protector = Protector(keys)
        self._stations: dict[str, int] = {}

    def parse(self, row: Row) -> Item:
        found = parse_row(self.columns, row)
        key = interaction_key(found["source"], found["external_id"])
        if self._turn_file and (turns := self._turn_file.turns_of(key)):
            if found["turns"]:
                raise Unfit("The row has turns, and so has the file of turns.", column="turns")
            found["turns"] = turns
        _check_rating(found)
        found["digest"] = self._digest(found)
        return Item(row.line, key, found, row.size + _turn_size(found))

    def plan(self, session: Session, items: Sequence[Item]) -> Plan:
        self._stations = self._stations or station_ids(session)
        plan = Plan()
        items = refuse_erased(session, self._keys, ENCOUNTER, items, plan)
        items = self._with_ids(session, items, plan)
        stored = interaction_ids(session, (item.key for item in items))
        for item in items:
            known = stored.get(item.key)
            if known is None:
                plan.added.append(item)
            elif known.digest == item.values["digest"]:
                plan.unchanged += 1
            else:
                plan.updated.append((known.id, item))
        _keep_used(session, plan)
        return plan

    def apply(self, session: Session, plan: Plan) -> None:
        if plan.added:
            session.execute(insert(_INTERACTION), [self._row(item) for item in plan.added])
            stored = interaction_ids(session, (item.key for item in plan.added))
            self._store_turns(session, [(stored[item.key].id, item) for item in plan.added])
        if plan.updated:
            ids = [row_id for row_id, _ in plan.updated]
            search_index.forget(session, ids)
            for table in (Turn, ClearSpan):
                session.execute(delete(table).where(table.interaction_id.in_(ids)))
            session.execute(
                update(Interaction), [self._row(item) | {"id": i} for i, item in plan.updated]
            )
            self._store_turns(session, plan.updated)

    def _with_ids(self, session: Session, items: Sequence[Item], plan: Plan) -> list[Item]:
        """The items whose station and staff exist, with their ids."""
        numbers = (item.values["staff_no"] for item in items if item.values["staff_no"])
        staff, kept = staff_ids(session, numbers), []
        for item in items:
            code, number = item.values["station_code"], item.values["staff_no"]
            if code not in self._stations:
                plan.refuse(item, UNKNOWN_STATION)
            elif number and number not in staff:
                plan.refuse(item, UNKNOWN_STAFF)
            else:
                item.values["station_id"] = self._stations[code]
                item.values["staff_id"] = staff.get(number)
                kept.append(item)
        return kept

    def _digest(self, found: dict[str, Any]) -> str:
        """Keyed, because with the masked text beside it a plain one would give numbers away."""
        content = json.dumps(found, sort_keys=True, default=datetime.isoformat)
        return self._keys.digest("interaction content", content)

    def _row(self, item: Item) -> dict[str, Any]:
        low, high = item.values["rating_scale"] or (None, None)
        return {name: item.values[name] for name in _COPIED} | {
            "attributes": self._protector.attributes(item),
            "customer_ref": self._protector.pseudonym(item),
            "rating_low": low,
            "rating_high": high,
            "turn_count": len(item.values["turns"]),
            "content_digest": item.values["digest"],
            "imported_at": self._now,
        }

    def _store_turns(self, session: Session, items: Sequence[tuple[int, Item]]) -> None:
        turns: list[dict[str, Any]] = []
        spans: list[dict[str, Any]] = []
        for interaction_id, item in items:
            for position, turn in enumerate(item.values["turns"], 1):
                place = {"interaction_id": interaction_id, "position": position}
                turns.append(place | _turn(turn, masked(turn.clear_text)))
            spans += self._protector.spans(interaction_id, item)
        if turns:
            session.execute(insert(_TURN), turns)
        store_spans(session, spans)
        self._protector.store_customers(session, (item for _, item in items))
        search_index.index_interactions(
            session, list(dict.fromkeys(t["interaction_id"] for t in turns))
        )


def _turn_size(found: dict[str, Any]) -> int:
    return sum(len(turn.clear_text) for turn in found["turns"])


def _check_rating(found: dict[str, Any]) -> None:
    rating, scale = found["customer_rating"], found["rating_scale"]
    if rating is not None and scale and not scale[0] <= rating <= scale[1]:
        raise Unfit("The rating lies outside its scale.", column="customer_rating")


def _turn(turn: NewTurn, text: str) -> dict[str, Any]:
    return {"speaker": turn.speaker, "text": text, "start_seconds": turn.start_seconds}


def _keep_used(session: Session, plan: Plan) -> None:
    """Take out of the plan what would pull the ground from under evidence or figures."""
    ids = [row_id for row_id, _ in plan.updated]
    used = select(Interaction).where(
        Interaction.id.in_(ids),
        or_(
            Interaction.id.in_(select(Assignment.interaction_id)),
            Interaction.id.in_(select(Inspection.interaction_id)),
        ),
    )
    rows = {row.id: row for row in session.scalars(used)} if ids else {}
    for row_id, item in [pair for pair in plan.updated if pair[0] in rows]:
        if not _is_same_ground(session, rows[row_id], item):
            plan.updated.remove((row_id, item))
            plan.refuse(item, _IN_USE)


def _is_same_ground(session: Session, row: Interaction, item: Item) -> bool:
    stored = session.execute(
        select(Turn.speaker, Turn.text, Turn.start_seconds)
        .where(Turn.interaction_id == row.id)
        .order_by(Turn.position)
    ).all()
    wanted = [
        (turn.speaker, masked(turn.clear_text), turn.start_seconds) for turn in item.values["turns"]
    ]
    return list(stored) == wanted and all(
        getattr(row, name) == item.values[name] for name in _FIXED
    )
