"""Times of keeping on the administrator's page: everywhere, and where a region needs its own."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.access import Identity
from core.i18n import pick
from core.safekeeping.retention import MONTHS, PLACED, RetainedKind
from db.people.queries.people import stations
from db.safekeeping.keeping_times import Months
from db.safekeeping.queries.safety import Safety
from db.safekeeping.services.keeping_rules import LONGEST, save_rules, save_station_rules
from pages.ui.kit import forms, wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, language, moment, number
from pages.ui.kit.tables import show_table


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
    _stations(who, safety)
    if safety.removals:
        st.subheader(_("Removed lately"))
        show_table(_removals(safety), key="removals")


def record_names() -> dict[RetainedKind, str]:
    return {
        RetainedKind.CLEAR_VALUES: _("What was masked in transcripts, encrypted"),
        RetainedKind.RECORDINGS: _("Recordings"),
        RetainedKind.TRANSCRIPTS: _("Words of transcripts"),
        RetainedKind.FORMER_STAFF: _("Names of inactive staff"),
        RetainedKind.SIGN_INS: _("Sessions and refused sign-ins"),
        RetainedKind.LOG: _("Audit log"),
    }


def _stations(who: Identity, safety: Safety) -> None:
    """The stations with times of their own, and the form that gives some to one."""
    st.subheader(_("Where other times hold"))
    st.caption(
        _(
            "For a country or region whose law asks for other times: they hold at the station and"
            " all below it. Sessions, refused sign-ins and the log are kept alike everywhere."
        )
    )
    if safety.stations:
        show_table(_own_times(safety), key="station_times")
    with wiring.reading() as session:
        rows = stations(session)
    names = {row.id: "\u2003" * row.depth + row.name(language()) for row in rows}
    station = st.selectbox(
        _("Station"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Choose a station or region"),
        key="keeping_station",
        width=560,
    )
    if station is not None:
        own = {row.station_id: row.months for row in safety.stations}
        _station_form(who, station, own.get(station, {}))


def _station_form(who: Identity, station: int, own: Months) -> None:
    form = f"keeping_{station}"
    with forms.opened(form):
        st.caption(_("In months; 0 keeps for good, empty as above the station."))
        typed_months = {
            kind: st.number_input(
                record_names()[kind],
                min_value=0,
                max_value=LONGEST,
                step=1,
                width=460,
                **forms.amount(form, kind.value, _typed(own, kind)),
            )
            for kind in PLACED
        }
        pressed = st.button(_("Save for this station"), key=f"{forms.key(form)}_save")
    if pressed:
        months = {
            kind: int(value) or None for kind, value in typed_months.items() if value is not None
        }
        with change(_("Saved."), form) as session:
            save_station_rules(
                session, who=who, station_id=station, months=months, now=wiring.now()
            )


def _typed(own: Months, kind: RetainedKind) -> int | None:
    """What stands in the field: 0 for good, nothing where the station has no time of its own."""
    return (own[kind] or 0) if kind in own else None


def _own_times(safety: Safety) -> pd.DataFrame:
    columns: dict[str, list[str]] = {
        _("Station"): [f"{row.code} · {pick(row.names, language())}" for row in safety.stations]
    }
    for kind in PLACED:
        columns[record_names()[kind]] = [_told(row.months, kind) for row in safety.stations]
    return pd.DataFrame(columns)


def _told(own: Mapping[RetainedKind, int | None], kind: RetainedKind) -> str:
    if kind not in own:
        return "—"
    months = own[kind]
    return _("for good") if months is None else number(months, 0)


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
