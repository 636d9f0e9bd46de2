"""One warning: what it says with its numbers, the windows as a chart, what is behind, its story."""

from __future__ import annotations

import streamlit as st

from core.warning.rules import RULES, RuleKey, Window
from core.warning.states import WarningState
from db.warning.queries.one import StoryStep, WarningView
from pages.ui.kit.charts.base import show_chart
from pages.ui.kit.messages import _, day, escape_markdown, moment, note_zone, number, plural
from pages.ui.kit.phrases import month_name
from pages.ui.warning.warning_chart import WindowPoint, window_chart
from pages.ui.warning.warning_words import (
    Items,
    about,
    closing_name,
    deed_name,
    rule_name,
    sentence,
    state_badge,
    title,
    window_name,
)

_PER_THOUSAND, _PERCENT = 1000, 100


def heading(view: WarningView, items: Items) -> None:
    """What it is about, its state, its owner, and the day that matters."""
    row = view.row
    note_zone(row.timezone)
    st.title(_("Warning {number}", number=row.warning_id))
    st.subheader(escape_markdown(title(row, items)), anchor=False)
    badges = state_badge(row.state)
    if row.is_subsided:
        badges += f" :green-badge[{escape_markdown(_('subsided'))}]"
    words = [_("Owner: {name}.", name=row.owner) if row.owner else _("Nobody has it.")]
    if row.is_put_off and row.due_on is not None:
        words.append(_("Put off until {day}.", day=day(row.due_on)))
    elif row.state is WarningState.RAISED and row.due_on is not None:
        words.append(_("To be taken by {day}.", day=day(row.due_on)))
    if row.cause is not None and row.state is WarningState.CLOSED:
        words = [_("Closed: {cause}.", cause=closing_name(row.cause))]
    st.markdown(f"{badges} {escape_markdown(' '.join(words))}")


def evidence(view: WarningView, items: Items) -> None:
    """A line for each sign, the newest first, the chart, and the way to what is behind."""
    row = view.row
    for sign in reversed(view.signs):
        words = escape_markdown(sentence(row.rule, sign))
        if sign.lapsed_at is None:
            st.markdown(f"**{words}**")
            continue
        st.markdown(words)
        st.caption(
            _(
                "No sign any more since the data were corrected: {times} when it became one.",
                times=number(sign.first_times, 0),
            )
        )
    _chart(view, items)
    _behind(view)


def story(view: WarningView) -> None:
    """What was done with it, by whom, when and why."""
    st.subheader(_("What was done"), anchor=False)
    zone = view.row.timezone
    for step in view.story:
        with st.container(gap=None):
            st.markdown(escape_markdown(_step(view, step, zone)))
            if step.words:
                st.text(step.words)
            if step.action_id is not None:
                st.page_link(
                    "action.py",
                    label=_("Action {number}", number=step.action_id),
                    icon=":material/build_circle:",
                    query_params={"id": str(step.action_id)},
                )


def _step(view: WarningView, step: StoryStep, zone: str) -> str:
    what = deed_name(step.deed)
    if step.cause is not None:
        what = _("{deed}: {cause}", deed=what, cause=closing_name(step.cause))
    elif step.until is not None:
        until = day(step.until)
        if step.deed == "correct_sign":
            signs = [sign for sign in view.signs if sign.on == step.until]
            until = window_name(view.row.rule, signs[0]) if signs else until
        what = _("{deed} ({until})", deed=what, until=until)
    name = step.name or _("the portal")
    return _("{time} · {what} · {name}", time=moment(step.at, zone), what=what, name=name)


def _chart(view: WarningView, items: Items) -> None:
    row = view.row
    windows = [window for window in view.windows if window.chances]
    if not windows:
        return
    is_rate = row.rule is RuleKey.COMPLAINTS
    whole = _PER_THOUSAND if is_rate else _PERCENT
    standing = {sign.on for sign in view.signs if sign.lapsed_at is None}
    points = [
        WindowPoint(
            label=_label(row.rule, window.on.year * 100 + window.on.month, day(window.on)),
            value=whole * window.times / window.chances,
            times=window.times,
            chances=window.chances,
            is_sign=window.on in standing,
        )
        for window in windows
    ]
    base = whole * row.sign.base_times / row.sign.base_chances if row.sign.base_chances else None
    drawn = window_chart(
        points,
        usual=base,
        limit=None if row.sign.limit is None else whole * row.sign.limit,
        title=" · ".join(
            filter(None, [rule_name(row.rule), about(row.rule, row.subject_key, items)])
        ),
        unit=_("Complaints per 1,000 encounters") if is_rate else _("Percent"),
        sentence=plural(
            "{count} of {windows} windows is a sign.",
            "{count} of {windows} windows are signs.",
            sum(point.is_sign for point in points),
            windows=number(len(points), 0),
        ),
    )
    show_chart(drawn, "warning_windows", clickable=False, how="warning")


def _label(rule: RuleKey, month: int, begin: str) -> str:
    return month_name(month) if RULES[rule].window is Window.MONTH else begin


def _behind(view: WarningView) -> None:
    """The files or cases that a warning is made of."""
    row = view.row
    if row.rule is RuleKey.LOST_ITEMS:
        month = str(row.sign.on.year * 100 + row.sign.on.month)
        query = {
            "item": row.subject_key,
            "from": month,
            "to": month,
            "station": str(row.station_id),
        }
        st.page_link(
            "cases.py",
            label=_("The cases behind it"),
            icon=":material/folder_open:",
            query_params=query,
        )
    elif row.rule is RuleKey.SEVERE_EVENTS:
        st.page_link(
            "file.py",
            label=_("The file behind it"),
            icon=":material/draft:",
            query_params={"id": row.subject_key},
        )
    else:
        query = {"station": str(row.station_id), "which": "all"}
        if row.rule is RuleKey.COMPLAINTS:
            query |= {"kind": "complaint", "topic": row.subject_key}
        if row.rule is RuleKey.OVERDUE_FILES:
            query["which"] = "late"
        else:
            query["since"] = row.sign.on.isoformat()
        st.page_link(
            "files.py",
            label=_("The files behind it"),
            icon=":material/inbox:",
            query_params=query,
        )
