"""What stands in a file: the heading, what was said, its fields, and what is still required."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Identity
from core.clock import Level
from core.files.clocks import foremost, late_since
from core.files.course import ENDED
from core.files.fields import CHOICES, TOPICS
from db.files.queries.handlers import handlers
from db.files.queries.one_file import FileView
from db.files.queries.sight import FileName
from db.files.services.entering import FileChanges, change_fields
from pages.ui.files.course.component import clock_name
from pages.ui.files.file_words import (
    choice_name,
    clock_look,
    clock_word,
    kind_name,
    level_name,
    mark_name,
    state_name,
    step_name,
)
from pages.ui.files.moment_fields import later_moment
from pages.ui.kit import forms, wiring
from pages.ui.kit.file_terms import sub_topic_name, topic_name
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, escape_markdown, moment, number, text_of
from pages.ui.kit.phrases import listed
from pages.ui.kit.terms import channel_name

_LOOKS = {"late": "orange", "soon": "yellow", "waiting": "gray", "running": "blue"}


def heading(view: FileView) -> None:
    """Number and kind; below level, state, what is due first, whether it is or was late."""
    st.title(f"{escape_markdown(view.number)} · {kind_name(view.kind)}")
    badges = [_badge(level_name(view.level), "orange" if view.level is Level.URGENT else "gray")]
    badges.append(_badge(state_name(view.state), "gray"))
    clock = None if view.state in ENDED else foremost(view.clocks)
    if clock is not None:
        word = f"{clock_name(clock)}: {clock_word(clock)}"
        badges.append(_badge(word, _LOOKS.get(clock_look(clock), "gray")))
    if late_since(view.clocks) is not None and (clock is None or clock_look(clock) != "late"):
        badges.append(_badge(_("was late"), "orange"))
    if view.round > 1:
        badges.append(_badge(_("round {number}", number=view.round), "gray"))
    if view.is_major:
        marks = [mark_name(mark) for mark in sorted(view.marks)]
        major = _("major")
        badges.append(_badge(f"{major}: {listed(marks)}" if marks else major, "orange"))
    st.markdown(" ".join(badges))
    place = f"{view.station} {text_of(view.station_names)}"
    parts = [place, channel_name(view.fields.channel)]
    parts.append(_("received {time}", time=moment(view.received_at, view.timezone)))
    parts.append(_owner(view.owner))
    st.caption(escape_markdown(" · ".join(filter(None, parts))))


def _owner(name: str | None) -> str:
    if name is None:
        return _("owner not shown")
    return _("owner {name}", name=name) if name else _("nobody's yet")


def said(view: FileView) -> None:
    """What the customer said and asks for, as plain text."""
    if not view.reads:
        st.info(_("What is written in this file is not for your role."), icon=":material/lock:")
        return
    fields = view.fields
    with st.container(border=True, gap="xsmall"):
        st.caption(_("What happened"))
        st.text(fields.content or "—")
        for label, words in ((_("Demand"), fields.demand), (_("Contact"), fields.contact)):
            if words:
                st.caption(label)
                st.text(words)


def related(view: FileView) -> None:
    """The file it is a duplicate of, those merged into it, and those it repeats."""
    groups = (
        (_("Duplicate of"), (view.duplicate_of,) if view.duplicate_of else ()),
        (_("Merged into this one"), view.merged),
        (_("The same customer and class within 30 days"), view.repeats),
    )
    for label, names in groups:
        if names:
            _links(label, names)


def as_encounter(view: FileView) -> None:
    """That the closed file is inspected like an encounter, and an inspection of it to open."""
    here = view.encounter
    if here is None:
        return
    with st.container(border=True, gap="xsmall"):
        st.caption(_("As an encounter"))
        st.text(here.number)
        st.caption(
            _("Urgent, major or repeated: it must be inspected.")
            if here.must_inspect
            else _("It is drawn for inspection by chance, like any other encounter.")
        )
        if here.inspection_id is not None:
            st.page_link(
                "case.py",
                label=_("Open the inspection"),
                icon=":material/arrow_forward:",
                query_params={"id": str(here.inspection_id)},
            )


def required(view: FileView) -> None:
    """The steps that are still required, in their order."""
    if view.state in ENDED:
        return
    names = [step_name(step) for step in view.missing]
    st.markdown(f"**{_('Still required')}**")
    st.caption(escape_markdown(listed(names)) if names else _("Nothing: the file can be closed."))
    if view.is_supervisors:
        st.warning(_("Two answers did not satisfy: the supervisor owns this file now."))


def fields(who: Identity, view: FileView) -> None:
    """The fields that are filled, and the form that changes them."""
    st.markdown(f"**{_('Fields')}**")
    here = view.fields
    about = " · ".join(filter(None, (topic_name(here.topic), sub_topic_name(here.sub_topic))))
    promised = moment(here.promised_at, view.timezone) if here.promised_at else ""
    rows = [
        (_("About"), about),
        (_("Customer"), _("known, kept as a pseudonym") if view.is_known else ""),
        (_("Cause"), choice_name(here.cause)),
        (_("Finding"), choice_name(here.finding)),
        (_("Mood of the customer"), choice_name(here.emotion)),
        (_("Solution"), choice_name(here.solution)),
        (_("Compensation"), number(here.compensation, 0) if here.compensation else ""),
        (_("Told to wait until"), promised),
        (_("Deputy"), here.deputy),
    ]
    filled = [(label, text) for label, text in rows if text not in ("", "—")]
    if filled:
        st.caption("  \n".join(f"{label}: **{escape_markdown(text)}**" for label, text in filled))
    if view.may_work:
        with st.expander(_("Change the fields"), key=f"file_fields_{view.file_id}"):
            _form(who, view)


def accountability(view: FileView) -> None:
    """The notes on who answers for it, to whom they are shown."""
    for note in view.accountability or ():
        with st.container(border=True, gap="xsmall"):
            st.caption(_("Answers for it"))
            st.text(note.about)
            st.text(note.finding)
            when = moment(note.at, view.timezone)
            st.caption(escape_markdown(f"{note.decided_by}, {when}"))


def _form(who: Identity, view: FileView) -> None:
    here, form = view.fields, f"file_fields_{view.file_id}"
    with wiring.reading() as session:
        people = handlers(session, who, {view.station_id})
    topics = ["", *TOPICS] + ([here.topic] if here.topic not in ("", *TOPICS) else [])
    with forms.opened(form, border=False):
        topic = _select(form, "topic", _("About"), topics, here.topic)
        subs = ["", *TOPICS.get(topic, ())]
        subs += [here.sub_topic] if topic == here.topic and here.sub_topic not in subs else []
        sub_topic = _select(form, f"sub_{topic}", _("More closely"), subs, here.sub_topic)
        codes_by_name = {
            name: _select(form, name, label, ["", *CHOICES[name]], getattr(here, name))
            for name, label in (
                ("cause", _("Cause")),
                ("finding", _("Finding")),
                ("emotion", _("Mood of the customer")),
                ("solution", _("Solution")),
            )
        }
        sum_paid = st.number_input(
            _("Compensation"),
            min_value=0.0,
            max_value=1e9,
            step=100.0,
            format="%.0f",
            **forms.amount(form, "compensation", here.compensation or 0.0),
        )
        demand = st.text_area(
            _("Demand"), here.demand, max_chars=2000, height=68, key=forms.field(form, "demand")
        )
        contact = st.text_input(
            _("Contact"), here.contact, max_chars=200, key=forms.field(form, "contact")
        )
        promised = later_moment(form, _("Told to wait until"), view.timezone, here.promised_at)
        deputies: list[int | None] = [None, *people]
        deputy = st.selectbox(
            _("Deputy"),
            deputies,
            format_func=lambda key: people[key] if key else "—",
            **forms.option(form, "deputy", here.deputy_id, deputies),
        )
        if not st.button(_("Save"), type="primary", key=f"{forms.key(form)}_save"):
            return
        changes = FileChanges(
            topic=topic,
            sub_topic=sub_topic,
            demand=demand,
            contact=contact,
            compensation=sum_paid or None,
            promised_at=promised,
            deputy_id=deputy,
            **codes_by_name,
        )
    with change(_("Saved."), form) as session:
        change_fields(session, who=who, file_id=view.file_id, changes=changes, now=wiring.now())


def _select(form: str, name: str, label: str, codes: list[str], value: str) -> str:
    def show(code: str) -> str:
        if name == "topic":
            return topic_name(code) or "—"
        return (sub_topic_name(code) or "—") if name.startswith("sub_") else choice_name(code)

    start = value if value in codes else codes[0]
    code: str = st.selectbox(
        label, codes, format_func=show, **forms.choice(form, name, start, codes)
    )
    return code


def _links(label: str, names: Sequence[FileName]) -> None:
    st.caption(label)
    with st.container(horizontal=True):
        for name in names:
            if st.button(name.number, type="tertiary", key=f"file_link_{name.file_id}"):
                st.switch_page("file.py", query_params={"id": str(name.file_id)})


def _badge(text: str, color: str) -> str:
    return f":{color}-badge[{escape_markdown(text)}]"
