"""My account: password, one-time codes, where I am signed in, and what happened to all that."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.sign_in.queries.accounts import own_account
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.sign_in import own_account as parts
from pages.ui.sign_in import sign_in_news

who = guard(Action.MANAGE_OWN_ACCOUNT)
with wiring.reading() as session:
    account = own_account(session, who)
st.title(_("My account"))
parts.person(who)
left, right = st.columns(2)
with left:
    parts.password(account)
    parts.second_factor(account)
    parts.organisation(account)
with right:
    parts.sessions(who)
    sign_in_news.listed(who)
