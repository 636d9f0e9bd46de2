"""What the pages of figures are filtered by: a slice of the results and a group of stations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st

from core.errors import InvalidInput
from core.inspection.facets import EVERYTHING, NOT_RECORDED, SHIFTS, UNRECORDED, Facets
from core.periods import Period, choices
from db.checklists.queries.texts import ChecklistTexts
from db.people.queries.people import StationRow
from db.results.queries.facets import FacetCount, facet_counts
from db.results.queries.stations import Covered, Slice
from pages.ui.kit.address import option, refuse_others
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.days import running_month
from pages.ui.kit.downloads import name_files
from pages.ui.kit.messages import _, escape_markdown, plural, text_of
from pages.ui.kit.phrases import period_so_far, periods_named
from pages.ui.kit.terms import (
    channel_name,
    facet_name,
    facet_value,
    sample_name,
    station_kind,
)

ALL = "all"
_ADDRESS = {"business_line": "line", "shift": "shift", "post": "post", "language": "language"}
_SEVERAL = 2


class StationGroup(NamedTuple):
    """Stations that share a region or a kind; empty for all."""

    by: str = ""
    value: str = ""

    def __str__(self) -> str:
        return f"{self.by}:{self.value}" if self.by else ALL

    def holds(self, station: StationRow) -> bool:
        return not self.by or getattr(station, self.by) == self.value


def pick_slice(
    covered: Sequence[Covered],
    texts: dict[int, ChecklistTexts],
    read: Reader,
    *,
    usual: Sequence[Covered] = (),
    counted: Callable[[Any, Slice], tuple[FacetCount, ...]] = facet_counts,
) -> Slice:
    """Period, checklist, channel and kind of sample; call only where something is covered.

    The most used checklist is chosen first, by `usual` where that is given. Business line, shift,
    post and language as well, as far as the inspections chosen so far have several: what there is
    of them `counted` asks.
    """
    first, last = min(row.first for row in covered), max(row.last for row in covered)
    offered = choices(first, last, running_month())
    address_period = _period_of_address()
    if address_period is not None and address_period not in offered:
        offered.insert(0, address_period)
        default = offered[1]
    else:
        default = offered[0]
    by_code = {period.code: period for period in offered}
    names = periods_named(offered)
    code = option(_("Period"), "period", list(names), names.__getitem__, default=default.code)
    counts: dict[int, int] = {}
    for row in covered:
        counts.setdefault(row.checklist_id, 0)
    for row in usual or covered:
        counts[row.checklist_id] += row.n
    most = sorted(counts, key=lambda checklist_id: (-counts[checklist_id], checklist_id))
    titles = {checklist_id: text_of(texts[checklist_id].title) for checklist_id in most}
    checklist = option(_("Checklist"), "checklist", most, titles.__getitem__)
    within = [row for row in covered if row.checklist_id == checklist]
    slice_ = Slice(by_code[code], checklist, channel=_channel(within), sample_class=_sample(within))
    values = read(counted, slice_)
    return replace(slice_, facets=Facets(*(_facet(facet, values) for facet in Facets._fields)))


def pick_group(
    places: Iterable[StationRow], name: str = "stations", like: StationGroup | None = None
) -> StationGroup:
    """All stations, those of a region, or those of a kind; as another field unless chosen."""
    rows = list(places)
    regions = sorted({row.region for row in rows if row.region})
    kinds = sorted({row.kind for row in rows})
    groups = [
        StationGroup(),
        *(StationGroup(by="region", value=region) for region in regions),
        *(StationGroup(by="kind", value=kind) for kind in kinds if len(kinds) > 1),
    ]
    label, follows = _("Stations"), like is not None
    return option(label, name, groups, group_name, default=like, follows=follows)


def address(slice_: Slice, **more: object) -> dict[str, str]:
    """The query parameters that lead to the same slice on another page."""
    parameters = {
        "period": slice_.period.code,
        "checklist": slice_.checklist_id,
        "channel": slice_.channel or ALL,
        "sample": slice_.sample_class or ALL,
        **facet_parameters(slice_.facets),
    } | more
    return {name: str(value) for name, value in parameters.items() if value is not None}


def facet_parameters(facets: Facets, **names: str) -> dict[str, str]:
    """The query parameters of facets; `names` are those that another page calls otherwise."""
    return {
        (_ADDRESS | names)[facet]: value or NOT_RECORDED for facet, value in facets.chosen.items()
    }


def show_slice(
    slice_: Slice, texts: dict[int, ChecklistTexts], read: Reader, station: str = ""
) -> None:
    """Say under a headline what the figures are of, and have the page's files say it."""
    version = str(read.version)
    st.caption(f"{describe(slice_, texts)} · {_('data version {version}', version=version)}")
    for line in _left_out(slice_, read):
        st.caption(line)
    chosen = slice_.facets.chosen
    subject = {
        _("Station"): station,
        _("Checklist"): text_of(texts[slice_.checklist_id].title),
        _("Period"): period_so_far(slice_.period),
        _("Channel"): channel_name(slice_.channel) if slice_.channel else "",
        _("Sample"): _sample_name(slice_.sample_class or ALL),
        **{facet_name(facet): facet_value(facet, value) for facet, value in chosen.items()},
        _("Data version"): version,
    }
    name_files({heading: text for heading, text in subject.items() if text})


def describe(slice_: Slice, texts: dict[int, ChecklistTexts]) -> str:
    """The slice in words, as Markdown."""
    title = escape_markdown(text_of(texts[slice_.checklist_id].title))
    words = [period_so_far(slice_.period), title]
    if slice_.channel is not None:
        words.append(channel_name(slice_.channel))
    words.append(_sample_name(slice_.sample_class or ALL))
    for facet, value in slice_.facets.chosen.items():
        words.append(f"{facet_name(facet)}: {escape_markdown(facet_value(facet, value))}")
    return " · ".join(words)


def group_name(group: StationGroup) -> str:
    if group.by == "kind":
        return station_kind(group.value)
    return group.value or _("All stations")


def _channel(covered: Sequence[Covered]) -> str | None:
    channels = sorted({row.channel for row in covered})
    if len(channels) == 1:
        refuse_others(_("Channel"), "channel", [ALL, *channels])
        return None
    names = {ALL: _("All channels")} | {channel: channel_name(channel) for channel in channels}
    choice = option(_("Channel"), "channel", list(names), names.__getitem__)
    return None if choice == ALL else choice


def _sample(covered: Sequence[Covered]) -> str | None:
    classes = {row.sample_class for row in covered}
    options = [
        sample_class for sample_class in ("random", "must_inspect") if sample_class in classes
    ]
    choice = option(_("Sample"), "sample", [*options, ALL], _sample_name)
    return None if choice == ALL else choice


def _facet(facet: str, rows: Sequence[FacetCount]) -> str | None:
    """The chosen value of a facet; offered only where several are recorded."""
    counts = {row.value: row.n for row in rows if row.facet == facet}
    recorded = [value for value in counts if value]
    name, label = _ADDRESS[facet], facet_name(facet)
    if len(recorded) < _SEVERAL:
        refuse_others(label, name, [ALL])
        return None
    values = [value for value in SHIFTS if value in counts] if facet == "shift" else recorded
    codes = {ALL: _("All")} | {value: facet_value(facet, value) for value in values}
    if UNRECORDED in counts:
        codes[NOT_RECORDED] = facet_value(facet, UNRECORDED)
    code = option(label, name, list(codes), codes.__getitem__)
    return None if code == ALL else UNRECORDED if code == NOT_RECORDED else code


def _left_out(slice_: Slice, read: Reader) -> list[str]:
    """What is not among the figures because nobody has recorded it."""
    if not slice_.facets.chosen:
        return []
    every = read(facet_counts, replace(slice_, facets=EVERYTHING))
    return [
        plural(
            "{facet}: not recorded for {count} inspection of this selection, which is left out.",
            "{facet}: not recorded for {count} inspections of this selection, which are left out.",
            row.n,
            facet=facet_name(row.facet),
        )
        for row in every
        if row.value == UNRECORDED and slice_.facets.chosen.get(row.facet)
    ]


def _sample_name(sample_class: str) -> str:
    return _("All inspections") if sample_class == ALL else sample_name(sample_class)


def _period_of_address() -> Period | None:
    code = st.query_params.get("period")
    try:
        return Period.parse(code) if code else None
    except InvalidInput:
        return None
