"""One action from left to right: finding, what is done, and whether it helped."""

from __future__ import annotations

import streamlit as st

from core.clock.days import day_of
from core.improvements.states import IMPROVEMENT, TO_DO
from core.measures import measure_of
from core.measures.change import Change
from db.improvements.queries.one import ActionView, JudgedEffect
from pages.ui.improvements.action_words import (
    Items,
    cause_name,
    change_text,
    change_unit,
    kind_name,
    measure_name,
    span_text,
    state_badge,
    subject_name,
    value_text,
    verdict_badge,
)
from pages.ui.kit import wiring
from pages.ui.kit.charts.base import DrawnChart, show_chart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.messages import _, day, escape_markdown, moment, note_zone, number, text_of
from pages.ui.kit.phrases import listed, period_name, side_of_change


def heading(view: ActionView) -> None:
    """State, verdict, owner and the day that matters."""
    note_zone(view.timezone)
    badges = state_badge(view.state)
    if view.verdict is not None:
        badges += f" {verdict_badge(view.verdict)}"
    if view.state in TO_DO and view.due_on < day_of(wiring.now(), view.timezone):
        badges += f" :orange-badge[{escape_markdown(_('Overdue'))}]"
    if view.owner:
        owner = _("Owner: {name}.", name=view.owner)
    else:
        owner = _("Its owner is not here any more: give it to somebody.")
    due = _("Due {day}.", day=day(view.due_on))
    st.markdown(f"{badges} {escape_markdown(f'{owner} {due}')}")


def panels(view: ActionView, items: Items) -> None:
    """Finding, what is done, effect; under each other on a narrow page."""
    left, middle, right = st.columns([5, 5, 7], gap="medium")
    with left:
        _finding(view, items)
    with middle:
        _doing(view)
    with right:
        _effect(view, items)


def story(view: ActionView) -> None:
    """Who did what when, and the words of the last decision."""
    zone = view.timezone
    lines = [
        _(
            "Proposed by {name}, {time}.",
            name=view.proposed_by,
            time=moment(view.proposed_at, zone),
        )
    ]
    if view.agreed_at is not None:
        time = moment(view.agreed_at, zone)
        lines.append(_("Agreed by {name}, {time}.", name=view.agreed_by, time=time))
    if view.ended_at is not None:
        lines.append(_("Ended {time}.", time=moment(view.ended_at, zone)))
    st.caption(escape_markdown(" ".join(lines)))
    if view.decision:
        _words(_("Last decision"), view.decision)
    for label, action_id in (
        (_("The action before it"), view.follows_id),
        (_("The action that came in its place"), view.successor_id),
    ):
        if action_id is not None:
            st.page_link(
                "action.py",
                label=label,
                icon=":material/link:",
                query_params={"id": str(action_id)},
            )


def _finding(view: ActionView, items: Items) -> None:
    st.subheader(_("What was found"), anchor=False)
    st.text(view.finding)
    names = listed([text_of(names) for names in view.stations])
    facts = [(_("Station"), names)]
    if about := subject_name(view.subject, view.subject_key, items):
        facts.append((_("About"), about))
    facts += [
        (_("Cause"), cause_name(view.cause)),
        (_("Found by the months"), period_name(view.judging.finding)),
    ]
    _facts(facts)


def _doing(view: ActionView) -> None:
    st.subheader(_("What is done"), anchor=False)
    st.text(view.doing)
    facts = [(_("Kind"), kind_name(view.kind)), (_("Due"), day(view.due_on))]
    if view.done_on is not None:
        facts.append((_("Carried out"), day(view.done_on)))
    _facts(facts)
    if view.proof:
        _words(_("Evidence"), view.proof)


def _effect(view: ActionView, items: Items) -> None:
    st.subheader(_("Effect"), anchor=False)
    name = measure_name(view.measure, items)
    better = _("more is better") if measure_of(view.measure).more_is_better else _("less is better")
    facts = [(_("Measure"), _("{measure} ({direction})", measure=name, direction=better))]
    if view.target is not None:
        facts.append((_("Target"), value_text(view.measure, view.target)))
    facts += [
        (_("Compared with"), period_name(view.judging.before)),
        (_("Counting afterwards"), period_name(view.after)),
        (
            _("Beside"),
            listed([text_of(names) for names in view.control]) if view.control else "—",
        ),
    ]
    _facts(facts)
    if view.verdict is None:
        st.info(_pending(view), icon=":material/hourglass_empty:")
    if view.effect is not None:
        judged(view.effect, view.measure)


def _pending(view: ActionView) -> str:
    """Why no verdict stands."""
    is_earlier = view.effect is not None
    if view.state in IMPROVEMENT.ends:
        if is_earlier:
            return _("Withdrawn. The effect below is an earlier one.")
        return _("Withdrawn before it could be judged.")
    if view.look_on is None:
        return _("Empty until it can be judged.")
    since = day(view.look_on)
    if is_earlier:
        return _("The effect below is an earlier one. From {day} on it is judged anew.", day=since)
    return _("Empty until {day}: from then on it can be judged.", day=since)


def judged(effect: JudgedEffect, measure: str) -> None:
    """The verdict with its months and numbers, and the changes as a chart."""
    months = {"after": period_name(effect.after), "before": period_name(effect.before)}
    st.caption(_("{after}, compared with {before}", **months))
    st.markdown(f"**{escape_markdown(_(effect.effect.sentence.template))}**")
    with st.container(gap=None):
        for label, change in _sides(effect):
            st.text(_("{label}: {value}", label=label, value=change_text(measure, change)))
            for side in (change.before, change.after):
                if side.reason is not None:
                    st.caption(_(side.reason.template, **side.reason.values))
    chart = drawn(effect, measure)
    if chart is not None:
        show_chart(chart, "action_effect", clickable=False)


def drawn(effect: JudgedEffect, measure: str) -> DrawnChart | None:
    """The change here, elsewhere, and the difference of both; None where nothing has a value."""
    spans = [(label, change.difference, change.after.n or 0) for label, change in _sides(effect)]
    if effect.effect.control is not None:
        counted = sum(n for _label, _span, n in spans)
        spans.append((_("Difference of both"), effect.effect.effect, counted))
    rows = [
        Dot(
            key=label,
            label=label,
            value=span.value,
            low=span.low,
            high=span.high,
            n=n,
            side=side_of_change(span, more_is_better=measure_of(measure).more_is_better),
        )
        for label, span, n in spans
        if span is not None
    ]
    if not rows:
        return None
    scale = DotScale(
        title=_("Change of the measure"),
        measure=_("Afterwards less before, {unit}", unit=change_unit(measure)),
        pattern="+.1f",
        words=(_("better"), _("cannot be told"), _("worse")),
        counted=_("Counted afterwards"),
        head=_("Where"),
        lines=((0.0, _("no change")),),
        bars=_("Bars: the interval judged, {level} %.", level=number(100 * effect.level, 0)),
    )
    return dots(rows, scale, sentence=_together(effect, measure))


def _together(effect: JudgedEffect, measure: str) -> str:
    """What is judged, as a sentence: the change here, less that elsewhere where there is one."""
    values = {"difference": span_text(effect.effect.effect), "unit": change_unit(measure)}
    if effect.effect.control is None:
        return _("Judged by the change where it was done: {difference} {unit}", **values)
    return _("Judged by the difference of both: {difference} {unit}", **values)


def _sides(effect: JudgedEffect) -> list[tuple[str, Change]]:
    sides = [(_("Where it was done"), effect.effect.own)]
    if effect.effect.control is not None:
        sides.append((_("Elsewhere"), effect.effect.control))
    return sides


def _facts(facts: list[tuple[str, str]]) -> None:
    with st.container(gap=None):
        for label, value in facts:
            st.caption(escape_markdown(_("{label}: {value}", label=label, value=value)))


def _words(label: str, words: str) -> None:
    with st.container(gap=None):
        st.caption(label)
        st.text(words)
