"""How far the log is sealed, and who opened far more than usual, above the log itself."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from db.safekeeping.queries.seals import Alert, SealState, alerts, seal_state
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, day, moment, number, plural


def seals(who: Identity) -> None:
    """The state of the seals in a line, problems as a warning."""
    zone = st.context.timezone or "UTC"
    with wiring.reading() as session:
        state = seal_state(session, who)
        opening_alerts = alerts(session, who, today=wiring.now().date())
    if state.checked and state.checked.findings:
        st.error(_broken(state.checked.findings), icon=":material/gpp_bad:")
    for alert in opening_alerts:
        st.warning(_alert(alert), icon=":material/visibility:")
    st.caption(_sealed(state, zone) + " " + _checked(state, zone))


def _broken(findings: int) -> str:
    return plural(
        "The last check found {count} part of the log that is not as it was sealed. Run"
        " `python -m db verify-audit` to see which.",
        "The last check found {count} parts of the log that are not as they were sealed. Run"
        " `python -m db verify-audit` to see which.",
        findings,
    )


def _alert(alert: Alert) -> str:
    return _(
        "{who} opened {count} encounters on {day}; usual is {usual}.",
        who=alert.who,
        count=number(alert.unusual.opened, 0),
        day=day(alert.unusual.day),
        usual=number(alert.unusual.usual, 0),
    )


def _sealed(state: SealState, zone: str) -> str:
    if state.sealed_at is None:
        return _("Nothing is sealed yet: the worker does that once a minute.")
    return _(
        "Sealed up to {time}; newer entries: {count}.",
        time=moment(state.sealed_at, zone),
        count=number(state.unsealed, 0),
    )


def _checked(state: SealState, zone: str) -> str:
    if state.checked is None:
        return _("Not yet checked against the seals.")
    return _("Last checked whole on {time}.", time=moment(state.checked.checked_at, zone))
