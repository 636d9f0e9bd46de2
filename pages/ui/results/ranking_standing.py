"""The ranking of a slice as pages see it: there, behind, on its way, or failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import streamlit as st

from core.clock.days import day_of
from core.settings import Settings
from db.results.queries import rankings
from db.results.queries.rankings import PendingRanking, Snapshot
from db.results.queries.stations import Slice
from db.results.services.rankings import PATIENCE
from db.upkeep.jobs import DEBOUNCE_SECONDS, Jobs
from pages.ui.kit import wiring
from pages.ui.kit.auth import leave_if_over
from pages.ui.kit.days import reader_zone, today
from pages.ui.kit.messages import _, language, moment, time_of_day, use_language

_LOOK_EVERY = 2.0
_SLOW = 60
_OVERLAP = timedelta(minutes=1)
"""So long before it was computed a ranking may have read what a deed changed meanwhile."""


@dataclass(frozen=True)
class RankingState:
    """The ranking that may be shown, if any, and what is being done about a newer one.

    `stored` is not shown while it holds an inspection that counts no more: live figures beside it
    would be of other inspections.
    """

    snapshot: Snapshot | None
    waiting: PendingRanking | None
    is_current: bool
    stored: Snapshot | None


def standing(slice_: Slice, version: int) -> RankingState:
    """The stored ranking of a slice and its state; a missing or outdated one is ordered anew."""
    ranking = _look(slice_, version)
    if not ranking.is_current and (ranking.waiting is None or _is_lost(ranking.waiting)):
        delay = DEBOUNCE_SECONDS if ranking.snapshot else 0
        jobs_of(wiring.settings()).ask_for_ranking(slice_, now=wiring.now(), delay=delay)
        ranking = _look(slice_, version)
    return ranking


def show_standing(slice_: Slice, ranking: RankingState) -> None:
    """Say how old the figures are; while newer ones are computed, look again by itself."""
    if ranking.waiting is not None and ranking.waiting.problem:
        st.warning(_("No newer ranking: {problem}", problem=_(ranking.waiting.problem)))
        return
    text = _("Plain means. The ranking that takes inspectors into account is being computed.")
    if ranking.snapshot is not None:
        age = _clock(ranking.snapshot.computed_at)
        if ranking.is_current:
            st.caption(_("Figures of {time}.", time=age))
            return
        text = _("Figures of {time}; newer inspections are being added.", time=age)
    _watch(language(), slice_, ranking.stored, text)


@st.fragment(run_every=_LOOK_EVERY)
def _watch(spoken: str, slice_: Slice, stored: Snapshot | None, text: str) -> None:
    use_language(spoken)  # a fragment runs without the page around it
    leave_if_over()
    with wiring.reading() as session:
        newest = rankings.snapshot(session, slice_)
        wait = rankings.waiting(session, slice_)
    if newest != stored or (wait is not None and wait.problem):
        st.rerun()
    seconds = (wiring.now() - wait.since).total_seconds() if wait else 0
    if seconds > _SLOW:
        text = _("The ranking takes unusually long; is the worker running?")
    st.caption(f":material/hourglass_top: {text} {seconds:.0f} s")


def _clock(instant: datetime) -> str:
    """The time of day where the reader is, with the date unless it is today."""
    zone = reader_zone()
    shown = time_of_day if day_of(instant, zone) == today() else moment
    return shown(instant, zone)


def _look(slice_: Slice, version: int) -> RankingState:
    with wiring.reading() as session:
        stored = rankings.snapshot(session, slice_)
        wait = rankings.waiting(session, slice_)
        is_current = stored is not None and stored.version == version
        holds = stored is not None and (
            is_current or not rankings.withdrawn_since(session, stored.computed_at - _OVERLAP)
        )
    return RankingState(stored if holds else None, wait, is_current, stored)


def _is_lost(wait: PendingRanking) -> bool:
    return wiring.now() - wait.since > PATIENCE


@lru_cache(maxsize=4)
def jobs_of(settings: Settings) -> Jobs:
    """The portal's jobs, seen from who asks."""
    return Jobs(settings, wiring.engine())
