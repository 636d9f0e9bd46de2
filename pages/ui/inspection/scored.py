"""The inspector's own submissions as a table, with those that can still be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from statistics import median

import pandas as pd
import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.inspection.queries.scored import ScoredRow
from db.inspection.services.recall import recall
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, escape_markdown, moment, number, plural, show_error, text_of
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import channel_name

SINCE = timedelta(days=14)


def recall_time() -> timedelta:
    """How long a submission can be taken back."""
    return timedelta(minutes=wiring.settings().recall_minutes)


def take_back(who: Identity, rows: Sequence[ScoredRow]) -> int | None:
    """A button for each submission that can be taken back; the assignment that is open again."""
    open_rows = [row for row in rows if row.recallable]
    if not open_rows:
        st.caption(
            _(
                "What you submit can be taken back here for {minutes} minutes, "
                "while nobody has opened it.",
                minutes=wiring.settings().recall_minutes,
            )
        )
        return None
    for row in open_rows:
        until = moment(row.submitted_at + recall_time(), reader_zone())
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                escape_markdown(
                    _(
                        "{number} · {case} · score {score} · can be taken back until {time}",
                        number=row.inspection_id,
                        case=row.case,
                        score=number(row.score),
                        time=until,
                    )
                )
            )
            if st.button(
                _("Take back and correct"),
                key=f"recall_{row.inspection_id}",
                icon=":material/undo:",
            ) and (opened := _recalled(who, row)):
                return opened
    return None


def _recalled(who: Identity, row: ScoredRow) -> int | None:
    try:
        with wiring.transaction() as session:
            return recall(
                session,
                who=who,
                inspection_id=row.inspection_id,
                within=recall_time(),
                now=wiring.now(),
            )
    except PortalError as error:
        show_error(error)
        return None


def table(rows: Sequence[ScoredRow]) -> None:
    if not rows:
        st.info(_("Nothing scored in the last 14 days."), icon=":material/task_alt:")
        return
    st.subheader(
        plural(
            "{count} encounter scored in the last 14 days",
            "{count} encounters scored in the last 14 days",
            len(rows),
        )
    )
    show_table(
        pd.DataFrame([_cells(row) for row in rows]),
        alt=_("Encounters that you have scored, the newest first"),
    )


def by_checklist(rows: Sequence[ScoredRow]) -> None:
    """How many and how long, by checklist."""
    if not rows:
        return
    groups: defaultdict[str, list[ScoredRow]] = defaultdict(list)
    for row in rows:
        groups[f"{text_of(row.checklist)} {row.version}"].append(row)
    st.subheader(_("By checklist"))
    show_table(
        pd.DataFrame([_figures(title, group) for title, group in sorted(groups.items())]),
        alt=_("Your scored encounters by checklist"),
    )


def _cells(row: ScoredRow) -> dict[str, str]:
    return {
        _("Inspection no."): str(row.inspection_id),
        _("Submitted"): moment(row.submitted_at, reader_zone()),
        _("Encounter"): row.case,
        _("Channel"): channel_name(row.channel),
        _("Station"): row.station,
        _("Checklist"): f"{text_of(row.checklist)} {row.version}",
        _("Score"): number(row.score),
        _("State"): _state(row),
    }


def _state(row: ScoredRow) -> str:
    words = [_("critical error")] if row.critical else []
    return _(", ").join([*words, _("amended")] if row.amended else words)


def _figures(title: str, rows: Sequence[ScoredRow]) -> dict[str, str]:
    seconds = [row.active_seconds for row in rows if row.active_seconds is not None]
    scores = [row.score for row in rows if row.score is not None]
    return {
        _("Checklist"): title,
        _("Scored"): number(len(rows), 0),
        _("Median time"): _minutes(median(seconds)) if seconds else "—",
        _("Median score"): number(median(scores)) if scores else "—",
    }


def _minutes(seconds: float) -> str:
    whole, rest = divmod(round(seconds), 60)
    return _("{minutes} min {seconds} s", minutes=whole, seconds=rest)
