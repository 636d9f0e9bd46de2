"""Backups, tried restores and times of keeping on the administrator's page."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from core.access import Identity
from core.safekeeping.retention import MONTHS, RetainedKind
from db.safekeeping.queries.safety import Safety, SafetyRun
from db.safekeeping.services.keeping_rules import LONGEST, save_rules
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, moment, number

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
        st.dataframe(_runs(safety.runs), hide_index=True, key="backup_runs")


def keeping(who: Identity, safety: Safety) -> None:
    """Months by kind; 0 keeps for good."""
    st.caption(
        _(
            "In months; 0 keeps for good. What is older is removed or made anonymous every night;"
            " scores and figures stay, without names. The proposals are ours; laws and contracts"
            " decide."
        )
    )
    with st.form("keeping", border=False, width=560):
        typed_months = {
            kind: st.number_input(
                record_names()[kind],
                0,
                LONGEST,
                safety.months[kind] or 0,
                help=_("Proposed: {months} months.", months=MONTHS[kind]),
                key=f"months_{kind}",
            )
            for kind in RetainedKind
        }
        if st.form_submit_button(_("Save"), type="primary"):
            with change(_("Saved.")) as session:
                months = {kind: value or None for kind, value in typed_months.items()}
                save_rules(session, who=who, months=months, now=wiring.now())
    if safety.removals:
        st.subheader(_("Removed lately"))
        st.dataframe(_removals(safety), hide_index=True, key="removals")


def record_names() -> dict[RetainedKind, str]:
    return {
        RetainedKind.CLEAR_VALUES: _("What was masked in transcripts, encrypted"),
        RetainedKind.RECORDINGS: _("Recordings"),
        RetainedKind.TRANSCRIPTS: _("Words of transcripts"),
        RetainedKind.FORMER_STAFF: _("Names of inactive staff"),
        RetainedKind.SIGN_INS: _("Sessions and refused sign-ins"),
        RetainedKind.LOG: _("Audit log"),
    }


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


def _removals(safety: Safety) -> pd.DataFrame:
    names: dict[str, str] = {kind.value: name for kind, name in record_names().items()}
    return pd.DataFrame(
        {
            _("Time"): [moment(row.at, reader_zone()) for row in safety.removals],
            _("Kind"): [names.get(row.kind, row.kind) for row in safety.removals],
            _("Older than"): [moment(row.older_than, reader_zone()) for row in safety.removals],
            _("Number"): [row.removed for row in safety.removals],
        }
    )
