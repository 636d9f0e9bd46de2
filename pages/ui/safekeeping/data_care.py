"""Backups and tried restores on the administrator's page."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from db.safekeeping.queries.safety import Safety, SafetyRun
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, moment, number
from pages.ui.kit.tables import show_table

_BACKUP_AGE = timedelta(days=2)
_RESTORE_AGE = timedelta(days=15)
_MEGABYTE = 1_000_000


def backups(safety: Safety) -> None:
    """The last good backup and tried restore, what is overdue, and the newest runs."""
    backup_problem = _last(safety.last_backup, _BACKUP_AGE, _("No backup has been made yet."))
    restore_problem = _last(
        safety.last_restore, _RESTORE_AGE, _("No restore has been tried out yet.")
    )
    left, right = st.columns(2)
    with left:
        _card(_("Last good backup"), safety.last_backup, backup_problem)
    with right:
        _card(_("Last good restore test"), safety.last_restore, restore_problem)
    st.caption(
        _(
            "A backup is made every night and tried out every Sunday. The key that opens it is not"
            ' in it: keep a copy of the folder "keys" somewhere else.'
        )
    )
    if safety.runs:
        show_table(_runs(safety.runs), key="backup_runs")


def _last(run: SafetyRun | None, age: timedelta, never: str) -> str:
    if run is None:
        return never
    return _("It is overdue.") if wiring.now() - run.finished_at > age else ""


def _card(title: str, run: SafetyRun | None, problem: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{title}**")
        if run is not None:
            st.write(moment(run.finished_at, reader_zone()))
        if problem:
            st.warning(problem, icon=":material/warning:")
        else:
            st.success(_("All well."), icon=":material/check_circle:")


def _runs(runs: tuple[SafetyRun, ...]) -> pd.DataFrame:
    kinds = {"backup": _("Backup"), "restore_test": _("Restore test")}
    return pd.DataFrame(
        {
            _("Time"): [moment(run.finished_at, reader_zone()) for run in runs],
            _("Kind"): [kinds.get(run.kind, run.kind) for run in runs],
            _("Name"): [run.name for run in runs],
            _("Size (MB)"): [number(run.size / _MEGABYTE) if run.size else "—" for run in runs],
            _("Problem"): [run.problem for run in runs],
        }
    )
