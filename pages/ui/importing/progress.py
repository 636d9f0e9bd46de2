"""The progress of the person's import, and its counts once it has ended."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from core.access import Identity
from db.importing import import_job
from db.importing.import_job import ImportOutcome, ImportState, import_state
from db.importing.journal import RowCounts
from db.importing.recordings.recordings_import import RECORDINGS
from pages.ui.importing import outlook
from pages.ui.importing.history import count_names, kind_names
from pages.ui.kit import wiring
from pages.ui.kit.auth import leave_if_over
from pages.ui.kit.messages import (
    _,
    errors_shown,
    escape_markdown,
    in_markdown,
    language,
    number,
    plural,
    show_error,
    show_notes,
    use_language,
)

_EVERY_SECONDS = 1.0


def own_state(who: Identity) -> ImportState | None:
    """How the person's last import goes; None if there is none, or it was put away."""
    with wiring.reading() as session:
        job = import_job.own_import(session, who, now=wiring.now())
    return import_state(job, wiring.files()) if job else None


def running(who: Identity) -> None:
    """A bar that moves by itself; the page is drawn anew when the import ends."""
    spoken = language()

    @st.fragment(run_every=_EVERY_SECONDS, key="import_progress")
    def bar() -> None:
        use_language(spoken)  # a fragment runs without the page around it
        leave_if_over()
        state = own_state(who)
        if state is None or not state.runs:
            st.rerun(scope="app")
        name = escape_markdown(state.file_name)
        read = number(state.counts.read, 0)
        text = (
            _("Taking in {file}: {count} files looked at", file=name, count=read)
            if state.kind == RECORDINGS
            else _("Importing {file}: {count} rows read", file=name, count=read)
        )
        st.progress(state.share, text)
        st.caption(_("You may leave this page; the import goes on."))

    bar()


def ended(who: Identity, state: ImportState) -> None:
    """The counts and the refused rows, or the one reason why nothing went in."""
    st.subheader(f"{kind_names()[state.kind]} · {escape_markdown(state.file_name)}")
    if state.stopped:
        st.warning(
            _("The import stopped before its end. Start it again: nothing is doubled."),
            icon=":material/pause_circle:",
        )
        if st.button(_("Start again"), type="primary", key=f"restart_import_{state.job_id}"):
            with errors_shown():
                _start_again(who, state.job_id)
                st.rerun()
    elif state.error:
        show_error(state.error)
        st.caption(_("Nothing was imported."))
    elif state.held and state.outcome:
        _held(who, state, state.outcome)
        return
    elif state.outcome:
        _outcome(state.kind, state.outcome, strict=state.strict)
    if st.button(_("Import another file"), key=f"another_import_{state.job_id}"):
        with errors_shown():
            with wiring.transaction() as session:
                import_job.put_away(session, who, state.job_id, now=wiring.now())
            st.rerun()


def _held(who: Identity, state: ImportState, outcome: ImportOutcome) -> None:
    """What the import would do; it goes on, or the file waits as before.

    The keys name the import: who answers in a tab left open does not answer for a later one.
    """
    outlook.question(outcome.forecast)
    _counts(state.kind, outcome.counts)
    show_notes(outcome.forecast.notes)
    if state.kind != RECORDINGS:
        outlook.columns_table(outcome.forecast)
    if outcome.ignored:
        _left_out(outcome)
    if outcome.counts.refused:
        _refused(state.kind, outcome)
    with st.container(horizontal=True):
        goes_on = st.button(
            _("Import all the same") if outcome.forecast.losses() else _("Import"),
            type="primary",
            icon=":material/upload:",
            key=f"agree_import_{state.job_id}",
        )
        is_declined = st.button(_("Do not import"), key=f"decline_import_{state.job_id}")
    if goes_on or is_declined:
        answer = _agree if goes_on else _decline
        with errors_shown():
            answer(who, state.job_id)
            st.rerun()


def _agree(who: Identity, job_id: int) -> None:
    with wiring.transaction() as session:
        import_job.agree_to_own(session, who, job_id, now=wiring.now())
    import_job.start(job_id)


def _decline(who: Identity, job_id: int) -> None:
    with wiring.transaction() as session:
        import_job.decline(session, who, job_id, now=wiring.now())


def _start_again(who: Identity, job_id: int) -> None:
    with wiring.transaction() as session:
        import_job.start_again(session, who, job_id, now=wiring.now())
    import_job.start(job_id)


def _outcome(kind: str, outcome: ImportOutcome, *, strict: bool) -> None:
    _counts(kind, outcome.counts)
    show_notes(outcome.forecast.notes)
    if outcome.ignored:
        _left_out(outcome)
    refused = outcome.counts.refused
    if not refused:
        went_in = _("Every file went in.") if kind == RECORDINGS else _("Every row went in.")
        st.success(went_in, icon=":material/check_circle:")
        return
    if strict:
        st.error(_("Nothing went in, because rows were refused."), icon=":material/error:")
    elif kind == RECORDINGS:
        st.warning(
            plural("{count} file was refused.", "{count} files were refused.", refused),
            icon=":material/warning:",
        )
    else:
        st.warning(
            plural("{count} row was refused.", "{count} rows were refused.", refused),
            icon=":material/warning:",
        )
    _refused(kind, outcome)
    refused_link(outcome.batch_id)


def _left_out(outcome: ImportOutcome) -> None:
    st.caption(_("Not imported: {headings}", headings=escape_markdown(", ".join(outcome.ignored))))


def _refused(kind: str, outcome: ImportOutcome) -> None:
    """The first ones, with their reasons; of recordings their files."""
    places = [escape_markdown(refusal.column or "—") for refusal in outcome.refusals]
    lines = [refusal.line for refusal in outcome.refusals]
    where = {_("File"): places} if kind == RECORDINGS else {_("Line"): lines, _("Column"): places}
    st.table(
        {
            **where,
            _("Reason"): [
                in_markdown(refusal.sentence, **refusal.values) for refusal in outcome.refusals
            ],
        }
    )


def refused_link(batch_id: int) -> None:
    st.link_button(
        _("All refused rows as CSV"),
        f"/api/imports/{batch_id}/refused.csv",
        icon=":material/download:",
    )


def _counts(kind: str, counts: RowCounts) -> None:
    values = asdict(counts)
    with st.container(horizontal=True):
        for name, label in count_names(kind).items():
            st.metric(label, number(values[name], 0), border=True)
