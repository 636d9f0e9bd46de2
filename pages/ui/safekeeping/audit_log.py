"""The audit log on a page: how far it is sealed, filters, a table, pages by key, CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from itertools import islice

import pandas as pd
import streamlit as st

from core.access import Action, Identity
from core.clock.days import at_wall_clock, begin_of, day_of
from db.safekeeping.queries.audit_log import (
    AuditFilter,
    Event,
    EventPosition,
    all_events,
    events,
    people,
)
from db.safekeeping.queries.seals import Alert, SealState, alerts, seal_state
from db.store import audit
from db.store.days import LOG_ZONE
from pages.ui.encounters.reading.panes import json_text
from pages.ui.kit import wiring
from pages.ui.kit.address import choice, day, words
from pages.ui.kit.auth import asking_again
from pages.ui.kit.days import reader_zone
from pages.ui.kit.downloads import Table, as_csv
from pages.ui.kit.messages import _, moment, note_zone, number, plural
from pages.ui.kit.messages import day as day_text
from pages.ui.kit.tables import pages_of, show_table
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
        since=begin_of(since, reader_zone()) if since else None,
        until=begin_of(until + timedelta(days=1), reader_zone()) if until else None,
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
    show_table(
        _table(page_entries),
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
    note_zone(reader_zone())
    actions, objects, zone = action_names(), object_names(), reader_zone()
    return pd.DataFrame(
        {
            _("Time"): [f"{at_wall_clock(row.at, zone):%Y-%m-%d %H:%M:%S}" for row in rows],
            _("Person"): [row.who for row in rows],
            _("Action"): [actions.get(row.action, row.action) for row in rows],
            _("Object"): [objects.get(row.object_type, row.object_type) for row in rows],
            _("Object number"): [row.object_id for row in rows],
            _("Reason"): [row.reason for row in rows],
            _("Details"): [
                ", ".join(f"{name}: {json_text(value)}" for name, value in row.details.items())
                for row in rows
            ],
        }
    )


def seals(who: Identity) -> None:
    """The state of the seals in a line, problems as a warning."""
    zone = reader_zone()
    with wiring.reading() as session:
        state = seal_state(session, who)
        opening_alerts = alerts(session, who, today=day_of(wiring.now(), LOG_ZONE))
    if state.checked and state.checked.findings:
        st.error(_broken(state.checked.findings), icon=":material/gpp_bad:")
    for alert in opening_alerts:
        st.warning(_alert(alert), icon=":material/visibility:")
    st.caption(_sealed(state, zone) + " " + _checked(state, zone))


def _broken(findings: int) -> str:
    return plural(
        "The last check found {count} part of the log that is not as it was sealed. Run"
        " `python -m db verify-audit` to see which.",
        "The last check found {count} parts of the log that are not as they were sealed. Run"
        " `python -m db verify-audit` to see which.",
        findings,
    )


def _alert(alert: Alert) -> str:
    return _(
        "{who} opened {count} encounters on {day}; usual is {usual}.",
        who=alert.who,
        count=number(alert.unusual.opened, 0),
        day=day_text(alert.unusual.day),
        usual=number(alert.unusual.usual, 0),
    )


def _sealed(state: SealState, zone: str) -> str:
    if state.sealed_at is None:
        return _("Nothing is sealed yet: the worker does that once a minute.")
    return _(
        "Sealed up to {time}; newer entries: {count}.",
        time=moment(state.sealed_at, zone),
        count=number(state.unsealed, 0),
    )


def _checked(state: SealState, zone: str) -> str:
    if state.checked is None:
        return _("Not yet checked against the seals.")
    return _("Last checked whole on {time}.", time=moment(state.checked.checked_at, zone))
