"""What changed for certain: rising losses, stations asking for help, effects; what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.periods import Period
from core.training import Rise, Standing
from db.checklists.queries.texts import ChecklistTexts, checklist_texts
from db.results.queries.stations import Slice
from db.training.queries.course_standing import URGENT, station_standings
from db.training.queries.effects import effects
from db.training.queries.emerging_losses import Emerging, emerging
from db.training.queries.trainer_news import BelowTarget, below_target
from pages.ui.kit import wiring
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.charts.base import show_chart
from pages.ui.kit.charts.rising_losses import RisePoint, rise_chart
from pages.ui.kit.days import running_month
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, escape_markdown, number, plural, text_of
from pages.ui.kit.phrases import month_name, period_name
from pages.ui.kit.tables import marked_row
from pages.ui.results.links import open_station
from pages.ui.results.station_lines import words
from pages.ui.training.course_standing import overdue_words
from pages.ui.training.effects import verdict
from pages.ui.training.training_fields import station_titles
from pages.ui.training.training_words import days

_SHOWN = 5
_EFFECTS = 3


def news(who: Identity, today: date) -> None:
    reader = Reader()
    running = running_month()
    rising = reader(emerging, who, running)
    needing = reader(below_target, who, running)
    texts = reader(checklist_texts)
    signals = [rise for rise in rising.rises if rise.is_signal] if rising else []
    st.subheader(_headline(len(signals), len({row.station_id for row in needing})), anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        _rising(rising, signals, texts)
    with right:
        _needing(needing, texts)
        _overdue(who, today)
    if can(who, Action.PLAN_TRAINING):
        _last_effects(who)


def _headline(rising: int, stations: int) -> str:
    if not rising and not stations:
        return _("No item is shown to rise, and no station lies surely below its target.")
    items = plural(
        "{count} item is shown to be lost more often than before",
        "{count} items are shown to be lost more often than before",
        rising,
    )
    places = plural(
        "{count} station lies surely below its target",
        "{count} stations lie surely below target",
        stations,
    )
    if not rising or not stations:
        return _("{words}.", words=items if rising else places)
    return _("{items}; {places}.", items=items, places=places)


def _rising(
    rising: Emerging | None, signals: Sequence[Rise], texts: dict[int, ChecklistTexts]
) -> None:
    st.markdown(f"#### {_('Rising losses')}")
    if rising is None:
        st.caption(_("Nothing was inspected yet."))
        return
    names = _item_names(texts)
    for rise in signals[:_SHOWN]:
        st.markdown(f"**{escape_markdown(names.get(rise.item, rise.item))}** · {_rise_words(rise)}")
        st.page_link(
            "cases.py",
            label=_("Cases of {month}", month=month_name(rising.month)),
            icon=":material/folder_open:",
            query_params={
                "item": rise.item,
                "from": str(rising.month),
                "to": str(rising.month),
            },
        )
    if rising.confined:
        listed = _(", ").join(names.get(rise.item, rise.item) for rise in rising.confined)
        st.caption(
            _(
                "Not counted, since a few people or one station may make the rise: {items}",
                items=escape_markdown(listed),
            )
        )
    if signals:
        _show_rise(rising, signals[0], names)
        return
    st.caption(
        _(
            "In {month} none of the {judged} items compared was lost beyond its limit.",
            month=period_name(Period(rising.month, rising.month)),
            judged=number(rising.judged, 0),
        )
    )
    if rising.rises:
        first = rising.rises[0]
        st.caption(_("Nearest to its limit:"))
        _show_rise(rising, first, names)


def _rise_words(rise: Rise) -> str:
    return _(
        "{share} % lost (n {n}), usually {usual} %, limit {limit} %",
        share=number(100 * rise.share),
        n=number(rise.answered, 0),
        usual=number(100 * rise.usual),
        limit=number(100 * rise.limit),
    )


def _show_rise(rising: Emerging, rise: Rise, names: dict[str, str]) -> None:
    name = names.get(rise.item, rise.item)
    points = [
        RisePoint(month, month_name(month), 100 * count.lost / count.answered, count.answered)
        for month, count in zip(rising.months, rising.counts[rise.item], strict=True)
        if count.answered
    ]
    drawn = rise_chart(
        points,
        usual=100 * rise.usual,
        limit=100 * rise.limit,
        title=name,
        sentence=_rise_words(rise),
    )
    show_chart(drawn, "rising", clickable=False, how="rising")


def _item_names(texts: dict[int, ChecklistTexts]) -> dict[str, str]:
    names: dict[str, str] = {}
    for checklist in texts.values():
        for key, item_texts in checklist.items.items():
            names.setdefault(key, text_of(item_texts) or key)
    return names


def _needing(rows: Sequence[BelowTarget], texts: dict[int, ChecklistTexts]) -> None:
    st.markdown(f"#### {_('Stations asking for help')}")
    if not rows:
        st.caption(_("No station lies surely below its target."))
        return
    st.caption(
        _("Mean of {period} surely below the pass mark.", period=period_name(rows[0].period))
    )
    places = station_titles()
    table = {
        _("Station"): [places[row.station_code] for row in rows],
        _("Checklist"): [text_of(texts[row.checklist_id].title) for row in rows],
        _("Score"): [f"{number(row.mean)} ± {number(row.half)}" for row in rows],
        _("Target"): [number(row.target, 0) for row in rows],
        _("Inspections"): [row.n for row in rows],
    }
    marked = marked_row(pd.DataFrame(table), "needing")
    how_computed("needing", "below_target")
    if marked is not None:
        row = rows[marked]
        open_station(row.station_id, Slice(row.period, row.checklist_id))


def _overdue(who: Identity, today: date) -> None:
    st.markdown(f"#### {_('Overdue training')}")
    with wiring.reading() as session:
        rows = [row for row in station_standings(session, who, today) if row.urgent()]
    if not rows:
        st.caption(_("Nothing is overdue, and nobody has to resit."))
        return
    places = station_titles()
    for row in rows[:_SHOWN]:
        totals: dict[Standing, int] = {
            standing: sum(counts.get(standing, 0) for counts in row.counts.values())
            for standing in URGENT
        }
        st.markdown(f"**{escape_markdown(places[row.station_code])}** · {overdue_words(totals)}")
    st.page_link("training.py", label=_("Who and which course"), icon=":material/school:")


def _last_effects(who: Identity) -> None:
    st.markdown(f"#### {_('Last effects')}")
    with wiring.reading() as session:
        rows = effects(session, who)[:_EFFECTS]
    if not rows:
        st.caption(_("No effect is known yet."))
    for row in rows:
        when = days(row.starts_on, row.ends_on)
        st.markdown(f"**{escape_markdown(row.course)}** · {when} · {verdict(row.estimate)}")
        st.caption(words(row.sentence))
    if rows:
        how_computed("last_effects", "effect")
        st.page_link("effects.py", label=_("All effects"), icon=":material/trending_up:")
