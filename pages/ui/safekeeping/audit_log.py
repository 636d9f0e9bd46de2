"""The audit log on a page: filters kept in the address, a table, pages by key, CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from core.access import Action, Identity
from db.safekeeping.queries.audit_log import (
    AuditFilter,
    Event,
    EventPosition,
    all_events,
    events,
    people,
)
from db.store import audit
from pages.ui.encounters.reading.contents import json_text
from pages.ui.kit import wiring
from pages.ui.kit.address import choice, day, words
from pages.ui.kit.auth import asking_again
from pages.ui.kit.downloads import Table, as_csv
from pages.ui.kit.messages import _, number
from pages.ui.kit.tables import pages_of
from pages.ui.safekeeping.audit_terms import action_names, object_names

_PAGE = 100
_MOST = 100_000


def filters(who: Identity) -> AuditFilter:
    """Period, person, action and object; days are those of the reader's time zone."""
    with wiring.reading() as session:
        persons = {str(key): name for key, name in people(session, who).items()}
    with st.grid(min_column_width=150, vertical_alignment="bottom", key="audit_filter"):
        since = day(_("From"), "since")
        until = day(_("To"), "until")
        person = choice(_("Person"), "person", persons, _("Everyone"))
        action = choice(_("Action"), "action", action_names(), _("All actions"))
        kind = choice(_("Object"), "object", object_names(), _("All objects"))
        key = words(_("Object number"), "number", most=64)
    return AuditFilter(
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        user_id=int(person) if person else None,
        action=action,
        object_type=kind,
        object_id=key or None,
    )


def log(who: Identity, audit_filter: AuditFilter) -> None:
    """One page of the log, newest first."""
    pages = pages_of("audit", audit_filter, EventPosition)
    with wiring.reading() as session:
        entries = events(session, who, audit_filter, after=pages.after, limit=_PAGE + 1)
    page_entries = entries[:_PAGE]
    if not page_entries:
        st.info(_("No entry matches. Take a filter away or widen the period."))
        return
    st.dataframe(
        _table(page_entries),
        hide_index=True,
        height=560,
        column_config={_("Action"): st.column_config.Column(width="medium")},
        alt=_("Audit log"),
        key="audit_table",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pages.back_button(_("Newer"))
        pages.more_button(page_entries[-1].position if len(entries) > _PAGE else None, _("Older"))
        _download(audit_filter)


def _download(audit_filter: AuditFilter) -> None:
    st.download_button(
        _("Download as CSV"),
        partial(_as_csv, asking_again(Action.SEE_AUDIT), audit_filter),
        "audit.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        help=_("At most the newest {count} entries.", count=number(_MOST, 0)),
    )


def _as_csv(identify: Callable[[], Identity], audit_filter: AuditFilter) -> bytes:
    """The matching entries, codes as stored; taking them out is itself an entry."""
    who = identify()
    with wiring.transaction() as session:
        rows = tuple(
            _csv_row(event) for event in islice(all_events(session, who, audit_filter), _MOST)
        )
        audit.record(session, who, "export", ("audit_log", len(rows)), now=wiring.now())
    header = ("id", "at_utc", "who", "action", "object", "object_id", "reason", "details")
    return as_csv(Table("audit", header, rows))


def _csv_row(event: Event) -> tuple[str | int, ...]:
    return (
        event.id,
        event.at.isoformat(),
        event.who,
        event.action,
        event.object_type,
        event.object_id,
        event.reason,
        json.dumps(event.details, ensure_ascii=False),
    )


def _table(entries: Iterable[Event]) -> pd.DataFrame:
    rows = list(entries)
    actions, objects, zone = action_names(), object_names(), _zone()
    return pd.DataFrame(
        {
            _("Time ({zone})", zone=zone.key): [_exact(row.at, zone) for row in rows],
            _("Person"): [row.who for row in rows],
            _("Action"): [actions.get(row.action, row.action) for row in rows],
            _("Object"): [objects.get(row.object_type, row.object_type) for row in rows],
            _("Object number"): [row.object_id for row in rows],
            _("Reason"): [row.reason for row in rows],
            _("Details"): [_details(row) for row in rows],
        }
    )


def _details(event: Event) -> str:
    return ", ".join(f"{name}: {json_text(value)}" for name, value in event.details.items())


def _zone() -> ZoneInfo:
    return ZoneInfo(st.context.timezone or "UTC")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _zone()).astimezone(UTC)


def _exact(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
