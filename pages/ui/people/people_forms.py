"""The lists and forms of the people page: stations, staff, users and their access."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.access import PEOPLE, Identity
from core.clock.days import zone_names
from core.errors import PortalError
from core.i18n import CONTENT_LANGUAGES, LANGUAGES
from db.people.queries import people as reads
from db.people.queries.people import UserRow
from db.people.services import people
from db.people.staff_fields import StaffData, StaffRow
from db.sign_in.queries.accounts import uses_codes
from db.sign_in.services import accounts, second_factor, users
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, escape_markdown, language, show_error
from pages.ui.kit.tables import chooser
from pages.ui.kit.terms import POSTS, post_name, role_name, station_kind

_Value = TypeVar("_Value")


def station_tab(who: Identity) -> None:
    rows = _stations()
    table = pd.DataFrame(
        {
            _("Code"): [row.code for row in rows],
            _("Name"): ["　" * row.depth + row.name(language()) for row in rows],
            _("Kind"): [station_kind(row.kind) for row in rows],
            _("Region"): [row.region for row in rows],
            _("Time zone"): [row.timezone for row in rows],
            _("Active"): [row.active for row in rows],
        }
    )
    index = chooser(table, "stations", _("New station"))
    if index is not None:
        _station_form(who, rows, rows[index] if index >= 0 else None)


def staff_tab(who: Identity) -> None:
    left, right = st.columns([2, 1])
    search = left.text_input(_("Search number or name"), key="staff_search")
    rows = _stations()
    station = right.selectbox(
        _("Station"),
        [None, *rows],
        format_func=lambda row: row.code if row else _("All stations"),
        key="staff_station",
    )
    with wiring.reading() as session:
        station_id = station.id if station else None
        staff = reads.staff(session, who, search=search, station_id=station_id)
    table = pd.DataFrame(
        {
            _("Staff number"): [row.staff_no for row in staff],
            _("Full name"): [row.name for row in staff],
            _("Station"): [row.station_code for row in staff],
            _("Post"): [post_name(row.post) for row in staff],
            _("Active"): [row.active for row in staff],
        }
    )
    index = chooser(table, "staff", _("New member of staff"))
    if index is not None:
        _staff_form(who, rows, staff[index] if index >= 0 else None)


def user_tab(who: Identity) -> None:
    with wiring.reading() as session:
        user_rows = reads.users(session, who)
    table = pd.DataFrame(
        {
            _("User name"): [row.username for row in user_rows],
            _("Full name"): [row.name for row in user_rows],
            _("Roles"): [", ".join(role_name(r) for r in sorted(row.roles)) for row in user_rows],
            _("Active"): [row.active for row in user_rows],
        }
    )
    index = chooser(table, "users", _("New user"))
    if index is not None:
        _user_form(who, user_rows[index] if index >= 0 else None)


def _stations() -> list[reads.StationRow]:
    with wiring.reading() as session:
        return reads.stations(session)


def _station_form(
    who: Identity, rows: Sequence[reads.StationRow], row: reads.StationRow | None
) -> None:
    names = row.names if row else {}
    form = f"station_{row.id}" if row else "station_new"
    with forms.opened(form):
        code = st.text_input(
            _("Code"), row.code if row else "", max_chars=64, key=forms.field(form, "code")
        )
        columns = st.columns(len(CONTENT_LANGUAGES))
        new_names = {
            lang: column.text_input(
                _("Name in {language}", language=LANGUAGES[lang]),
                names.get(lang, ""),
                key=forms.field(form, f"name_{lang}"),
            )
            for lang, column in zip(CONTENT_LANGUAGES, columns, strict=True)
        }
        first, second = st.columns(2)
        kind = _select(
            first,
            _("Kind"),
            people.STATION_KINDS,
            (form, "kind", row.kind if row else None),
            station_kind,
        )
        region = second.text_input(
            _("Region"), row.region if row else "", key=forms.field(form, "region")
        )
        parents = [None, *(other.id for other in rows if row is None or other.id != row.id)]
        codes = {other.id: other.code for other in rows}
        parent = _select(
            first,
            _("Stands below"),
            parents,
            (form, "parent", row.parent_id if row else None),
            lambda value: codes[value] if value else _("Nothing: top of the tree"),
        )
        zone = _select(
            second,
            _("Time zone"),
            sorted(zone_names()),
            (form, "zone", row.timezone if row else "Asia/Taipei"),
        )
        active = _active(st.checkbox, form, row)
        if _is_saved(form):
            data = people.StationData(
                code=code.strip(),
                name_zh_tw=new_names["zh_TW"],
                name_zh_cn=new_names["zh_CN"],
                name_en=new_names["en"],
                kind=kind,
                region=region,
                parent_id=parent,
                timezone=zone,
                active=active,
            )
            _save(who, form, partial(people.save_station, station_id=row.id if row else None), data)


def _staff_form(who: Identity, stations: Sequence[reads.StationRow], row: StaffRow | None) -> None:
    names = {station.id: f"{station.code} · {station.name(language())}" for station in stations}
    form = f"staff_{row.id}" if row else "staff_new"
    with forms.opened(form):
        first, second = st.columns(2)
        number = first.text_input(
            _("Staff number"),
            row.staff_no if row else "",
            max_chars=64,
            key=forms.field(form, "number"),
        )
        name = second.text_input(
            _("Full name"),
            row.name if row else "",
            max_chars=200,
            key=forms.field(form, "name"),
        )
        station = first.selectbox(
            _("Station"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Choose the station"),
            **forms.choice(form, "station", row.station_id if row else None, list(names)),
        )
        post = _select(
            second, _("Post"), POSTS, (form, "post", row.post if row else None), post_name
        )
        variant = first.text_input(
            _("Uniform variant"),
            row.uniform_variant if row else "",
            key=forms.field(form, "variant"),
        )
        since = second.date_input(
            _("Employed from"),
            None,
            **forms.choice(form, "since", row.employed_from if row else None),
        )
        active = _active(st.checkbox, form, row)
        if _is_saved(form):
            data = StaffData(
                staff_no=number.strip(),
                name=name,
                station_id=station,
                post=post,
                uniform_variant=variant.strip(),
                employed_from=since,
                active=active,
            )
            _save(who, form, partial(people.save_staff, staff_id=row.id if row else None), data)


def _user_form(who: Identity, row: reads.UserRow | None) -> None:
    stations = {station.id: station.code for station in _stations()}
    with wiring.reading() as session:
        staff = {person.id: person for person in reads.staff(session, who, limit=5000)}
    form = f"user_{row.id}" if row else "user_new"
    with forms.opened(form):
        first, second = st.columns(2)
        username = first.text_input(
            _("User name"),
            row.username if row else "",
            max_chars=64,
            key=forms.field(form, "username"),
        )
        name = second.text_input(
            _("Full name"),
            row.name if row else "",
            max_chars=200,
            key=forms.field(form, "name"),
        )
        roles = first.multiselect(
            _("Roles"),
            PEOPLE,
            format_func=role_name,
            **forms.choice(form, "roles", sorted(row.roles) if row else [], PEOPLE),
        )
        station = _select(
            second,
            _("Station manager, case handler or trainer of"),
            [None, *stations],
            (form, "station", row.station_id if row else None),
            lambda value: stations[value] if value else "—",
        )
        own = _select(
            first,
            _("Is this member of staff"),
            [None, *staff],
            (form, "staff", row.staff_id if row else None),
            lambda value: f"{staff[value].staff_no} {staff[value].name}" if value else "—",
        )
        region = second.text_input(
            _("Region"), row.region if row else "", key=forms.field(form, "region")
        )
        active = _active(first.checkbox, form, row)
        if _is_saved(form):
            data = users.UserData(
                username=username.strip(),
                name=name,
                roles=frozenset(roles),
                station_id=station,
                staff_id=own,
                region=region,
                language=row.language if row else None,
                active=active,
            )
            user_id = row.id if row else None
            _save(who, form, partial(users.save_user, user_id=user_id, password=None), data)
    if row is not None:
        ways_in(who, row)


def _active(
    checkbox: Callable[..., bool],
    form: str,
    row: reads.StationRow | StaffRow | reads.UserRow | None,
) -> bool:
    is_active = row.active if row else True
    return bool(checkbox(_("Active"), **forms.choice(form, "active", is_active)))


def _is_saved(form: str) -> bool:
    return st.button(_("Save"), type="primary", key=f"{forms.key(form)}_save")


def _save(who: Identity, form: str, service: Callable[..., int], data: object) -> None:
    """Store what was entered; the same form from a second tab stores it once."""
    with change(_("Saved."), form) as session:
        make = partial(service, session, who=who, data=data, now=wiring.now())
        forms.made(session, who, form, make, entered=data)


def _select(
    column: DeltaGenerator,
    label: str,
    options: Sequence[_Value],
    kept: tuple[str, str, object],
    format_func: Callable[[_Value], str] = str,
) -> _Value:
    """`kept` are the form, the name of the field and what is stored: else the first is chosen."""
    form, name, value = kept
    choices = list(options)
    usual = value if value in choices else choices[0]
    choice: _Value = column.selectbox(
        label, choices, format_func=format_func, **forms.option(form, name, usual, choices)
    )
    return choice


def ways_in(who: Identity, row: UserRow) -> None:
    with wiring.reading() as session:
        has_codes = uses_codes(session, who, row.id)
    with st.container(horizontal=True):
        wants_link = st.button(
            _("Make a link for a new password"),
            icon=":material/key:",
            key=f"password_link_{row.id}",
            disabled=not row.active,
        )
        wants_no_codes = has_codes and st.button(
            _("Switch one-time codes off"), icon=":material/lock_open:", key=f"no_codes_{row.id}"
        )
    if wants_link:
        _show_link(who, row)
    if wants_no_codes:
        with change(_("Saved.")) as session:
            second_factor.remove_for(session, who=who, user_id=row.id, now=wiring.now())


def _show_link(who: Identity, row: UserRow) -> None:
    """Once: it is stored nowhere."""
    try:
        with wiring.transaction() as session:
            key = accounts.give_password_link(session, who=who, user_id=row.id, now=wiring.now())
    except PortalError as error:
        show_error(error)
        return
    st.info(
        _(
            "Give this link to {name}. It works once, within three days.",
            name=escape_markdown(row.name),
        ),
        icon=":material/key:",
    )
    st.code(f"{wiring.settings().address}/password?key={key}", language=None)
