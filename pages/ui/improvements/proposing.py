"""The form that proposes an action, filled with what it is about where a link led to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import streamlit as st

from core.access import Action, Identity, can, visible_stations
from core.errors import PortalError
from core.improvements.judging import LONGEST_SPAN, LONGEST_WAIT, JudgingPlan
from core.improvements.terms import LONGEST_WORDS, ActionKind, Cause, Subject
from core.measures import MEASURES, Form, item_lost
from core.periods import Period, shift
from db.improvements.queries.owners import possible_owners
from db.improvements.services.proposing import Proposal, propose_improvement
from db.people.queries.people import StationRow
from db.people.queries.people import stations as station_rows
from pages.ui.improvements.action_words import (
    Items,
    cause_name,
    kind_name,
    measure_name,
    subject_name,
)
from pages.ui.kit import days, forms, wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.messages import _, escape_markdown, flash, language, plural, show_error
from pages.ui.kit.phrases import month_name

_WIDTH = 900
_MONTHS = 36
_USUAL = 3
_LENGTHS = (1, 2, 3, 6, LONGEST_SPAN)


@dataclass(frozen=True)
class _Topic:
    """What the link says that the action is about."""

    station_id: int | None
    subject: Subject
    key: str
    follows_id: int | None

    @property
    def form(self) -> str:
        follows = f"_{self.follows_id}" if self.follows_id else ""
        return f"action_new_{self.station_id}_{self.subject}_{self.key}{follows}"


def form(who: Identity, items: Items) -> int | None:
    """The fields in the order of the thought; the id of the action once it is stored."""
    topic = _asked(items)
    with wiring.reading() as session:
        rows = {row.id: row for row in station_rows(session) if row.active}
    reach = visible_stations(who, Action.PLAN_ACTIONS)
    own = [key for key in rows if reach is None or key in reach]
    if not own:
        st.info(_("You answer for no station yet. Ask an administrator."))
        return None
    if about := subject_name(topic.subject, topic.key, items):
        st.markdown(_("{label}: {value}", label=_("About"), value=f"**{escape_markdown(about)}**"))
    with st.container(width=_WIDTH), forms.opened(topic.form):
        station_ids = _stations(topic, rows, own)
        finding, cause = _finding(topic)
        doing, kind = _doing(who, topic)
        owner_id, due_on = _owner(who, topic, station_ids)
        st.markdown(f"**{_('How one will see whether it helped')}**")
        measure, target = _measure(topic, items)
        plan = _months(topic)
        control_ids = _control(topic, rows, station_ids)
        pressed = st.button(
            _("Propose"),
            type="primary",
            icon=":material/add_task:",
            key=f"{forms.key(topic.form)}_save",
        )
    if not pressed:
        return None
    if not station_ids or measure is None or owner_id is None or kind is None or cause is None:
        st.error(_("Choose station, cause, kind, owner and measure first."))
        return None
    return _made(
        who,
        topic,
        Proposal(
            station_ids=tuple(station_ids),
            control_ids=tuple(control_ids),
            subject=topic.subject,
            subject_key=topic.key,
            finding=finding,
            cause=cause,
            kind=kind,
            doing=doing,
            measure=measure,
            target=target,
            judging=plan,
            owner_id=owner_id,
            due_on=due_on,
            follows_id=topic.follows_id,
        ),
    )


def words_field(form: str, name: str, label: str) -> str:
    """A few lines about an action, which stay with their form."""
    words = st.text_area(label, max_chars=LONGEST_WORDS, height=96, key=forms.field(form, name))
    return str(words)


def _asked(items: Items) -> _Topic:
    item, appeal, warning = st.query_params.get("item", ""), row_id("appeal"), row_id("warning")
    subject, key = Subject.STATION, ""
    if item in items:
        subject, key = Subject.ITEM, item
    elif appeal is not None:
        subject, key = Subject.APPEAL, str(appeal)
    elif warning is not None:
        subject, key = Subject.WARNING, str(warning)
    return _Topic(
        station_id=row_id("station"), subject=subject, key=key, follows_id=row_id("follows")
    )


def _stations(topic: _Topic, rows: Mapping[int, StationRow], own: list[int]) -> list[int]:
    only = own if len(own) == 1 else []
    usual = [topic.station_id] if topic.station_id in own else only
    picked: list[int] = st.multiselect(
        _("Stations; the first is where it was found"),
        own,
        format_func=lambda key: rows[key].name(language()),
        placeholder=_("Choose stations"),
        **forms.choice(topic.form, "stations", usual, own),
    )
    return picked


def _finding(topic: _Topic) -> tuple[str, Cause | None]:
    words = words_field(topic.form, "finding", _("What was found"))
    cause = st.segmented_control(
        _("Cause"),
        list(Cause),
        format_func=cause_name,
        **forms.choice(topic.form, "cause", None, list(Cause)),
    )
    return words, cause


def _doing(who: Identity, topic: _Topic) -> tuple[str, ActionKind | None]:
    words = words_field(topic.form, "doing", _("What is to be done"))
    kinds = list(ActionKind) if can(who, Action.AGREE_ACTIONS) else [ActionKind.TRAINING]
    kind = st.segmented_control(
        _("Kind"),
        kinds,
        format_func=kind_name,
        **forms.choice(topic.form, "kind", kinds[0] if len(kinds) == 1 else None, kinds),
    )
    return words, kind


def _owner(who: Identity, topic: _Topic, station_ids: list[int]) -> tuple[int | None, date]:
    names: dict[int, str] = {}
    if station_ids:
        with wiring.reading() as session:
            owners = possible_owners(session, who, station_ids[0])
        names = {owner.user_id: owner.name for owner in owners}
    left, right = st.columns(2)
    with left:
        owner_id = st.selectbox(
            _("Owner"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Choose a person"),
            **forms.choice(topic.form, "owner", None, list(names)),
        )
    with right:
        due_on = st.date_input(
            _("Due"), **forms.choice(topic.form, "due_on", days.today() + timedelta(days=30))
        )
    return owner_id, due_on


def _measure(topic: _Topic, items: Items) -> tuple[str | None, float | None]:
    keys = [key for key, measure in MEASURES.items() if measure.form is not Form.COUNT]
    usual = None
    if topic.subject is Subject.ITEM:
        usual = item_lost(topic.key).key
        keys = [usual, *keys]
    left, right = st.columns(2)
    with left:
        measure = st.selectbox(
            _("Measure that is to change"),
            keys,
            index=None,
            format_func=lambda key: measure_name(key, items),
            placeholder=_("Choose a measure"),
            **forms.choice(topic.form, "measure", usual, keys),
        )
    with right:
        target = st.number_input(
            _("Target, if any"),
            step=0.5,
            format="%g",
            **forms.amount(topic.form, "target", None),
        )
    return measure, target


def _months(topic: _Topic) -> JudgingPlan:
    running = days.running_month()
    months = [shift(running, -back) for back in range(_MONTHS)]
    last = shift(running, -1)
    finding = _span(topic, "finding", _("Found by the months from"), months, Period(last, last))
    usual = Period(shift(finding.first, -_USUAL), shift(finding.first, -1))
    before = _span(topic, "before", _("Compared with the months from"), months[1:], usual)
    left, right = st.columns(2)
    waits = list(range(LONGEST_WAIT + 1))
    with left:
        wait = st.selectbox(
            _("Months that pass first, after that of the due day"),
            waits,
            **forms.choice(topic.form, "wait", 0, waits),
        )
    with right:
        length = st.selectbox(
            _("Months that count afterwards"),
            _LENGTHS,
            format_func=lambda n: plural("{count} month", "{count} months", n),
            **forms.choice(topic.form, "length", _USUAL, _LENGTHS),
        )
    st.caption(
        _(
            "The months by which it was found count on neither side: what was picked for being bad"
            " gets better by itself. All of them are fixed as somebody agrees."
        )
    )
    return JudgingPlan(finding=finding, before=before, wait=wait, length=length)


def _span(topic: _Topic, name: str, label: str, months: list[int], usual: Period) -> Period:
    """Two lists of months beside each other; an end before the begin is the begin."""
    left, right = st.columns(2)
    rising = months[::-1]
    values = [month if month in months else months[0] for month in usual]
    with left:
        first = st.selectbox(
            label,
            rising,
            format_func=month_name,
            **forms.choice(topic.form, f"{name}_first", values[0], rising),
        )
    with right:
        last = st.selectbox(
            _("to the month"),
            rising,
            format_func=month_name,
            **forms.choice(topic.form, f"{name}_last", values[1], rising),
        )
    return Period(first, max(first, last))


def _control(topic: _Topic, rows: Mapping[int, StationRow], station_ids: list[int]) -> list[int]:
    """The other stations of the same kind, unless others are chosen."""
    options = [key for key in rows if key not in station_ids]
    kinds = {rows[key].kind for key in station_ids}
    usual = [key for key in options if rows[key].kind in kinds]
    name = "control_" + "_".join(map(str, sorted(station_ids)))
    picked: list[int] = st.multiselect(
        _("Compared with stations where it is not done"),
        options,
        format_func=lambda key: rows[key].name(language()),
        placeholder=_("None: the change alone is judged"),
        **forms.choice(topic.form, name, usual, options),
    )
    return picked


def _made(who: Identity, topic: _Topic, proposal: Proposal) -> int | None:
    now = wiring.now()
    try:
        with wiring.transaction() as session:
            make = partial(propose_improvement, session, who=who, proposal=proposal, now=now)
            action_id = forms.made(session, who, topic.form, make, entered=proposal)
    except PortalError as error:
        show_error(error)
        return None
    forms.close(topic.form)
    flash(_("Proposed. Somebody else agrees to it now."))
    return action_id
