"""What other systems call events: importing such names, and reading events by them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock.event_keys import EVENTS
from core.clock.event_names import event_of, folded_name
from core.errors import InvalidInput
from core.i18n import N_
from db.encounters.models import EventName
from db.encounters.queries.event_names import own_names
from db.encounters.services.event_names import LONGEST, checked_name
from db.importing.kinds import ImportPlan, ReadableRow, count_filled
from db.store.session import write_each
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.tables import Row, Unfit

_UNKNOWN_EVENT = Unfit(
    "Nobody knows an event of this name. Under Clocks and calendars somebody can say what it means."
)


def columns() -> tuple[FileColumn, ...]:
    return (
        FileColumn(
            "name", values.line(LONGEST), N_("What another system calls the event"), required=True
        ),
        FileColumn("event", values.choice(EVENTS), ", ".join(EVENTS), required=True),
    )


class EventNames:
    """A row says which event is meant by a name; the last word about a name holds."""

    at_once = 1000
    together = False

    def __init__(self, now: datetime) -> None:
        self.columns = columns()
        self._now = now

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        try:
            checked_name(fields["name"])
        except InvalidInput as error:
            raise Unfit(error.sentence, column="name", **error.values) from None
        return ReadableRow(row.line, folded_name(fields["name"]), fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        named = select(EventName).where(EventName.name.in_([item.key for item in items]))
        rows = {row.name: row for row in session.scalars(named)}
        plan = ImportPlan()
        for item in items:
            row, event = rows.get(item.key), item.values["event"]
            if row is None:
                plan.added.append(item)
            else:
                plan.update(row.id, item, {"event": row.event or None}, {"event": event})
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        session.add_all(
            EventName(name=item.key, event=item.values["event"], changed_at=self._now)
            for item in plan.added
        )
        changes = [
            (row_id, {"event": item.values["event"], "changed_at": self._now, "changed_by": None})
            for row_id, item in plan.updated
        ]
        write_each(session, EventName, changes)

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        return count_filled(session, {name: getattr(EventName, name) for name in columns})


def with_event_keys(
    session: Session, items: Sequence[ReadableRow], plan: ImportPlan, *, strict: bool
) -> list[ReadableRow]:
    """The items with their events by key; those that nobody knows keep their name.

    If it is `strict`, such an event refuses its row.
    """
    own = own_names(session) if any(item.values["events"] for item in items) else {}
    accepted = []
    for item in items:
        keys = [event_of(event["name"], own) for event in item.values["events"]]
        if strict and None in keys:
            plan.refuse(item, _UNKNOWN_EVENT, f"events[{keys.index(None) + 1}].name")
            continue
        pairs = list(zip(item.values["events"], keys, strict=True))
        plan.unknown_events.update(event["name"] for event, key in pairs if key is None)
        item.values["events"] = [{**event, "name": key or event["name"]} for event, key in pairs]
        accepted.append(item)
    return accepted
