"""Clocks of files: the limit of each by severity and channel, and setting one from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from core.access import Identity
from core.checklist.model import CHANNELS
from core.clock import Level, Limit, LimitLine, LimitStatus
from core.errors import InvalidInput
from core.files.clock_settings import LimitChange
from core.files.kinds import Kind
from db.files.clock_changes import FIRST_DAY
from db.files.queries.clock_settings import FileClockRow, LimitChangeRow, file_clocks, limit_changes
from db.files.services.clock_settings import set_limit
from db.store.days import portal_day
from pages.ui.clocks.limits import limit_text, status_name
from pages.ui.files.file_words import kind_name, level_name
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, errors_shown, moment, plural
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import channel_name, event_name

_UNITS: Mapping[str, int] = {"minutes": 1, "hours": 60, "days": 0, "months": 0}
_LIMITED = frozenset({LimitStatus.USE, LimitStatus.CHECK})


def show(who: Identity) -> None:
    """How many clocks count, the limits of each, a form to set one, and what was changed."""
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
        rows, changes = file_clocks(session, who, on=today), limit_changes(session, who)
    st.markdown(_summary(rows))
    st.caption(
        _(
            "A file keeps the limits of the day it was received, unless a change says otherwise."
            " Many limits at once: Imports, Limits of service files."
        )
    )
    _table(rows)
    st.subheader(_("Set a limit of files"))
    _form(who, rows, today)
    if changes:
        with st.expander(_("What was changed")):
            _history(changes)


def level_text(level: Level | None) -> str:
    return level_name(level) if level else _("all levels")


def amount_text(limit: Limit | None) -> str:
    if limit is None:
        return "—"
    if limit.months:
        return plural("{count} month", "{count} months", limit.months)
    if limit.days:
        return plural("{count} day", "{count} days", limit.days)
    return limit_text(limit.time / timedelta(minutes=1))


def since_text(since: date | None) -> str:
    """The day of effect; a dash where nothing was set."""
    if since is None:
        return "—"
    return _("always") if since == FIRST_DAY else day(since)


def _summary(rows: Sequence[FileClockRow]) -> str:
    count = sum(any(line.counts for line in row.limits.lines) for row in rows)
    text = _("{count} of {all} clocks of files count at some level.", count=count, all=len(rows))
    return f"**{text}**"


def _table(rows: Sequence[FileClockRow]) -> None:
    show_table(
        {
            _("Kind of file"): [kind_name(row.kind) for row in rows],
            _("Clock"): [_clock_name(row) for row in rows],
            **{level_name(level): [_line_text(row, level) for row in rows] for level in Level},
            _("By channel"): [_by_channel(row) for row in rows],
            _("In force from"): [since_text(row.since) for row in rows],
            _("Version"): [row.version for row in rows],
        },
    )


def _clock_name(row: FileClockRow) -> str:
    name = _("{start} → {stop}", start=event_name(row.start.value), stop=event_name(row.stop.value))
    return _("{name} (major ones only)", name=name) if row.for_major else name


def _line_text(row: FileClockRow, level: Level) -> str:
    """The limit of a level; what does not count says so."""
    return _said(row.limits.line(level, ""))


def _said(line: LimitLine) -> str:
    if line.limit is None:
        return status_name(line.status)
    amount = amount_text(line.limit)
    if line.status is LimitStatus.CHECK:
        return _("{amount}, to be confirmed", amount=amount)
    return amount


def _by_channel(row: FileClockRow) -> str:
    lines = [line for line in row.limits.lines if line.channel is not None]
    return "; ".join(
        _(
            "{channel}, {level}: {limit}",
            channel=channel_name(line.channel or ""),
            level=level_text(line.level),
            limit=_said(line),
        )
        for line in lines
    )


def _form(who: Identity, rows: Sequence[FileClockRow], today: date) -> None:
    kinds = list(dict.fromkeys(row.kind for row in rows))
    left, right = st.columns(2)
    kind = left.selectbox(
        _("Kind of file"),
        kinds,
        index=None,
        format_func=kind_name,
        placeholder=_("Choose a kind"),
        key="file_limit_kind",
    )
    of_kind = {row.stop: row for row in rows if row.kind is kind}
    step = right.selectbox(
        _("Clock"),
        list(of_kind),
        index=None,
        format_func=lambda stop: _clock_name(of_kind[stop]),
        placeholder=_("Choose a clock"),
        disabled=kind is None,
        key=f"file_limit_step_{kind}",
    )
    if kind is None or step is None:
        return
    key = f"{kind}_{step}"
    left, right = st.columns(2)
    level = left.selectbox(
        _("Level of severity"),
        [None, *Level],
        format_func=level_text,
        key=f"file_limit_level_{key}",
    )
    channel = right.selectbox(
        _("Channel"),
        [None, *CHANNELS],
        format_func=lambda one: channel_name(one) if one else _("all channels"),
        key=f"file_limit_channel_{key}",
    )
    status = st.selectbox(
        _("State"),
        list(LimitStatus),
        index=None,
        format_func=status_name,
        placeholder=_("Choose a state"),
        key=f"file_limit_status_{key}",
    )
    limit = _limit_field(key, status)
    since, for_running = from_when(key, today)
    if st.button(_("Set the limit"), type="primary", disabled=status is None, key="set_file_limit"):
        with errors_shown():
            line = LimitLine(_chosen(limit), status or LimitStatus.UNSET, level, channel)
            setting = LimitChange(Kind(kind), step, line, since, for_running)
            with change(_("The limit is set.")) as session:
                set_limit(session, who=who, change=setting, now=wiring.now())


def _limit_field(key: str, status: LimitStatus | None) -> tuple[float | None, str] | None:
    """An amount and its unit; None where the state has none."""
    if status is LimitStatus.PERIOD:
        names = {"months": _("months")}
    elif status in _LIMITED:
        names = {"minutes": _("minutes"), "hours": _("hours"), "days": _("days")}
    else:
        return None
    left, right = st.columns(2)
    amount = left.number_input(
        _("Limit"),
        min_value=0.0,
        value=None,
        step=1.0,
        format="%g",
        key=f"file_limit_{key}_{status}",
        help=_("Days are working days where a station has opening hours."),
    )
    unit = right.selectbox(
        _("Unit"),
        list(names),
        index=min(1, len(names) - 1),
        format_func=names.__getitem__,
        key=f"file_limit_unit_{key}_{status}",
    )
    return amount, unit


def _chosen(field: tuple[float | None, str] | None) -> Limit | None:
    if field is None:
        return None
    amount, unit = field
    if amount is None:
        raise InvalidInput("A clock that is in use or to be confirmed needs a limit.")
    if _UNITS[unit]:
        return Limit(timedelta(minutes=amount * _UNITS[unit]))
    if not amount.is_integer():
        raise InvalidInput("Days and months are whole numbers.")
    return Limit(days=int(amount)) if unit == "days" else Limit(months=int(amount))


def from_when(key: str, today: date) -> tuple[date, bool]:
    """The day of effect, and whether what runs already is meant too."""
    since = st.date_input(
        _("In force from"),
        today,
        min_value=today,
        key=f"since_{key}",
        help=_("The day by which files are received under it."),
    )
    for_running = st.checkbox(
        _("Also for clocks that run already, from today on"),
        key=f"for_running_{key}",
        help=_("A clock that has stopped keeps its result."),
    )
    return since, for_running


def _history(changes: Sequence[LimitChangeRow]) -> None:
    zone = reader_zone()
    show_table(
        {
            _("Version"): [row.number for row in changes],
            _("Kind of file"): [kind_name(row.kind) for row in changes],
            _("Clock"): [event_name(row.step.value) for row in changes],
            _("Level of severity"): [level_text(row.line.level) for row in changes],
            _("Channel"): [
                channel_name(row.line.channel) if row.line.channel else _("all channels")
                for row in changes
            ],
            _("Limit"): [amount_text(row.line.limit) for row in changes],
            _("State"): [status_name(row.line.status) for row in changes],
            _("In force from"): [since_text(row.effective_from) for row in changes],
            _("For running clocks"): [row.for_running for row in changes],
            _("Changed at"): [moment(row.changed_at, zone) for row in changes],
            _("By"): [row.changed_by or _("an import") for row in changes],
        },
    )
