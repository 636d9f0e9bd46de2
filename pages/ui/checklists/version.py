"""One version of a checklist: read, built, tried, activated or retired, and how a pilot went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from core.access import Identity
from core.drafting import examine
from core.errors import PortalError
from db.checklists.queries import versions as reads
from db.checklists.queries.versions import Opened, ShownState
from db.checklists.services import drafting
from db.checklists.services.activation import Activation, activate, retire
from db.people.queries.people import stations as station_rows
from db.store.days import portal_day
from pages.ui.checklists import differences, editor, listing, version_reader, what_if
from pages.ui.checklists.checklist_files import export_menu
from pages.ui.checklists.checklist_words import text_here
from pages.ui.checklists.listing import go_to, link
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, escape_markdown, flash, language, number, plural, show_error
from pages.ui.kit.tables import show_table


def show(who: Identity, opened: Opened) -> None:
    """Title, actions, then the version itself and its comparisons."""
    link(_("Checklists"), None, ":material/arrow_back:")
    title, buttons = st.columns([3, 2], vertical_alignment="bottom")
    with title:
        st.title(escape_markdown(text_here(opened.row.title, opened.row.key)))
        st.caption(listing.describe(opened.row))
    with buttons:
        _actions(who, opened)
    views = _views(who, opened)
    tabs = st.tabs(list(views), on_change="rerun", key=f"version_tab_{len(views)}")
    for tab, view in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                view(opened)


def _views(who: Identity, opened: Opened) -> dict[str, Callable[[Opened], None]]:
    """The tabs of a version, by name."""
    views: dict[str, Callable[[Opened], None]] = {}
    if opened.row.state == ShownState.DRAFT:
        views |= {_("Build"): editor.build, _("Try it as the inspector"): editor.trial}
    else:
        views[_("Items")] = version_reader.tab
    views |= {_("Compare"): partial(differences.tab, who), _("What if"): partial(what_if.tab, who)}
    if opened.row.stations:
        views[_("Pilot")] = partial(pilot_tab, who)
    return views


def _actions(who: Identity, opened: Opened) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", key="version_actions"):
        if opened.checklist is not None:
            export_menu(opened.checklist, f"{opened.row.key}-{opened.row.number}")
        if opened.row.state == ShownState.DRAFT:
            with st.popover(_("Discard"), icon=":material/delete:", key="discard_menu"):
                _discard(who, opened)
            with st.popover(
                _("Activate"), icon=":material/check_circle:", type="primary", key="activate_menu"
            ):
                _activate(who, opened)
            return
        if opened.row.state != ShownState.RETIRED:
            with st.popover(_("Retire"), icon=":material/archive:", key="retire_menu"):
                _retire(who, opened)
        if st.button(_("New draft of this version"), icon=":material/edit:", key="derive"):
            _derive(who, opened)


def pilot_tab(who: Identity, opened: Opened) -> None:
    """The pilot's stations beside the others, version by version."""
    row = opened.row
    with wiring.reading() as session:
        names = {station.id: station.name(language()) for station in station_rows(session)}
        figures = reads.pilot_figures(session, who, row.checklist_id, row.stations)
    stations = _(", ").join(escape_markdown(names[station_id]) for station_id in row.stations)
    st.markdown(_("Pilot at: {stations}", stations=stations))
    show_table(
        {
            _("Version"): [group.version for group in figures],
            _("Stations"): [
                _("of the pilot") if group.at_pilots else _("all others") for group in figures
            ],
            _("Inspections"): [group.n for group in figures],
            _("Mean score"): [number(group.mean) for group in figures],
        },
        height="content",
    )
    st.caption(_("Judge a pilot by how its stations changed against how the others did meanwhile."))


def _activate(who: Identity, opened: Opened) -> None:
    """The form of activation: day and stations; refused while the draft has errors."""
    errors = examine(opened.content).errors
    if errors:
        count = len(errors)
        st.markdown(
            plural("{count} problem bars activation", "{count} problems bar activation", count)
        )
        st.caption(_("They are listed below the draft; each leads to its place."))
        return
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
        names = {station.id: station.name(language()) for station in station_rows(session)}
    form = f"activate_{opened.row.id}"
    day = _day_field(form, _("In force from"), today)
    station_ids = st.multiselect(
        _("Only at these stations (empty: everywhere)"),
        list(names),
        format_func=names.__getitem__,
        **forms.choice(form, "stations", [], list(names)),
    )
    st.caption(
        _("A pilot stands beside the version in force.")
        if station_ids
        else _("The version in force ends the day before.")
    )
    if st.button(_("Activate now"), type="primary", key="activate") and isinstance(day, date):
        with change(_("Activated."), form) as session:
            activate(
                session,
                who=who,
                version_id=opened.row.id,
                edit=opened.row.edit,
                activation=Activation(day, frozenset(station_ids)),
                now=wiring.now(),
            )


def _retire(who: Identity, opened: Opened) -> None:
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
    form = f"retire_{opened.row.id}"
    day = _day_field(form, _("Not in force from"), today)
    if st.button(_("Retire"), key="retire", type="primary") and isinstance(day, date):
        with change(_("Retired."), form) as session:
            retire(session, who=who, version_id=opened.row.id, until=day, now=wiring.now())


def _day_field(form: str, label: str, today: date) -> object:
    """A day from today on; one that is kept since an earlier day becomes today."""
    kept = forms.choice(form, "day", today)
    st.session_state[kept["key"]] = max(today, st.session_state[kept["key"]] or today)
    return st.date_input(label, min_value=today, **kept)


def _discard(who: Identity, opened: Opened) -> None:
    st.markdown(_("This draft is deleted for good."))
    if st.button(_("Discard the draft"), key="discard", type="primary"):
        try:
            with wiring.transaction() as session:
                drafting.discard(session, who=who, version_id=opened.row.id, now=wiring.now())
        except PortalError as error:
            show_error(error)
            return
        flash(_("Draft discarded."))
        st.query_params.clear()
        st.rerun()


def _derive(who: Identity, opened: Opened) -> None:
    form = f"derive_{opened.row.id}"
    try:
        with wiring.transaction() as session:
            derive = partial(drafting.derive, session, who=who, version_id=opened.row.id)
            draft_id = forms.made(session, who, form, partial(derive, now=wiring.now()), entered="")
    except PortalError as error:
        show_error(error)
        return
    forms.close(form)
    flash(_("Draft begun."))
    go_to(draft_id)
    st.rerun()
