"""Other systems' accounts on the people page, with the keys by which they hand in files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import uuid4

import pandas as pd
import streamlit as st

from core.access import Action, Identity
from core.errors import PortalError
from db.machines import queries as reads
from db.machines import services
from db.machines.queries import KeyRow, ServiceAccountRow
from db.machines.services import MOST_DAYS, USUAL_DAYS, IssuedKey, ServiceData
from pages.ui.kit import forms, wiring
from pages.ui.kit.auth import acting, guard
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import (
    _,
    day,
    escape_markdown,
    flash,
    language,
    moment,
    show_error,
    use_language,
)
from pages.ui.kit.tables import chooser

_NEW_KEY = "_new_service_key"
_TAB = "_service_tab"
_EXAMPLE = """\
curl --fail-with-body -H "Authorization: Bearer $KEY" \\
  --data-binary @calls.jsonl "{address}/api/import/interactions?name=calls.jsonl"
"""


def service_tab(who: Identity) -> None:
    st.caption(
        _(
            "A service account is for another system, such as a telephone system. With a key it "
            "hands in stations, staff and encounters to import; it cannot sign in."
        )
    )
    with wiring.reading() as session:
        accounts = reads.service_accounts(session, who, now=wiring.now())
    index = _pick_account(accounts)
    if index is None:
        return
    row = accounts[index] if index >= 0 else None
    _form(who, row)
    if row is not None:
        _keys(who, row)


def _pick_account(accounts: list[ServiceAccountRow]) -> int | None:
    """The index of the account to change, -1 for a new one, None while none is selected."""
    new = _("New service account")
    if not accounts:
        return -1 if st.toggle(new, key="services_new") else None
    table = pd.DataFrame(
        {
            _("Account"): [row.username for row in accounts],
            _("Name"): [row.name for row in accounts],
            _("Keys in force"): [row.keys for row in accounts],
            _("Last used"): [_moment(row.last_used_at) for row in accounts],
            _("Active"): [row.active for row in accounts],
        }
    )
    return chooser(table, "services", new)


def _form(who: Identity, row: ServiceAccountRow | None) -> None:
    form = f"service_{row.id}" if row else "service_new"
    with forms.opened(form):
        first, second = st.columns(2)
        username = first.text_input(
            _("Account"),
            row.username if row else "",
            max_chars=64,
            key=forms.field(form, "username"),
        )
        name = second.text_input(
            _("Name"), row.name if row else "", max_chars=200, key=forms.field(form, "name")
        )
        active = st.checkbox(
            _("Active"),
            **forms.choice(form, "active", row.active if row else True),
            help=_("Closing the account revokes its keys for good."),
        )
        may_lose = st.checkbox(
            _("Its imports may empty and shorten what is stored without a question"),
            **forms.choice(form, "may_lose", row.may_lose if row else False),
            help=_("Otherwise such an import waits until the system confirms it."),
        )
        if st.button(_("Save"), type="primary", key=f"{forms.key(form)}_save"):
            data = ServiceData(username=username, name=name, active=active, may_lose=may_lose)
            user_id = row.id if row else None
            with change(_("Saved."), form) as session:
                save = partial(services.save_service_account, session, data=data)
                make = partial(save, who=who, user_id=user_id, now=wiring.now())
                forms.made(session, who, form, make, entered=data)


def _keys(who: Identity, row: ServiceAccountRow) -> None:
    st.subheader(_("Keys of the account"), anchor=False)
    if row.active:
        _issue(who, row)
    now = wiring.now()
    with wiring.reading() as session:
        keys = reads.keys_of(session, who, row.id)
    for key in keys:
        if key.is_in_force(now):
            _in_force(key)
    over = [key for key in keys if not key.is_in_force(now)]
    if over:
        with st.expander(_("Keys that are over")):
            st.table(_over(over))
    with st.expander(_("How the system hands in a file")):
        st.code(_EXAMPLE.format(address=wiring.settings().address), language="bash")
        st.write(
            _(
                "Instead of `interactions` also `stations`, `staff` and `recordings`. The answer "
                "names the job; its address tells how many rows went in and which were refused. "
                "The same file again doubles nothing."
            )
        )


def _issue(who: Identity, row: ServiceAccountRow) -> None:
    form = f"issue_{row.id}"
    with forms.opened(form):
        first, second = st.columns([2, 1])
        label = first.text_input(
            _("What the key is for"),
            max_chars=200,
            placeholder=_("such as: nightly calls"),
            key=forms.field(form, "label"),
        )
        days = second.number_input(
            _("Days it lasts"), 1, MOST_DAYS, **forms.amount(form, "days", USUAL_DAYS)
        )
        clicked = st.button(_("Make a key"), icon=":material/key:", key=f"{forms.key(form)}_issue")
        if not clicked:
            return
    try:
        with wiring.transaction() as session:
            issue = partial(services.issue_key, session, user_id=row.id, label=label)
            make = partial(_make_key, partial(issue, who=who, days=int(days), now=wiring.now()))
            forms.made(session, who, form, make, entered=_tab())
    except PortalError as error:
        show_error(error)
        return
    key = str(st.session_state.pop(_NEW_KEY, ""))
    forms.close(form)
    st.dialog(_("New key"), width="medium", on_dismiss="rerun")(_show)(language(), row.name, key)


def _tab() -> str:
    """A name for this tab: as another tab's key cannot be shown here, a key of its own is made."""
    return str(st.session_state.setdefault(_TAB, uuid4().hex))


def _make_key(issue: Callable[[], IssuedKey]) -> int:
    """Make a key, and hold it until it is shown: a faster click shows the same one."""
    made = issue()
    st.session_state[_NEW_KEY] = made.key
    return made.key_id


def _show(spoken: str, name: str, key: str) -> None:
    """Once: it is stored nowhere."""
    use_language(spoken)  # a fragment runs without the page around it
    st.text(_("Copy this key into {name} now. It is shown only once.", name=name))
    st.code(key, language=None, wrap_lines=True)


def _in_force(key: KeyRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"service_key_{key.id}"):
        with st.container(width="stretch", gap=None):
            st.text(key.label)
            st.caption(
                _(
                    "{start}… · made {made} · expires {expires} · last used: {used}",
                    start=_start(key),
                    made=day(key.created_at, reader_zone()),
                    expires=day(key.expires_at, reader_zone()),
                    used=_moment(key.last_used_at),
                )
            )
        if st.button(_("Revoke"), icon=":material/block:", key=f"revoke_{key.id}"):
            st.dialog(_("Revoke this key?"))(_confirm)(language(), key)


def _confirm(spoken: str, key: KeyRow) -> None:
    use_language(spoken)  # a fragment runs without the page around it
    guard(Action.ADMINISTER_PEOPLE)
    st.text(f"{key.label} · {_start(key)}…")
    st.write(_("Whatever uses this key is refused at once. This cannot be taken back."))
    if st.button(
        _("Revoke for good"),
        type="primary",
        icon=":material/block:",
        on_click=_revoke,
        args=(spoken, key.id),
    ):
        st.rerun()


def _revoke(spoken: str, key_id: int) -> None:
    use_language(spoken)
    who = acting(Action.ADMINISTER_PEOPLE)
    if who is None:
        return
    with wiring.transaction() as session:
        services.revoke_key(session, who=who, key_id=key_id, now=wiring.now())
    flash(_("Revoked."))


def _over(keys: list[KeyRow]) -> dict[str, list[str]]:
    return {
        _("What the key is for"): [escape_markdown(key.label) for key in keys],
        _("Begins with"): [f"{_start(key)}…" for key in keys],
        _("Over"): [
            _("revoked {time}", time=_moment(key.revoked_at))
            if key.revoked_at
            else _("expired {time}", time=_moment(key.expires_at))
            for key in keys
        ],
        _("Last used"): [_moment(key.last_used_at) for key in keys],
    }


def _start(key: KeyRow) -> str:
    return f"qik_{key.prefix}"


def _moment(value: datetime | None) -> str:
    return moment(value, reader_zone()) if value else "—"
