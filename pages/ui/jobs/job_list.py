"""The jobs of the portal as a list that follows them while they run."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.access import Identity
from core.jobs.states import JobState
from db.checklists.queries.texts import ChecklistTexts, checklist_texts
from db.jobs import services
from db.jobs.queries import JobView, ListedJob, jobs
from db.jobs.record import error_of
from pages.ui.jobs.job_words import (
    asker_name,
    duration,
    job_name,
    outcome_sentence,
    state_badge,
    state_names,
)
from pages.ui.kit import wiring
from pages.ui.kit.address import choice
from pages.ui.kit.auth import leave_if_over
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import (
    _,
    errors_shown,
    escape_markdown,
    flash,
    in_markdown,
    language,
    moment,
    use_language,
)
from pages.ui.kit.tables import Pages, pages_of
from pages.ui.results.ranking_standing import jobs_of

_PAGE = 25
_EVERY_SECONDS = 2.0


def state_field() -> JobState | None:
    """The state to which the list is narrowed, as the address says."""
    names = {state.value: name for state, name in state_names().items()}
    with st.container(width=260):
        code = choice(_("State"), "state", names, _("All states"))
    return JobState(code) if code else None


def job_list(who: Identity, state: JobState | None) -> None:
    """A page of jobs, newest first; while one waits or runs it looks again by itself."""
    pages = pages_of("jobs", state, int)
    rows = _read(who, state, pages)
    if not rows:
        text = _("No job is in this state.") if state else _("Nothing was done yet.")
        st.info(text, icon=":material/task_alt:")
        return
    texts, spoken = Reader()(checklist_texts), language()
    follows = any(row.job.is_open for row in rows)

    @st.fragment(run_every=_EVERY_SECONDS if follows else None, key="job_list")
    def listed() -> None:
        use_language(spoken)  # a fragment runs without the page around it
        leave_if_over()
        rows = _read(who, state, pages)
        if follows != any(row.job.is_open for row in rows):
            st.rerun(scope="app")  # to begin following, or to end it
        for row in rows[:_PAGE]:
            _show(who, row, texts)

    listed()
    with st.container(horizontal=True):
        pages.back_button(_("Newer"))
        pages.more_button(rows[_PAGE - 1].job.id if len(rows) > _PAGE else None, _("Older"))


def _read(who: Identity, state: JobState | None, pages: Pages[int]) -> list[ListedJob]:
    with wiring.reading() as session:
        return jobs(session, who, state=state, after=pages.after, now=wiring.now(), limit=_PAGE + 1)


def _show(who: Identity, row: ListedJob, texts: Mapping[int, ChecklistTexts]) -> None:
    job = row.job
    with st.container(border=True, key=f"job_{job.id}"):
        what, state, outcome = st.columns([5, 3, 5], vertical_alignment="center")
    with what, st.container(gap=None):
        st.markdown(f"**{job_name(job, texts)}**")
        if job.file_name:
            st.text(job.file_name)
        asker, time = row.asked_by or asker_name(job), moment(job.asked_at, reader_zone())
        st.caption(_("Asked for by {who}, {time}", who=escape_markdown(asker), time=time))
    with state, st.container(gap=None):
        st.markdown(state_badge(job.state))
        if job.state == JobState.RUNNING:
            st.progress(job.share)
        st.caption(escape_markdown(_times(job)))
    with outcome, st.container(gap="small"):
        _show_outcome(who, job)


def _times(job: JobView) -> str:
    """When it was begun, and how long it took or has taken up to now."""
    if job.begun_at is None:
        return _("Not begun")
    until = job.ended_at or (job.heard_at if job.state == JobState.STOPPED else wiring.now())
    begun = _("Begun {time}", time=moment(job.begun_at, reader_zone()))
    seconds = max(0.0, (until - job.begun_at).total_seconds())  # two hosts, two clocks
    return f"{begun} · {duration(seconds)}"


def _show_outcome(who: Identity, job: JobView) -> None:
    if sentence := outcome_sentence(job):
        st.markdown(escape_markdown(sentence))
    if error := error_of(job.outcome):
        st.markdown(in_markdown(error.sentence, **error.values))
    if job.state != JobState.STOPPED:
        return
    if not error:
        st.markdown(_("Nothing was heard of its process for a minute."))
    if st.button(_("Start again"), icon=":material/restart_alt:", key=f"start_again_{job.id}"):
        with errors_shown():
            _start_again(who, job.id)
            flash(_("Started again."))
            st.rerun(scope="app")


def _start_again(who: Identity, job_id: int) -> None:
    with wiring.transaction() as session:
        kind = services.start_again(session, who=who, job_id=job_id, now=wiring.now())
    jobs_of(wiring.settings()).have_done(job_id, kind)
