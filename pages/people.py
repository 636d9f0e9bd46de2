"""People and stations: who works where, who may do what, and how they sign in."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.files import kind_switch
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.machines import service_accounts
from pages.ui.people import people_forms
from pages.ui.sign_in import code_rules

who = guard(Action.ADMINISTER_PEOPLE)
st.title(_("People and stations"))
stations, staff, users, sign_in, services, kinds = st.tabs(
    [
        *(_("Stations"), _("Staff"), _("Users"), _("Sign-in"), _("Service accounts")),
        _("Kinds of files"),
    ],
    on_change="rerun",
    key="people_tab",
)
if stations.open:
    with stations:
        people_forms.station_tab(who)
if staff.open:
    with staff:
        people_forms.staff_tab(who)
if users.open:
    with users:
        people_forms.user_tab(who)
if sign_in.open:
    with sign_in:
        code_rules.sign_in_tab(who)
if services.open:
    with services:
        service_accounts.service_tab(who)
if kinds.open:
    with kinds:
        kind_switch.show(who)
