"""The parts of the coverage page: headline, draw, hand-over, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Action, Identity, Scope, can, require, visible_stations
from core.checklist import CHANNELS
from core.checklist.choice import EncounterKind
from core.errors import PortalError
from core.periods import shift
from core.plan import Plan
from db.checklists.queries.choice import checklists_in_force
from db.inspection.queries import coverage
from db.inspection.queries.coverage import EVERYTHING, CoverageSelection
from db.inspection.queries.sampling_frame import FrameCount
from db.inspection.services.sampling_plans import DrawnPlan, draw_plan, to_be_drawn
from db.people.queries.people import stations
from db.store.days import portal_day
from db.store.session import Session
from pages.ui.inspection import waiting
from pages.ui.kit import forms, typed_words, wiring
from pages.ui.kit.address import choice
from pages.ui.kit.days import running_month, today
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import (
    _,
    day,
    escape_markdown,
    flash,
    language,
    number,
    plural,
    show_error,
    text_of,
)
from pages.ui.kit.tables import clicked_row, marked_row, show_table
from pages.ui.kit.terms import business_line_name, case_kind_name, channel_name

_SEEN_DAYS = 92
_TOO_FEW = 4
_USUAL_LINE = "airline"
_DRAW = "draw"
_MOST_OVERDUE = 200
_WIDTHS = (66, 48, 66, 74)  # of the counts, in pixels: a telephone shows all beside a name


def pick_selection(who: Identity) -> CoverageSelection:
    """Station and channel, as the address has them; an inspector has only the own work."""
    reach = visible_stations(who, Action.SEE_COVERAGE)
    with wiring.reading() as session:
        places = {
            str(row.id): row.name(language())
            for row in stations(session)
            if reach is None or row.id in reach
        }
    channels = {str(channel): channel_name(channel) for channel in CHANNELS}
    with st.container(horizontal=True, key="filters"):
        station = choice(_("Station"), "station", places, _("All stations"))
        channel = choice(_("Channel"), "channel", channels, _("All channels"))
    return CoverageSelection(int(station) if station else None, channel)


def headline(who: Identity, selection: CoverageSelection) -> None:
    """The answer first: how much is done and how much is late."""
    rows = _by_inspector(who, selection)
    drawn, done = sum(row.drawn for row in rows), sum(row.done for row in rows)
    late = sum(row.overdue for row in rows)
    if not drawn and selection != EVERYTHING:
        st.subheader(_("Nothing of this selection was due in the last three months."))
        return
    if not drawn:
        st.subheader(_("Nothing was due in the last three months."))
        st.caption(_("Draw a sampling plan to fill the inspectors' queues."))
        return
    share = number(100 * done / drawn, 0)
    st.subheader(
        plural(
            "{done} of {drawn} are scored ({share} %), {count} is overdue.",
            "{done} of {drawn} are scored ({share} %), {count} are overdue.",
            late,
            done=done,
            drawn=drawn,
            share=share,
        )
    )
    st.caption(_("What was due in the last three months or will be."))


def draw_form(who: Identity, *, counted: bool) -> None:
    """The form of a sampling plan; with `counted`, first how many encounters can be drawn."""
    last_month = str(shift(running_month(), -1))
    month = st.text_input(
        _("Month (yyyymm)"), last_month, max_chars=6, key=typed_words.field_key(_DRAW, "month")
    )
    if counted:
        _to_be_drawn(who, month)
    with forms.opened(_DRAW):
        first, second = st.columns(2)
        quota = first.number_input(
            _("Encounters per member of staff"), 1, 50, **forms.amount(_DRAW, "quota", 4)
        )
        seed = second.number_input(
            _("Seed"), 0, 2**31 - 1, **forms.amount(_DRAW, "seed", int(last_month))
        )
        cross = first.slider(
            _("Scored from another region (%)"), 0, 50, **forms.choice(_DRAW, "cross", 15)
        )
        double = second.slider(
            _("Scored twice, blind (%)"), 0, 50, **forms.choice(_DRAW, "double", 8)
        )
        soon = today() + timedelta(days=14)
        due = first.date_input(_("Due"), **forms.choice(_DRAW, "due", soon))
        if not st.button(_("Draw and assign"), type="primary", key=f"{forms.key(_DRAW)}_draw"):
            return
    plan = Plan(quota=quota, cross_share=cross / 100, double_share=double / 100, seed=seed)
    try:
        with st.spinner(_("Drawing …")):
            drawn = _draw(who, month, plan, due)
    except PortalError as error:
        show_error(error)
        return
    flash(_report(who, drawn))
    st.rerun()


def _to_be_drawn(who: Identity, month: str) -> None:
    try:
        with wiring.reading() as session:
            frame = to_be_drawn(session, who=who, month=_month(month), now=wiring.now())
            titles = _titles(session, who)
    except PortalError as error:
        show_error(error)
        return
    count = number(frame.drawable, 0)
    st.markdown(
        plural(
            "{shown} encounter can be drawn.",
            "{shown} encounters can be drawn.",
            frame.drawable,
            shown=count,
        )
    )
    lines = [
        f"{number(count, 0)} {channel_name(channel)} → {titles.get(key, key)}"
        for channel, key, count in frame.given
    ]
    if lines:
        st.markdown(escape_markdown(_("; ").join(lines)))
    for sentence in _left_out(frame, titles):
        st.markdown(escape_markdown(sentence))
    if frame.unfit:
        st.page_link(
            "checklist_choice.py", label=_("Which checklist for what"), icon=":material/alt_route:"
        )


def _titles(session: Session, who: Identity) -> dict[str, str]:
    """The titles of the checklists in force, by key."""
    on = portal_day(session, wiring.now())
    return {key: text_of(one.title) for key, one in checklists_in_force(session, who, on).items()}


def _left_out(frame: FrameCount, titles: Mapping[str, str]) -> list[str]:
    """The encounters that a draw leaves out, a sentence for each reason."""
    unfit = sum(count for _kind, count in frame.unfit)
    sentences = []
    if unfit:
        sentences.append(
            plural(
                "No checklist fits {shown} encounter, left out: {kinds}.",
                "No checklist fits {shown} encounters, left out: {kinds}.",
                unfit,
                shown=number(unfit, 0),
                kinds=_(", ").join(
                    f"{_kind_name(kind, titles)} {number(count, 0)}" for kind, count in frame.unfit
                ),
            )
        )
    if frame.refused:
        sentences.append(
            plural(
                "{shown} without consent, left out.",
                "{shown} without consent, left out.",
                frame.refused,
                shown=number(frame.refused, 0),
            )
        )
    return sentences


def _kind_name(kind: EncounterKind, titles: Mapping[str, str]) -> str:
    line = "" if kind.business_line == _USUAL_LINE else business_line_name(kind.business_line)
    named = titles.get(kind.named, kind.named)
    names = (channel_name(kind.channel), case_kind_name(kind.case_kind), line, named)
    return " · ".join(name for name in names if name)


def tables(who: Identity, selection: CoverageSelection) -> None:
    """What is overdue, and the assignments by inspector, station and member of staff.

    A click on a row opens the cases behind, for those who may read them.
    """
    since, until = _window()
    _overdue(who, since, until, selection)
    by_case = can(who, Action.SEE_CASES)
    by_inspector = _by_inspector(who, selection)
    if by_inspector:
        st.markdown("#### " + _("Inspectors"))
        named = by_case and can(who, Action.SEE_INSPECTORS)
        _table(_("Inspector"), "inspector", by_inspector, selection, leads=named)
    with wiring.reading() as session:
        by_station = coverage.by_station(
            session, who, since=since, today=until, language=language(), selection=selection
        )
    if by_station:
        st.markdown("#### " + _("Stations"))
        _table(_("Station"), "station", by_station, selection, leads=by_case)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("± is half of the 90 % interval of a pass rate near 85 %, in points."))
            how_computed("coverage_station", "coverage")
    if can(who, Action.SEE_STAFF_NAMES) and require(who, Action.SEE_COVERAGE) is not Scope.OWN:
        with wiring.reading() as session:
            staff = coverage.by_staff(session, who, since=since, today=until, selection=selection)
        few = [row for row in staff if row.done < _TOO_FEW]
        if staff:
            st.markdown("#### " + _("Staff with fewer than {count} inspections", count=_TOO_FEW))
        if few:
            _table(_("Staff"), "person", few, selection, leads=by_case)
        elif staff:
            st.caption(_("Everybody has enough."))
    if by_case and by_inspector:
        st.caption(_("A click on a row opens the cases of these months."))


def _overdue(who: Identity, since: date, until: date, selection: CoverageSelection) -> None:
    """The encounters that wait longer than they should, the longest first."""
    with wiring.reading() as session:
        rows = coverage.overdue(
            session, who, since=since, today=until, selection=selection, limit=_MOST_OVERDUE
        )
    if not rows:
        return
    columns: dict[str, list[Cell]] = {
        _("Due"): [day(row.due_on) for row in rows],
        _("Days late"): [(until - row.due_on).days for row in rows],
        _("Encounter"): [row.case for row in rows],
        _("Inspector"): [row.inspector for row in rows],
        _("Station"): [row.station for row in rows],
        _("Channel"): [channel_name(row.channel) for row in rows],
    }
    count = sum(row.overdue for row in _by_inspector(who, selection))
    label = _("What is overdue ({count})", count=number(count, 0))
    with st.expander(label, icon=":material/schedule:"):
        marked = None
        if can(who, Action.ASSIGN):
            marked = marked_row(pd.DataFrame(columns), f"overdue_{len(rows)}", alt=label)
            st.caption(_("Mark one to give it to another inspector or to take it back."))
        else:
            show_table(pd.DataFrame(columns), alt=label)
        if len(rows) < count:
            st.caption(_("The {count} that are overdue longest.", count=_MOST_OVERDUE))
        if marked is not None:
            waiting.one(who, rows[marked].assignment_id)
        due: list[Cell] = [row.due_on.isoformat() for row in rows]
        download_menu("overdue", table=Table.of("overdue", {**columns, _("Due"): due}))


def _table(
    title: str,
    filtered: str,
    rows: Sequence[coverage.Coverage],
    selection: CoverageSelection,
    *,
    leads: bool,
) -> None:
    """Assignments by whom or what the cases can be `filtered`; of stations with their margins."""
    columns: dict[str, list[Cell]] = {
        title: [row.name for row in rows],
        _("Assigned"): [row.drawn for row in rows],
        _("Done"): [row.done for row in rows],
        _("Overdue"): [row.overdue for row in rows],
        _("Put aside"): [row.skipped for row in rows],
    }
    margins: dict[str, list[float | None]] = {}
    if filtered == "station":
        margins["±"] = [row.margin for row in rows]
        margins[_("± once all is done")] = [row.margin_to_come for row in rows]
    config: dict[str, Any] = {
        name: st.column_config.Column(width=width)
        for name, width in zip([*columns][1:], _WIDTHS, strict=True)
    }
    config |= {name: st.column_config.Column(alignment="right") for name in margins}
    written = {name: [number(value) for value in values] for name, values in margins.items()}
    frame, key = pd.DataFrame({**columns, **written}), f"coverage_{filtered}"
    clicked = None
    if leads:
        clicked = clicked_row(frame, key, alt=title, column_config=config)
    else:
        show_table(frame, column_config=config, key=key, alt=title)
    download_menu(key, table=Table.of(key, {**columns, **margins}))
    if clicked is not None:
        since, until = _window()
        chosen = {"station": selection.station_id, "channel": selection.channel}
        address = {name: str(value) for name, value in chosen.items() if value is not None}
        address |= {
            filtered: str(rows[clicked].key),
            "from": f"{since:%Y%m}",
            "to": f"{until:%Y%m}",
        }
        st.switch_page("cases.py", query_params=address)


def _by_inspector(who: Identity, selection: CoverageSelection) -> list[coverage.Coverage]:
    since, until = _window()
    with wiring.reading() as session:
        return coverage.by_inspector(session, who, since=since, today=until, selection=selection)


def _window() -> tuple[date, date]:
    until = today()
    return until - timedelta(days=_SEEN_DAYS), until


def _draw(who: Identity, month: str, plan: Plan, due: date) -> DrawnPlan:
    with wiring.transaction() as session:
        drawn = draw_plan(
            session, who=who, month=_month(month), plan=plan, due_on=due, now=wiring.now()
        )
        forms.stored(session, _DRAW)
    forms.close(_DRAW)
    return drawn


def _month(written: str) -> int:
    return int(written) if written.isdecimal() else 0


def _report(who: Identity, drawn: DrawnPlan) -> str:
    with wiring.reading() as session:
        titles = _titles(session, who)
    text = _(
        "Drawn from {frame}: {random} at random, {must} must be inspected, {doubles} scored twice.",
        frame=drawn.frame.drawable,
        random=drawn.random,
        must=drawn.must_inspect,
        doubles=drawn.doubles,
    )
    text = " ".join([text, *_left_out(drawn.frame, titles)])
    if not drawn.unlinked:
        return text
    with wiring.reading() as session:
        codes = [row.code for row in stations(session) if row.id in drawn.unlinked]
    return (
        text
        + " "
        + _("Not linked to the others by shared inspectors: {stations}.", stations=", ".join(codes))
    )
