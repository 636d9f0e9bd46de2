"""The inspector's queue as a table, with the sentence above and the week below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from core.access import Identity
from core.agreement import difference, shared_ac1
from core.inspection.facets import NOT_RECORDED
from core.results.figures import LEVEL
from db.inspection.queries import queue
from db.inspection.queries.queue import (
    ChecklistTime,
    DayTarget,
    Load,
    QueueChoices,
    QueueFilter,
    QueuePosition,
    QueueRow,
    Week,
)
from db.inspectors.queries.figures import Doubles
from db.store.session import Session
from pages.ui.kit import address
from pages.ui.kit.days import reader_zone
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, escape_markdown, moment, number, plural, text_of
from pages.ui.kit.phrases import due_phrase, with_interval
from pages.ui.kit.tables import clicked_row
from pages.ui.kit.terms import channel_name, spoken_language

ROWS = 50
_PLACES = "queue_places"
_NARROWED = "queue_narrowed"
_SEVERAL = 2


def headline(load: Load) -> None:
    if not load.open:
        st.info(
            _("Nothing is waiting for you. New encounters appear here once they are assigned."),
            icon=":material/task_alt:",
        )
        return
    parts = [plural("{count} to score", "{count} to score", load.open)]
    if load.due_today:
        parts.append(_("{count} due today", count=load.due_today))
    if load.overdue:
        parts.append(_("{count} overdue", count=load.overdue))
    st.subheader(_(", ").join(parts))


def narrowed(choices: QueueChoices) -> QueueFilter:
    """Fields for what there is several of, kept in the address; a changed one begins at the top."""
    with st.container(horizontal=True, key="queue_filter"):
        channel = _field(_("Channel"), "channel", choices.channels, channel_name)
        language = _field(_("Language"), "language", choices.languages, _language)
        station = _field(_("Station"), "station", choices.stations, str)
    only = QueueFilter(channel=channel, language=language, station=station)
    if st.session_state.get(_NARROWED) != only:
        st.session_state[_NARROWED] = only
        st.session_state.pop(_PLACES, None)
    return only


def _field(label: str, name: str, codes: Sequence[str], show: Callable[[str], str]) -> str | None:
    if len(codes) < _SEVERAL and name not in st.query_params:
        return None
    words = {code or NOT_RECORDED: show(code) for code in codes}
    picked = address.choice(label, name, words, _("All"))
    return "" if picked == NOT_RECORDED else picked


def _language(code: str) -> str:
    return spoken_language(code) or _("Not recorded")


def filter_line(inside: Load, whole: Load) -> None:
    """How many the filter leaves, and what is overdue outside it."""
    left = plural(
        "{count} of {total} matches the filter.",
        "{count} of {total} match the filter.",
        inside.open,
        total=number(whole.open, 0),
    )
    on = _("“Open next” and submitting stay within it, but for what is overdue, which comes first.")
    st.caption(f"{left} {on}")
    if outside := whole.overdue - inside.overdue:
        st.warning(
            plural(
                "{count} overdue lies outside the filter.",
                "{count} overdue lie outside the filter.",
                outside,
            ),
            icon=":material/schedule:",
        )


def target_line(day: DayTarget) -> None:
    """How many are done of what the day asks for; nothing where it asks for nothing."""
    if not day.target:
        return
    counts = {"scored": number(day.scored, 0), "target": number(day.target, 0)}
    if day.scored >= day.target:
        st.caption(
            _("Today: {scored} scored, {target} keep every due day: done for today.", **counts)
        )
        return
    share = day.scored / day.target
    st.progress(
        share,
        _("Today: {scored} of {target} scored; as many each day keep every due day.", **counts),
    )


def table(rows: Sequence[QueueRow], today: date) -> int | None:
    """The queue; the id of the assignment that was clicked."""
    page_rows = rows[:ROWS]
    clicked = clicked_row(
        pd.DataFrame([_cells(row, today) for row in page_rows]),
        "queue",
        alt=_("Encounters waiting to be scored, the most urgent first"),
    )
    return None if clicked is None else page_rows[clicked].assignment_id


def page_of_queue(session: Session, who: Identity, only: QueueFilter) -> list[QueueRow]:
    """The rows of the queue's open page, or of the last one left; one row more if any."""
    places: list[QueuePosition] = st.session_state.setdefault(_PLACES, [])
    while places:
        if rows := queue.queue(session, who, after=places[-1], limit=ROWS + 1, only=only):
            return rows
        places.pop()
    return queue.queue(session, who, limit=ROWS + 1, only=only)


def pager(rows: Sequence[QueueRow]) -> None:
    """Buttons to the earlier and later pages of a queue longer than one table."""
    places: list[QueuePosition] = st.session_state.setdefault(_PLACES, [])
    if not places and len(rows) <= ROWS:
        return
    with st.container(horizontal=True):
        if st.button(_("Earlier"), key="queue_earlier", disabled=not places):
            places.pop()
            st.rerun()
        if st.button(_("Later"), key="queue_later", disabled=len(rows) <= ROWS):
            places.append(rows[ROWS - 1].position)
            st.rerun()


def week_line(week: Week) -> None:
    parts = [_("This week: {count} scored", count=week.scored)]
    if week.median_seconds is not None:
        parts.append(_("median {time}", time=_time(week.median_seconds)))
    st.caption(" · ".join(parts))


def times_line(times: Sequence[ChecklistTime]) -> None:
    """The median of the last three months by checklist, once there is more than one of them."""
    if len(times) < _SEVERAL:
        return
    parts = [
        f"{text_of(row.checklist)} {_time(row.median_seconds)} ({number(row.count, 0)})"
        for row in times
    ]
    line = _("Median in three months: {times}", times=" · ".join(parts))
    st.caption(escape_markdown(line))


def _time(seconds: float) -> str:
    minutes, over = divmod(round(seconds), 60)
    return _("{minutes} min {seconds} s", minutes=minutes, seconds=over)


def agreement_line(doubles: Doubles) -> None:
    """How far the inspector's own double scorings agree with the colleagues'."""
    alike = shared_ac1(doubles.shares, confidence=LEVEL)
    if alike.value is None:
        return
    line = plural(
        "Scored twice in the last three months: {count} of yours, agreement (AC1) {agreement}.",
        "Scored twice in the last three months: {count} of yours, agreement (AC1) {agreement}.",
        doubles.shares.n,
        agreement=with_interval(alike),
    )
    apart = difference(doubles.scores, confidence=LEVEL)
    if apart.value is not None and apart.lower is not None and apart.upper is not None:
        half = number((apart.upper - apart.lower) / 2)
        points = number(abs(apart.value))
        if apart.lower > 0:
            sentence = _("You give {points} ± {half} points more than colleagues.")
        elif apart.upper < 0:
            sentence = _("You give {points} ± {half} points less than colleagues.")
        else:
            sentence = _("Your scores cannot be told from the colleagues'.")
        line += " " + sentence.format(points=points, half=half)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(line)
        how_computed("agreement_line", "agreement", "apart")


def _cells(row: QueueRow, today: date) -> dict[str, str]:
    return {
        _("Due"): due_phrase(row.due_on, today),
        _("Encounter"): row.case,
        _("When"): moment(row.occurred_at, reader_zone()),
        _("Channel"): channel_name(row.channel),
        _("Station"): row.station,
        _("Language"): _language(row.language),
        _("Checklist"): f"{text_of(row.checklist)} {row.version}",
        _("State"): _state(row),
    }


def _state(row: QueueRow) -> str:
    if row.saved_at is None:
        return _("new")
    return _(
        "draft {answered}/{asked}, saved {time}",
        answered=number(row.answered, 0),
        asked=number(row.visible_items, 0),
        time=moment(row.saved_at, reader_zone()),
    )
