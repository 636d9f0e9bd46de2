"""All clocks of the library: their limits and states, and setting them from a day on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from core.access import Identity
from core.clock import LimitStatus
from db.checklists.queries.clocks import ClockChangeRow, ClockRow, clock_changes, clocks
from db.checklists.services.clock_limits import STATUSES, ClockSetting, set_clock
from db.store.days import portal_day
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, errors_shown, escape_markdown, moment, text_of
from pages.ui.kit.tables import show_table

_UNITS: Mapping[str, int] = {"minutes": 1, "hours": 60, "days": 24 * 60}
_LIMITED = frozenset({LimitStatus.USE, LimitStatus.CHECK})


def show(who: Identity) -> None:
    """How many clocks count, what each is, a form to change one, and what was changed."""
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
        rows, changes = clocks(session, who, on=today), clock_changes(session, who)
    st.markdown(_summary(rows))
    _table(rows)
    st.subheader(_("Change a clock"))
    _form(who, rows, today)
    if changes:
        with st.expander(_("What was changed")):
            _history(changes, {use.key: text_of(use.checklist) for r in rows for use in r.uses})


def status_name(status: LimitStatus) -> str:
    return {
        LimitStatus.USE: _("In use: it counts"),
        LimitStatus.CHECK: _("To be confirmed: shown, does not count"),
        LimitStatus.UNSET: _("No limit yet"),
        LimitStatus.OFF: _("Off"),
        LimitStatus.PERIOD: _("Recurs by the calendar"),
    }[status]


def limit_text(minutes: float | None) -> str:
    """A limit in the largest unit in which it is whole; a dash for none."""
    if minutes is None:
        return "—"
    if minutes >= 72 * 60 and minutes % (24 * 60) == 0:
        return _("{count} days", count=f"{minutes / 24 / 60:g}")
    if minutes >= 60 and minutes % 60 == 0:
        return _("{count} h", count=f"{minutes / 60:g}")
    return _("{count} min", count=f"{minutes:g}")


def _summary(rows: Sequence[ClockRow]) -> str:
    states = Counter(row.status for row in rows if not row.counts)
    count = sum(row.counts for row in rows)
    counted = _("{count} of {all} clocks count.", count=count, all=len(rows))
    rest = _(
        "{check} are shown and to be confirmed, {unset} have no limit yet, {other} recur by the"
        " calendar or are off.",
        check=states[LimitStatus.CHECK],
        unset=states[LimitStatus.UNSET],
        other=states[LimitStatus.PERIOD] + states[LimitStatus.OFF] + states[LimitStatus.USE],
    )
    return f"**{counted}** {rest}"


def _table(rows: Sequence[ClockRow]) -> None:
    show_table(
        {
            _("Code"): [row.item_id for row in rows],
            _("Clock"): [text_of(row.term) for row in rows],
            _("Limit"): [_limits(row) for row in rows],
            _("State"): [status_name(row.status) for row in rows],
            _("Starts with"): [text_of(row.start) for row in rows],
            _("Stops with"): [text_of(row.stop) for row in rows],
            _("Checklists"): [
                ", ".join(text_of(use.checklist) for use in row.uses) or _("in none")
                for row in rows
            ],
            _("Source"): [row.source for row in rows],
        },
        height=420,
    )


def _limits(row: ClockRow) -> str:
    """The limit; where checklists differ, that of each."""
    limits = {use.key: limit_text(use.limit_minutes) for use in row.uses}
    if len(set(limits.values())) > 1:
        return "; ".join(f"{text_of(use.checklist)} {limits[use.key]}" for use in row.uses)
    return next(iter(limits.values()), limit_text(row.limit_minutes))


def _form(who: Identity, rows: Sequence[ClockRow], today: date) -> None:
    by_id = {row.item_id: row for row in rows}
    item_id = st.selectbox(
        _("Clock"),
        list(by_id),
        format_func=lambda key: f"{key} {text_of(by_id[key].term)}",
        index=None,
        placeholder=_("Choose a clock"),
        key="clock_item",
    )
    if item_id is None:
        return
    row = by_id[item_id]
    start, stop = (escape_markdown(text_of(texts)) for texts in (row.start, row.stop))
    st.caption(_("{start} → {stop}", start=start, stop=stop))
    titles = {use.key: text_of(use.checklist) for use in row.uses}
    checklist = st.selectbox(
        _("In which checklist"),
        ["", *titles],
        format_func=lambda key: titles.get(key) or _("in all that ask for it"),
        key=f"clock_checklist_{item_id}",
        help=_("Checklists are by channel, so a clock may have a limit for each."),
    )
    status = st.selectbox(
        _("State"),
        STATUSES,
        index=STATUSES.index(row.status) if row.status in STATUSES else None,
        format_func=status_name,
        placeholder=_("Choose a state"),
        key=f"clock_status_{item_id}",
    )
    limit = _limit_field(row) if status in _LIMITED else None
    begin = st.date_input(
        _("In force from"),
        today,
        min_value=today,
        key=f"clock_from_{item_id}",
        help=_("Results of encounters scored before keep the limit they were scored with."),
    )
    if st.button(_("Set the clock"), type="primary", disabled=status is None, key="set_clock"):
        with errors_shown():
            setting = ClockSetting(status or LimitStatus.UNSET, limit, checklist or "")
            with change(_("The clock is set.")) as session:
                set_clock(
                    session,
                    who=who,
                    item_id=item_id,
                    setting=setting,
                    effective_from=begin,
                    now=wiring.now(),
                )


def _limit_field(row: ClockRow) -> float | None:
    unit = next(
        (u for u in ("days", "hours") if row.limit_minutes and row.limit_minutes % _UNITS[u] == 0),
        "minutes",
    )
    names = {"minutes": _("minutes"), "hours": _("hours"), "days": _("days")}
    left, right = st.columns(2)
    amount = left.number_input(
        _("Limit"),
        min_value=0.0,
        value=row.limit_minutes / _UNITS[unit] if row.limit_minutes is not None else None,
        step=1.0,
        format="%g",
        key=f"clock_limit_{row.item_id}",
    )
    chosen = right.selectbox(
        _("Unit"),
        list(names),
        index=list(names).index(unit),
        format_func=names.__getitem__,
        key=f"clock_unit_{row.item_id}",
    )
    return None if amount is None else amount * _UNITS[chosen]


def _history(changes: Sequence[ClockChangeRow], titles: Mapping[str, str]) -> None:
    zone = reader_zone()
    show_table(
        {
            _("Code"): [row.item_id for row in changes],
            _("Checklist"): [
                titles.get(row.checklist, row.checklist) or _("all checklists") for row in changes
            ],
            _("Limit"): [limit_text(row.limit_minutes) for row in changes],
            _("State"): [status_name(row.status) for row in changes],
            _("In force from"): [day(row.effective_from) for row in changes],
            _("Changed at"): [moment(row.changed_at, zone) for row in changes],
            _("By"): [row.changed_by for row in changes],
        },
    )
