"""Which roles must use one-time codes, on the administrator's page."""

from __future__ import annotations

import streamlit as st

from core.access import Identity, Role
from core.errors import PortalError
from db.sign_in.queries.code_demands import RoleDemand, role_demands
from db.sign_in.services.code_demands import OwnCodesMissing, demand_codes
from pages.ui.kit import wiring
from pages.ui.kit.auth import code_set_up
from pages.ui.kit.messages import _, flash, plural, show_error
from pages.ui.kit.terms import role_name


def sign_in_tab(who: Identity) -> None:
    """A box for each role, with how many of its people have codes already."""
    with wiring.reading() as session:
        demands = role_demands(session, who)
    st.subheader(_("Roles that must use one-time codes"), anchor=False)
    st.caption(
        _(
            "From their next click on, people of these roles who sign in with a password and have"
            " no codes yet set them up before anything else, and cannot switch them off."
        )
    )
    if wiring.settings().oidc_issuer:
        st.caption(
            _(
                "Whoever signs in through your organisation is asked for nothing here: its provider"
                " is responsible for the second factor."
            )
        )
    with st.form("code_demands", border=False):
        roles = [
            demand.role
            for demand in demands
            if st.checkbox(_labelled(demand), demand.is_demanded, key=f"demand_{demand.role}")
        ]
        is_sent = st.form_submit_button(_("Save"), type="primary")
    if is_sent:
        _save(who, roles)


def _labelled(demand: RoleDemand) -> str:
    name = role_name(demand.role)
    if not demand.people:
        return _("{role}: nobody with a password", role=name)
    have = plural(
        "{count} of {people} has codes",
        "{count} of {people} have codes",
        demand.with_codes,
        people=demand.people,
    )
    return _("{role}: {have}", role=name, have=have)


def _save(who: Identity, roles: list[Role]) -> None:
    try:
        with wiring.transaction() as session:
            demand_codes(session, who=who, roles=roles, now=wiring.now())
    except OwnCodesMissing as error:
        show_error(error)
        st.link_button(_("Set up one-time codes"), code_set_up(), icon=":material/phonelink_lock:")
    except PortalError as error:
        show_error(error)
    else:
        flash(_("Saved."))
        st.rerun()
