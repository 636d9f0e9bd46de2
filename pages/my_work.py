"""What an inspector does now: the queue, the most urgent first."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.clock.days import begin_of
from core.periods import first_day
from db.inspection.queries import queue as work
from db.inspectors.queries import figures
from pages.ui.appeals.scores_changed import changed_scores
from pages.ui.inspection import queue
from pages.ui.inspectors import answer_patterns, leans
from pages.ui.kit import days, wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SCORE)
today, monday = days.today(), days.monday()
months, zone = days.three_months(), days.reader_zone()
with wiring.reading() as session:
    load = work.load(session, who, today=today)
    week = work.week(session, who, since=monday)
    target = work.day_target(session, who, today=today, since=days.this_morning())
    times = work.checklist_times(session, who, since=begin_of(first_day(months.first), zone))
    doubled = figures.own_doubles(session, who, months)
    choices = work.queue_choices(session, who)

st.title(_("My work"))
st.page_link("observe.py", label=_("New observation"), icon=":material/visibility:")
queue.headline(load)
queue.target_line(target)
if load.open:
    opens_next = st.button(
        _("Open next"),
        key="open_next",
        type="primary",
        icon=":material/edit_note:",
        shortcut="Enter",
    )
    only = queue.narrowed(choices)
    if opens_next:
        st.switch_page("score.py", query_params=only.as_address())
    with wiring.reading() as session:
        rows = queue.page_of_queue(session, who, only)
        inside = work.load(session, who, today=today, only=only)
    if only != work.EVERYTHING:
        queue.filter_line(inside, load)
    if not rows:
        st.info(_("Nothing in your queue matches the filter."), icon=":material/filter_alt_off:")
    elif assignment_id := queue.table(rows, today):
        address = {"assignment": str(assignment_id), **only.as_address()}
        st.switch_page("score.py", query_params=address)
    queue.pager(rows)
queue.week_line(week)
queue.times_line(times)
queue.agreement_line(doubled)
answer_patterns.own(who)
leans.own(who)
changed_scores(who)
