"""The list of cases with a preview beside it, paged by key."""

from __future__ import annotations

import streamlit as st

from core.access import Action, Identity, can
from core.text.search_query import query_of
from db.cases.queries.case_filter import CaseCursor, CaseFilter
from db.cases.queries.cases import FIRST_PAGE, Summary, cases, summary
from pages.ui.cases.case_filter import clear, narrow_to
from pages.ui.cases.case_list.component import case_list
from pages.ui.encounters import case_view
from pages.ui.encounters.case_view import opened
from pages.ui.encounters.reading.panes import contents, reading_panes
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _, escape_markdown, number, plural, text_of, use_language
from pages.ui.kit.tables import Pages, pages_of
from pages.ui.teaching.case_sets import adding_cases

_PAGE = FIRST_PAGE


def headline(who: Identity, criteria: CaseFilter, low_mark: float) -> Summary:
    """How many cases there are, how many are low, and what they lost most often."""
    figures = _summary(who, criteria, low_mark)
    st.subheader(_counted(figures, low_mark), anchor=False)
    if figures.most_lost:
        _most_lost(figures)
    return figures


def nothing_found(typed: str) -> None:
    if typed and not query_of(typed).groups:
        said = _("Nothing can be found by signs alone. Type letters, digits or Chinese characters.")
    else:
        said = _("No case matches. Take a filter away or widen the period.")
    st.info(said, icon=":material/search:")
    st.button(_("Clear all filters"), on_click=clear, key="clear_filters")


@st.fragment
def browse(language: str, criteria: CaseFilter, low_mark: float) -> None:
    """The list and, beside it, the selected case.

    It is rerun alone, so it looks up the signed-in person and sets the language itself.
    """
    use_language(language)
    who = guard(Action.SEE_CASES)
    pages = pages_of("cases", criteria, CaseCursor)
    known = _summary(who, criteria, low_mark) if _is_slow(criteria) else None
    with wiring.reading() as session:
        page = cases(session, who, criteria, after=pages.after, limit=_PAGE, known=known)
    left, right = st.columns([4, 5], gap="small")
    with left:
        choice = case_list(page.rows, low_mark, picks=can(who, Action.TEACH))
        _pager(pages, len(page.rows), page.next)
    if choice.opened is not None:
        st.switch_page("case.py", query_params=_address(choice.opened, criteria.words))
    with right:
        picked = choice.picked or ([choice.selected] if choice.selected else [])
        adding_cases.add_to_set(who, picked, words=criteria.words)
        _preview(who, choice.selected, criteria.words)


def _summary(who: Identity, criteria: CaseFilter, low_mark: float) -> Summary:
    if not criteria.mark:
        return Reader()(summary, who, criteria, low_mark)
    with wiring.reading() as session:  # marks are set at any time
        return summary(session, who, criteria, low_mark)


def _is_slow(criteria: CaseFilter) -> bool:
    """Whether its cases are looked for by words, and the summary of them is kept as long as true.

    Ratings may be imported anew at any time.
    """
    return bool(criteria.words and not criteria.mark and not criteria.rating)


def _counted(figures: Summary, low_mark: float) -> str:
    mark = number(low_mark, 0)
    if figures.more:
        return _(
            "More than {count} cases match; at least {low} of them score below {mark}.",
            count=number(figures.count, 0),
            low=number(figures.low, 0),
            mark=mark,
        )
    return plural(
        "{count} case matches; {low} scores below {mark}.",
        "{count} cases match; {low} score below {mark}.",
        figures.count,
        low=number(figures.low, 0),
        mark=mark,
    )


def _most_lost(figures: Summary) -> None:
    """The items lost most often, each one click away from its cases."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="most_lost"):
        lost = _("Lost most often in the first {count}:", count=number(figures.count, 0))
        st.caption(lost if figures.more else _("Lost most often:"), width="content")
        for item in figures.most_lost:
            st.button(
                f"{escape_markdown(text_of(item.term) or item.item_key)} {number(item.cases, 0)}",
                key=f"lost_{item.item_key}",
                type="tertiary",
                help=_("Only cases that lost {item}", item=escape_markdown(item.item_key)),
                on_click=narrow_to,
                args=("item", item.item_key),
            )


def _pager(pages: Pages[CaseCursor], row_count: int, following: CaseCursor | None) -> None:
    first = pages.before * _PAGE
    with st.container(horizontal=True, vertical_alignment="center", key="case_pager"):
        pages.back_button()
        st.caption(
            _("Cases {first} to {last}", first=first + 1, last=first + row_count), width="content"
        )
        pages.more_button(following)


def _preview(who: Identity, inspection_id: int | None, words: str) -> None:
    if inspection_id is None:
        st.info(_("Select a case to read it here."), icon=":material/article:")
        return
    view = opened(who, inspection_id, "preview")
    if view is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="preview_head"):
        st.markdown(f"**{number(view.sheet.score)}** · {escape_markdown(case_view.headline(view))}")
        st.page_link(
            "case.py",
            label=_("Open case"),
            icon=":material/open_in_full:",
            query_params=_address(inspection_id, words),
        )
    reading_panes("preview", contents(view, words=words))


def _address(inspection_id: int, words: str) -> dict[str, str]:
    return {"id": str(inspection_id), **({"words": words} if words else {})}
