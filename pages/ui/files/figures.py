"""The complaints page: what is counted, the sentences, and from each mark to its files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn

import streamlit as st

from core.access import Identity
from core.clock import Level
from core.files.kinds import Kind
from core.files.steps import Step
from core.sampling import Survival, kaplan_meier
from db.files.queries.figures import FileFigures, InTime
from db.files.queries.file_filter import FileFilter, Which
from db.files.queries.sight import seen_stations
from db.files.services.kinds_in_use import kinds_in_use
from db.store.days import portal_day
from pages.ui.files.figure_charts import (
    LEVEL,
    duration_chart,
    hours_chart,
    in_time_chart,
    share_words,
    topic_label,
    topics_chart,
)
from pages.ui.files.file_words import kind_name, level_name, step_name
from pages.ui.kit import wiring
from pages.ui.kit.address import choice, option, pill
from pages.ui.kit.charts.base import show_chart
from pages.ui.kit.messages import _, escape_markdown, number, plural, text_of
from pages.ui.kit.terms import weekday_name

_SPANS = (90, 30, 365)
_FEWEST = 10
"""With fewer files no share and no median is told."""


def chosen(who: Identity) -> FileFilter:
    """The fields, which live in the address, and what they ask for: complaints of three months."""
    with wiring.reading() as session:
        kinds = list(kinds_in_use(session))
        today = portal_day(session, wiring.now())
        places = {
            str(row.id): f"{row.code} {text_of(row.names)}" for row in seen_stations(session, who)
        }
    days = pill(_("Received in"), "days", _SPANS, _span_name)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = option(_("Kind of file"), "kind", kinds, kind_name, default=Kind.COMPLAINT)
        station = choice(_("Station"), "station", places, _("All stations"))
        levels = {level.value: level_name(level) for level in Level}
        level = choice(_("Level"), "level", levels, _("All levels"))
    return FileFilter(
        which=Which.ALL,
        kind=kind,
        station_id=int(station) if station else None,
        level=Level(level) if level else None,
        since=today - timedelta(days=days - 1),
    )


def _span_name(days: int) -> str:
    return _("last {count} days", count=days)


def headline(figures: FileFigures, file_filter: FileFilter) -> None:
    """How many came, and how the first answers stand."""
    sentence = plural("{count} file received", "{count} files received", figures.n)
    answers = next(one for one in figures.in_time if one.step is Step.FIRST_RESPONSE)
    if answers.n >= _FEWEST:
        share = share_words(answers.met, answers.n)
        sentence = _("{received}; first answers in time: {share}", received=sentence, share=share)
    st.subheader(escape_markdown(sentence), anchor=False)
    if st.button(_("Show these files"), icon=":material/list:", key="figures_files"):
        open_files(file_filter)


def show(figures: FileFigures, file_filter: FileFilter) -> None:
    """The charts side by side, each with its sentence; a click opens the files of the mark."""
    left, right = st.columns(2, gap="large")
    with left:
        _topics(figures, file_filter)
        _in_time(figures.in_time, file_filter)
    with right:
        _hours(figures, file_filter)
        _durations(figures, file_filter)
    _repeats(figures)


def _topics(figures: FileFigures, file_filter: FileFilter) -> None:
    chart = topics_chart(figures.topics, sentence=_topics_sentence(figures))
    picked = show_chart(chart, "figures_topics")
    if picked:
        open_files(file_filter, topic=picked["topic"], sub_topic=picked["sub_topic"])


def _topics_sentence(figures: FileFigures) -> str:
    first = figures.topics[0]
    return _(
        "Most often: {topic}, {share}.",
        topic=topic_label(first),
        share=share_words(first.n, figures.n),
    )


def _hours(figures: FileFigures, file_filter: FileFilter) -> None:
    if not figures.by_hour:
        return
    busiest = max(figures.by_hour, key=lambda hour: (figures.by_hour[hour], -hour))
    sentence = _(
        "Most in one hour of the week: {weekday} {hour}:00, {n} of {all}.",
        weekday=weekday_name(busiest // 24),
        hour=busiest % 24,
        n=number(figures.by_hour[busiest], 0),
        all=number(sum(figures.by_hour.values()), 0),
    )
    picked = show_chart(hours_chart(figures.by_hour, sentence=sentence), "figures_hours")
    if picked:
        open_files(file_filter, hour=int(picked["weekday_hour"]))


def _in_time(steps: Sequence[InTime], file_filter: FileFilter) -> None:
    if not any(step.n for step in steps):
        st.info(_("No limit in use was due for these files."), icon=":material/timer_off:")
        return
    sentences = [_in_time_sentence(step) for step in steps if step.n]
    picked = show_chart(
        in_time_chart(steps, sentence=" ".join(sentences)), "figures_in_time", how="in_time"
    )
    if picked:
        open_files(file_filter, timed=f"{picked['step']}-{picked['timeliness']}")


def _in_time_sentence(step: InTime) -> str:
    if step.n < _FEWEST:
        return _(
            "{step}: {met} of {n} in time, too few to tell a share.",
            step=step_name(step.step),
            met=number(step.met, 0),
            n=number(step.n, 0),
        )
    return _(
        "{step}: {share} in time; {late} too late, {overdue} overdue.",
        step=step_name(step.step),
        share=share_words(step.met, step.n),
        late=number(step.late, 0),
        overdue=number(step.overdue, 0),
    )


def _durations(figures: FileFigures, file_filter: FileFilter) -> None:
    survival = kaplan_meier(figures.times, level=LEVEL)
    if not survival.n:
        return
    chart = duration_chart(survival, sentence=duration_sentence(survival))
    if show_chart(chart, "figures_durations", how="durations"):
        open_files(file_filter)


def duration_sentence(survival: Survival) -> str:
    """The median with its interval, of how many files, of which so many are not handled."""
    still = plural(
        "{count} of them is not handled yet",
        "{count} of them are not handled yet",
        survival.n - survival.ended,
    )
    of = plural("of {count} file", "of {count} files", survival.n)
    if survival.n < _FEWEST:
        return _("Too few to tell a median: {of}; {still}.", of=of, still=still)
    if survival.median is None:
        return _(
            "More than half go on for longer than was watched, {of}; {still}.", of=of, still=still
        )
    low = number(survival.lower, 0)
    high = number(survival.upper, 0) if survival.upper is not None else _("unknown")
    return _(
        "Half are handled within {hours} h (90 % interval {low} to {high}), {of}; {still}.",
        hours=number(survival.median, 0),
        low=low,
        high=high,
        of=of,
        still=still,
    )


def _repeats(figures: FileFigures) -> None:
    if figures.recognised:
        st.caption(
            escape_markdown(
                _(
                    "The same customer with the same matter within 30 days: {share}, of the files "
                    "with a known customer and a class.",
                    share=share_words(figures.repeated, figures.recognised),
                )
            )
        )


def open_files(file_filter: FileFilter, **more: Any) -> NoReturn:  # noqa: ANN401  codes of the address
    """The list of the files of a mark."""
    fields: dict[str, object] = {
        "which": Which.ALL.value,
        "kind": file_filter.kind.value if file_filter.kind else None,
        "station": file_filter.station_id,
        "level": file_filter.level.value if file_filter.level else None,
        "since": file_filter.since.isoformat() if file_filter.since else None,
    }
    query = {name: str(value) for name, value in (fields | more).items() if value is not None}
    st.switch_page("files.py", query_params=query)
