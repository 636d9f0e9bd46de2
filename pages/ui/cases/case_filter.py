"""The filter of the cases: kept in the address in codes of no language, and under names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import streamlit as st

from core.access import Action, Identity, visible_stations
from core.checklist import Checklist
from core.errors import InvalidInput
from core.inspection.facets import NOT_RECORDED, SHIFTS, UNRECORDED
from core.periods import Period
from core.text.search_query import query_of
from db.cases.queries import case_filter
from db.cases.queries.case_filter import CaseFilter
from db.cases.services import FilterRow, delete_filter, save_filter, saved_filters
from db.checklists.queries.texts import newest_checklists
from db.people.queries import people
from db.people.queries.people import StationRow
from db.results.queries import stations
from pages.ui.kit import forms, wiring
from pages.ui.kit.address import choice, choices, pill, refuse_others, row_id, words
from pages.ui.kit.answers import item_name
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, escape_markdown, text_of
from pages.ui.kit.phrases import month_name
from pages.ui.kit.terms import (
    band_name,
    channel_name,
    effect_name,
    facet_name,
    facet_value,
    ratings,
    sample_name,
    training_marks,
)

LOW_MARK = 60.0
_ADDRESS = "_cases_address"
_FURTHER = (
    *("from", "to", "channel", "sample", "band", "critical", "group", "inspector", "language"),
    *("rating", "mark", "person", "line", "shift"),
)
_SAMPLES = ("random", "must_inspect", "observed", "chosen")
_WIDTH = 150
_LONGEST_QUERY = 200
_SAVING = "saved_filter"


@dataclass(frozen=True)
class Offer:
    """The options of each field of the filter."""

    stations: tuple[StationRow, ...]
    checklists: Mapping[int, Checklist]
    channels: tuple[str, ...]
    months: tuple[int, ...]
    posts: tuple[str, ...]
    lines: tuple[str, ...]
    languages: tuple[str, ...]
    inspectors: Mapping[str, str]
    people: Mapping[str, str]


def offer(who: Identity) -> Offer | None:
    """The options this person may choose from; None while nothing has been inspected."""
    visible = visible_stations(who, Action.SEE_CASES)
    covered = Reader()(stations.covered)
    with wiring.reading() as session:
        rows = people.stations(session)
        checklists = newest_checklists(session)
        posts, languages = case_filter.posts(session), case_filter.languages(session)
        lines = case_filter.business_lines(session)
        inspectors = case_filter.inspectors(session, who)
        staff_id = row_id("person")
        name = case_filter.person(session, who, staff_id)
    if not covered:
        return None
    used = {row.checklist_id for row in covered}
    period = Period(min(row.first for row in covered), max(row.last for row in covered))
    return Offer(
        stations=tuple(row for row in rows if visible is None or row.id in visible),
        checklists={key: checklist for key, checklist in checklists.items() if key in used},
        channels=tuple(sorted({row.channel for row in covered})),
        months=tuple(reversed(period.months())),
        posts=posts,
        lines=lines,
        languages=languages,
        inspectors=inspectors,
        people={str(staff_id): name} if name else {},
    )


def filters(options: Offer) -> CaseFilter:
    """The fields of the filter, set from the address; each change goes there."""
    with st.grid(min_column_width=_WIDTH, vertical_alignment="bottom", key="case_filter") as grid:
        typed = words(
            _("Words said or noted"), "words", most=_LONGEST_QUERY, help_text=_how_to_search()
        )
        chosen_stations = _stations(options)
        checklist_id, checklist = _checklist(options)
        section, item = _section_and_item(options, checklist)
        further = grid.cell()
    with further, st.container(horizontal=True, gap="xsmall"):
        hidden = sum(name in st.query_params for name in _FURTHER)
        label = _("More filters ({count})", count=hidden) if hidden else _("More filters")
        with st.popover(label, icon=":material/tune:", key="case_more"):
            more = _further(options)
        if st.query_params:
            label = _("Clear all filters")
            st.button("", icon=":material/close:", help=label, on_click=clear, key="clear_bar")
    _chosen_in_full(options, chosen_stations)
    st.session_state[_ADDRESS] = st.query_params.to_dict()
    return replace(
        more,
        station_ids=chosen_stations,
        checklist_id=checklist_id,
        section_key=section,
        item_key=item,
        best_first=st.query_params.get("best") == "1",
        words=typed,
    )


def _chosen_in_full(options: Offer, station_ids: Sequence[int]) -> None:
    """Several chosen stations by their names: their field has no room for them."""
    if len(station_ids) > 1:
        names = [
            f"{row.code} {text_of(row.names)}" for row in options.stations if row.id in station_ids
        ]
        st.caption(_("Stations: {names}", names=escape_markdown(_(", ").join(names))))


def _how_to_search() -> str:
    return _(
        'All words must be there. "Quoted words" stand together; OR between two words: one of them;'
        " - or NOT before a word: cases without it. Part of a code is enough: 106 finds YF106."
    )


def not_searched_for(typed: str) -> None:
    """Say which signs of what was typed find nothing."""
    query = query_of(typed)
    if query.signs and query.groups:
        st.caption(
            _(
                "Not searched for: {signs}. Only letters, digits and Chinese characters are.",
                signs=escape_markdown(" ".join(query.signs)),
            )
        )


def lowest_or_best(who: Identity) -> None:
    """Cases to warn with, or cases to teach best practice from; and the saved filters."""
    with st.container(horizontal=True, vertical_alignment="center", key="case_order"):
        orders = {"": _("Lowest scores first"), "1": _("Best practice first")}
        pill(_("Order"), "best", list(orders), orders.__getitem__)
        saved(who)


def low_mark(options: Offer, criteria: CaseFilter) -> float:
    """The chosen checklist's low-score mark, or the usual one."""
    checklist = options.checklists.get(criteria.checklist_id or 0)
    mark = checklist.low_score_mark if checklist else None
    return LOW_MARK if mark is None else mark


def narrow_to(name: str, value: str) -> None:
    """Set one filter, as a click on a figure does."""
    st.query_params[name] = value


def clear() -> None:
    st.query_params.clear()


def link_back() -> None:
    """From a case to the list it was found in."""
    st.page_link(
        "cases.py",
        label=_("Cases"),
        icon=":material/arrow_back:",
        query_params=st.session_state.get(_ADDRESS, {}),
    )


def _further(options: Offer) -> CaseFilter:
    columns = st.columns(2)
    with columns[0]:
        first = _month(_("From"), "from", options)
        channels = {channel: channel_name(channel) for channel in options.channels}
        channel = choice(_("Channel"), "channel", channels, _("All channels"))
        band = choice(_("Band"), "band", _bands(options), _("All bands"))
        post = _facet("post", "group", options.posts, _("All groups"))
        line = _facet("business_line", "line", options.lines, _("All business lines"))
        person = _person(options)
        inspector = _inspector(options)
        mark = choice(_("Training mark"), "mark", training_marks(), _("With or without"))
    with columns[1]:
        last = _month(_("To"), "to", options)
        samples = {sample_class: sample_name(sample_class) for sample_class in _SAMPLES}
        sample = choice(_("Sample"), "sample", samples, _("All inspections"))
        language = _facet("language", "language", options.languages, _("All languages"))
        shift = _facet("shift", "shift", SHIFTS, _("All shifts"))
        rating = choice(_("Customer rating"), "rating", ratings(), _("Any rating"))
        effects = {"1": _("Any critical effect"), **_effects()}
        effect = choice(_("Critical effect"), "critical", effects, _("With or without"))
    return CaseFilter(
        post=post,
        staff_id=person,
        inspector_id=inspector,
        channel=channel,
        sample_class=sample,
        band=band,
        critical_only=effect == "1",
        effect=None if effect == "1" else effect,
        language=language,
        business_line=line,
        shift=shift,
        rating=rating,
        mark=mark,
        from_month=first,
        to_month=last,
    )


def _facet(facet: str, name: str, values: Sequence[str], everything: str) -> str | None:
    """One value, or the unrecorded, which is offered to who asks for it."""
    names = {value: facet_value(facet, value) for value in values}
    if st.query_params.get(name) == NOT_RECORDED:
        names[NOT_RECORDED] = facet_value(facet, UNRECORDED)
    code = choice(facet_name(facet), name, names, everything)
    return UNRECORDED if code == NOT_RECORDED else code


def _person(options: Offer) -> int | None:
    """The member of staff whom a link names, for those who may know whom; else nobody is chosen."""
    if not options.people:
        refuse_others(_("Staff"), "person", ())
        return None
    staff_id = choice(_("Staff"), "person", options.people, _("All staff"))
    return int(staff_id) if staff_id else None


def _inspector(options: Offer) -> int | None:
    """The inspector who scored, for those who may know."""
    if not options.inspectors:
        return None
    inspector_id = choice(_("Inspector"), "inspector", options.inspectors, _("All inspectors"))
    return int(inspector_id) if inspector_id else None


def _effects() -> dict[str, str]:
    return {kind: effect_name(kind) for kind in ("form_zero", "section_zero", "cap", "flag")}


def _stations(options: Offer) -> tuple[int, ...]:
    names = {row.code: f"{row.code} {text_of(row.names)}" for row in options.stations}
    ids = {str(row.id): row.code for row in options.stations}
    codes = choices(_("Stations"), "station", names, _("All stations"), ids)
    return tuple(row.id for row in options.stations if row.code in codes)


def _checklist(options: Offer) -> tuple[int | None, Checklist | None]:
    titles = {checklist.key: text_of(checklist.title) for checklist in options.checklists.values()}
    ids = {str(number): checklist.key for number, checklist in options.checklists.items()}
    key = choice(_("Checklist"), "checklist", titles, _("All checklists"), ids)
    matches = (
        (number, checklist)
        for number, checklist in options.checklists.items()
        if checklist.key == key
    )
    return next(matches, (None, None))


def _section_and_item(options: Offer, checklist: Checklist | None) -> tuple[str | None, str | None]:
    """The keys of section and item; without a checklist, of all checklists."""
    forms = [checklist] if checklist else list(options.checklists.values())
    sections = {s.key: text_of(s.title) or s.key for form in forms for s in form.sections}
    section_key = choice(_("Section"), "section", sections, _("All sections"))
    items = {
        item.key: f"{item.key} {item_name(item)}"
        for form in forms
        for section in form.sections
        if section_key in (None, section.key)
        for item in section.items
        if item.scored
    }
    return section_key, choice(_("Item"), "item", items, _("All items"))


def _month(label: str, name: str, options: Offer) -> int | None:
    """A month with inspections, or whichever one the address names."""
    months = {str(month): month_name(month) for month in options.months}
    address_month = st.query_params.get(name, "")
    with suppress(InvalidInput):
        months.setdefault(
            address_month, month_name(Period.parse(f"{address_month}-{address_month}").first)
        )
    picked_month = choice(label, name, months, _("Any month"))
    return int(picked_month) if picked_month else None


def _bands(options: Offer) -> dict[str, str]:
    by_key = {band.key: band for form in options.checklists.values() for band in form.bands}
    ordered = sorted(by_key.values(), key=lambda band: -band.floor)
    return {band.key: text_of(band.title) or band_name(band.key) for band in ordered}


def saved(who: Identity) -> None:
    """The saved filters, one click away each, and a form to save the present one."""
    with st.popover(_("Saved filters"), icon=":material/bookmark:", key="saved_filters"):
        with wiring.reading() as session:
            rows = saved_filters(session, who)
        for row in rows:
            _line(who, row)
        if not rows:
            st.caption(_("No filter is saved yet."))
        if st.query_params:
            _form(who)


def _line(who: Identity, row: FilterRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            escape_markdown(row.name),
            key=f"filter_{row.filter_id}",
            type="tertiary",
            icon=":material/filter_alt:",
            on_click=_take,
            args=(dict(row.address),),
        )
        if row.shared:
            by = _("open to others") if row.own else _("by {name}", name=escape_markdown(row.owner))
            st.caption(by, width="content")
        if row.own and st.button(
            "",
            icon=":material/delete:",
            key=f"forget_{row.filter_id}",
            type="tertiary",
            help=_("Delete {name}", name=escape_markdown(row.name)),
        ):
            with change(_("Deleted.")) as session:
                delete_filter(session, who=who, filter_id=row.filter_id)


def _take(address: dict[str, str]) -> None:
    st.query_params.from_dict(address)


def _form(who: Identity) -> None:
    with forms.opened(_SAVING, border=False):
        name = st.text_input(
            _("Save this filter as"), max_chars=200, key=forms.field(_SAVING, "name")
        )
        shared = st.checkbox(_("Others may use it"), **forms.choice(_SAVING, "shared", value=False))
        if st.button(_("Save"), type="primary", key=f"{forms.key(_SAVING)}_save"):
            address = st.query_params.to_dict()
            with change(_("Saved."), _SAVING) as session:
                save_filter(
                    session,
                    who=who,
                    name=name,
                    address=address,
                    shared=shared,
                    now=wiring.now(),
                )
