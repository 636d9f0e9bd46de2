"""One set: what it is for, what can be done with it, and its cases in order."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from core.i18n import LANGUAGES
from db.teaching.queries.case_sets import Member, SetView, case_set
from db.teaching.services import case_sets
from pages.ui.kit import forms, wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import (
    _,
    day,
    escape_markdown,
    language,
    number,
    plural,
    show_error,
    text_of,
)
from pages.ui.kit.terms import left_reason

_SHOWN_LOSSES = 2


def set_of_address(who: Identity) -> SetView | None:
    """The set and version that the address names, or None after saying why not."""
    set_id = row_id("id")
    if set_id is None:
        st.info(_("Choose a set from the list."), icon=":material/collections_bookmark:")
        return None
    try:
        with wiring.reading() as session:
            return case_set(session, who, set_id, row_id("version"))
    except PortalError as error:
        show_error(error)
        return None


def heading(view: SetView) -> None:
    st.title(escape_markdown(view.title), anchor=False)
    if view.purpose:
        st.markdown(escape_markdown(view.purpose))
    count = sum(member.inspection_id is not None for member in view.members)
    facts = [plural("{count} case", "{count} cases", count)]
    if view.issued_at is None:
        facts.append(_("draft of version {number}", number=view.number))
    else:
        issued = day(view.issued_at, reader_zone())
        facts.append(_("version {number}, issued {day}", number=view.number, day=issued))
    facts.append(_("open to other trainers") if view.shared else _("not open to others"))
    if not view.own:
        facts.append(_("by {name}", name=escape_markdown(view.owner)))
    st.caption(" · ".join(facts))


def actions(who: Identity, view: SetView) -> None:
    """Handouts and presentation for everyone who sees the set; changes for its owner."""
    with st.container(horizontal=True, key="set_actions"):
        if view.members:
            _handouts(view)
        if view.issued_at is not None:
            st.page_link(
                "practice.py",
                label=_("Hold a practice"),
                icon=":material/fact_check:",
                query_params={"set": str(view.version_id)},
            )
        if view.own:
            _own_actions(who, view)
        _versions(view)


def _handouts(view: SetView) -> None:
    """Slides and handouts, in a language and about items that the trainer chooses."""
    with st.popover(_("Handouts and slides"), icon=":material/print:", key="handouts"):
        spoken = st.selectbox(
            _("Language"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(language()),
            format_func=LANGUAGES.__getitem__,
            key=f"handout_language_{view.set_id}",
        )
        names = {
            loss.item_key: f"{loss.item_key} {text_of(loss.term)}"
            for member in view.members
            for loss in member.losses
        }
        items = st.multiselect(
            _("Items that are taught"),
            list(names),
            format_func=names.__getitem__,
            placeholder=_("All that were lost"),
            key=f"handout_items_{view.version_id}",
        )
        query = {"lang": spoken} | ({"items": ",".join(items)} if items else {})
        address = f"/case-set/{view.version_id}"
        for label, path, more, icon in (
            (_("Present"), "present", {}, "slideshow"),
            (_("Handout for the class"), "handout", {}, "print"),
            (_("With answers"), "handout", {"answers": "1"}, "key"),
        ):
            st.link_button(
                label, f"{address}/{path}?{urlencode(query | more)}", icon=f":material/{icon}:"
            )


def empty() -> None:
    st.info(
        _('The set holds no case yet. Find cases and add them with "Add to set".'),
        icon=":material/search:",
    )
    st.page_link("cases.py", label=_("Cases"), icon=":material/folder_open:")


def members(view: SetView) -> Member:
    """List the cases in order; returns the selected one, the first to begin with."""
    position = st.query_params.get("case", "")
    open_member = next(
        (member for member in view.members if str(member.position) == position),
        view.members[0],
    )
    with st.container(gap="xsmall", key="set_members"):
        for member in view.members:
            st.button(
                _label(member),
                key=f"member_{member.member_id}",
                type="secondary" if member == open_member else "tertiary",
                on_click=_choose,
                args=(member.position,),
            )
    return open_member


def _choose(position: int) -> None:
    st.query_params["case"] = str(position)


def _label(member: Member) -> str:
    if member.inspection_id is None:
        return f"{member.position}. {left_reason(member.left_reason)}"
    lost = [text_of(loss.term) or loss.item_key for loss in member.losses[:_SHOWN_LOSSES]]
    losses = _(", ").join(lost) or _("nothing lost")
    station = f"{member.station_code} {text_of(member.station_names)}"
    details = escape_markdown(f"{station} · {losses}")
    return f"{member.position}. **{number(member.score)}** {details}"


def _own_actions(who: Identity, view: SetView) -> None:
    if view.issued_at is None and st.button(
        _("Issue version {number}", number=view.number),
        icon=":material/task_alt:",
        type="primary",
        key="issue_set",
        help=_("A version that is issued stays as it is; practice and handouts stand on it."),
    ):
        with change(_("Issued.")) as session:
            case_sets.issue(session, who=who, set_id=view.set_id, now=wiring.now())
    form = f"set_{view.set_id}"
    with (
        st.popover(_("Edit the set"), icon=":material/edit:", key="change_set"),
        forms.opened(form, border=False),
    ):
        title = st.text_input(_("Title"), view.title, max_chars=200, key=forms.field(form, "title"))
        purpose = st.text_area(
            _("What the lesson is for"),
            view.purpose,
            max_chars=2000,
            key=forms.field(form, "purpose"),
        )
        shared = st.checkbox(
            _("Other trainers may use it"), **forms.choice(form, "shared", view.shared)
        )
        archived = st.checkbox(_("Archived"), **forms.choice(form, "archived", view.archived))
        if st.button(_("Save"), type="primary", key=f"{forms.key(form)}_save"):
            _save(who, view, (title, purpose), shared=shared, archived=archived)


def _save(
    who: Identity, view: SetView, described: tuple[str, str], *, shared: bool, archived: bool
) -> None:
    now, (title, purpose) = wiring.now(), described
    with change(_("Saved."), f"set_{view.set_id}") as session:
        if described != (view.title, view.purpose):
            case_sets.describe(
                session, who=who, set_id=view.set_id, title=title, purpose=purpose, now=now
            )
        if shared != view.shared:
            case_sets.share(session, who=who, set_id=view.set_id, shared=shared, now=now)
        if archived != view.archived:
            case_sets.archive(session, who=who, set_id=view.set_id, archived=archived, now=now)


def _versions(view: SetView) -> None:
    if len(view.numbers) == 1:
        return
    with st.popover(_("Versions"), icon=":material/history:", key="set_versions"):
        for version_number in view.numbers:
            st.page_link(
                "case_set.py",
                label=_("version {number}", number=version_number),
                disabled=version_number == view.number,
                query_params={"id": str(view.set_id), "version": str(version_number)},
            )
