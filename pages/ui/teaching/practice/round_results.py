"""Practice rounds for who teaches: opening one on an issued set, and their results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.access import Identity
from core.errors import PortalError
from core.teaching.practice import by_item
from core.teaching.states import PracticeState
from db.checklists.parsed_versions import checklist_of
from db.teaching.queries.practice import RoundView, Taker, possible_takers, round_view, rounds
from db.teaching.queries.practice_attempts import Attempt, answer_pairs
from db.teaching.queries.practice_items import AskableSection, askable_sections
from db.teaching.services.practice import (
    MOST_ATTEMPTS,
    PRACTISING,
    Terms,
    admit,
    close_round,
    open_answers,
    open_round,
)
from pages.ui.kit import forms, wiring
from pages.ui.kit.answers import item_name
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, escape_markdown, number, plural, show_error, text_of
from pages.ui.kit.tables import show_table
from pages.ui.teaching.practice.item_pairs import pairs_table
from pages.ui.teaching.practice.practice_words import (
    agreement,
    asked_items,
    attempt_result,
    overlooked,
    round_facts,
)

_MOST_ITEMS = 20
_PASS_MARK, _ATTEMPTS = 80, 2
_NEW = "practice_new"


def listing(who: Identity) -> None:
    with wiring.reading() as session:
        rows = rounds(session, who)
    if not rows:
        st.info(
            _('No practice yet. Issue a case set, then choose "Hold a practice" there.'),
            icon=":material/fact_check:",
        )
        st.page_link("case_sets.py", label=_("Case sets"), icon=":material/collections_bookmark:")
    for row in rows:
        with st.container(border=True, gap="xsmall", key=f"round_{row.round_id}"):
            st.page_link(
                "practice.py",
                label=f"**{escape_markdown(row.title)}**",
                query_params={"round": str(row.round_id)},
            )
            st.caption(" · ".join(round_facts(row)))


def round_results(who: Identity, round_id: int) -> None:
    st.page_link("practice.py", label=_("Practice"), icon=":material/arrow_back:")
    try:
        with wiring.reading() as session:
            view = round_view(session, who, round_id)
    except PortalError as error:
        show_error(error)
        return
    st.title(escape_markdown(view.title), anchor=False)
    st.subheader(_headline(view), anchor=False)
    st.caption(" · ".join(_facts(view)))
    if view.items:
        st.caption(asked_items(view))
    _actions(who, view)
    takers = [taker for taker in view.takers if not taker.is_reference]
    _people(who, view, takers)
    _items(takers)


def _headline(view: RoundView) -> str:
    takers = [taker for taker in view.takers if not taker.is_reference]
    last = [taker.attempts[-1].outcome for taker in takers if taker.attempts]
    done = [outcome for outcome in last if outcome is not None]
    passed = sum(bool(outcome.passes(view.pass_mark)) for outcome in done)
    if not done:
        return plural(
            "{count} person takes part; nobody has finished yet.",
            "{count} people take part; nobody has finished yet.",
            len(takers),
        )
    return _(
        "{done} of {all} have finished; {passed} reached {mark} %.",
        done=len(done),
        all=len(takers),
        passed=passed,
        mark=number(view.pass_mark, 0),
    )


def _facts(view: RoundView) -> list[str]:
    facts = [escape_markdown(view.set_title)]
    facts.append(
        _("compared with {name}", name=escape_markdown(view.reference))
        if view.reference
        else _("compared with the inspections of record")
    )
    facts.append(plural("{count} attempt", "{count} attempts", view.attempts))
    if view.due_on:
        facts.append(_("due {day}", day=day(view.due_on)))
    if view.state == PracticeState.CLOSED:
        facts.append(_("closed"))
    return facts


def _actions(who: Identity, view: RoundView) -> None:
    if view.state != PracticeState.OPEN:
        return
    with st.container(horizontal=True, key="practice_actions"):
        form = f"admit_{view.round_id}"
        with (
            st.popover(_("Add people"), icon=":material/person_add:", key="admit"),
            forms.opened(form, border=False),
        ):
            with wiring.reading() as session:
                people = possible_takers(session, who, PRACTISING)
            taker_ids = {taker.user_id for taker in view.takers}
            fresh = [key for key in people if key not in taker_ids]
            user_ids = st.multiselect(
                _("Who takes part"),
                fresh,
                format_func=people.__getitem__,
                placeholder=_("Staff or inspectors"),
                **forms.choice(form, "takers", [], fresh),
            )
            if st.button(_("Add"), type="primary", key=f"{forms.key(form)}_add"):
                with change(_("Saved."), form) as session:
                    admit(
                        session,
                        who=who,
                        round_id=view.round_id,
                        user_ids=user_ids,
                        now=wiring.now(),
                    )
        if st.button(
            _("Close the practice"),
            icon=":material/lock:",
            key="close_practice",
            help=_("Nothing more can be handed in; everybody sees the reference answers."),
        ):
            with change(_("Closed.")) as session:
                close_round(session, who=who, round_id=view.round_id, now=wiring.now())


def _people(who: Identity, view: RoundView, takers: Sequence[Taker]) -> None:
    rows = [
        {
            _("Name"): taker.name,
            _("Attempt"): number(attempt.number, 0),
            _("Result"): attempt_result(attempt, view.pass_mark),
            _("Items alike"): _share(attempt.outcome.agreeing, attempt.outcome.compared)
            if attempt.outcome
            else "—",
            _("Alike, %"): number(attempt.outcome.percent if attempt.outcome else None),
            _("Beyond chance (AC1)"): agreement(attempt.outcome),
            _("Score apart"): number(attempt.outcome.score_gap if attempt.outcome else None),
            _("Critical overlooked"): number(
                attempt.outcome.overlooked if attempt.outcome else None, 0
            ),
        }
        for taker in takers
        for attempt in taker.attempts
    ]
    table = show_table(
        pd.DataFrame(rows),
        key="takers",
        alt=_("Results by person"),
        on_select="rerun",
        selection_mode="single-row",
    )
    lines = [(taker, attempt) for taker in takers for attempt in taker.attempts]
    if not lines:
        return
    st.caption(_("Choose a line to read what the person answered."))
    for line in table.selection.rows:
        if line < len(lines):
            _answers(who, view, *lines[line])


def _answers(who: Identity, view: RoundView, taker: Taker, attempt: Attempt) -> None:
    name = escape_markdown(taker.name)
    st.subheader(
        _("What {name} answered, attempt {number}", name=name, number=attempt.number), anchor=False
    )
    if all(case.comparison is None for case in attempt.cases):
        st.caption(_("Nothing has been handed in that can be compared yet."))
        return
    if attempt.outcome is not None and attempt.outcome.overlooked:
        st.markdown(overlooked(attempt.outcome.overlooked))
    tasks = tuple(case.task_id for case in attempt.cases)
    pairs = wiring.read_noted(
        "answers",
        tasks,
        read=lambda session: answer_pairs(session, who, view.round_id, tasks),
        note=partial(open_answers, who=who, round_id=view.round_id, task_ids=tasks),
    )
    pairs_table(pairs, _("Answer"), reference=True)


def _items(takers: Iterable[Taker]) -> None:
    """The items people judged apart most often, over everybody's first attempt."""
    cases = [case for taker in takers for attempt in taker.attempts[:1] for case in attempt.cases]
    compared = [case.comparison for case in cases if case.comparison is not None]
    apart = [item for item in by_item(compared) if item.agreeing < item.compared]
    if not apart:
        return
    names = _item_names({case.checklist_version_id for case in cases})
    st.subheader(_("Where people differ from the reference"), anchor=False)
    st.caption(_("First attempts only: later ones know the cases."))
    rows = [
        {
            _("Item"): f"{item.key} {names.get(item.key, '')}",
            _("Alike"): _share(item.agreeing, item.compared),
            _("Alike, %"): number(100 * item.agreeing / item.compared),
        }
        for item in apart[:_MOST_ITEMS]
    ]
    show_table(
        pd.DataFrame(rows),
        key="items_apart",
        alt=_("Where people differ from the reference"),
    )


def _item_names(versions: Iterable[int | None]) -> dict[str, str]:
    with wiring.reading() as session:
        checklists = [checklist_of(session, version) for version in versions if version]
    return {item.key: item_name(item) for checklist in checklists for item in checklist.items()}


def _share(count: int, total: int) -> str:
    return f"{number(count, 0)}/{number(total, 0)}"


def form(who: Identity, version_id: int) -> None:
    st.title(_("Hold a practice"))
    st.caption(
        _(
            "Each participant scores the cases blind. Their answers are compared item by item "
            "with the reference, and never enter any average."
        )
    )
    with wiring.reading() as session:
        people = possible_takers(session, who, PRACTISING)
        try:
            sections = askable_sections(session, who, version_id)
        except PortalError as error:
            show_error(error)
            return
    with forms.opened(_NEW):
        title = st.text_input(_("Title"), max_chars=200, key=forms.field(_NEW, "title"))
        takers = st.multiselect(
            _("Who takes part"),
            list(people),
            format_func=people.__getitem__,
            placeholder=_("Staff or inspectors"),
            **forms.choice(_NEW, "takers", [], list(people)),
        )
        reference = st.selectbox(
            _("Reference"),
            [None, *people],
            format_func=lambda key: (
                _("Answers of {name}", name=people[key]) if key else _("Inspections of record")
            ),
            help=_("A person gives the reference by scoring the same cases."),
            **forms.option(_NEW, "reference", None, [None, *people]),
        )
        items = _chosen_items(sections)
        left, middle, right = st.columns(3)
        mark = left.number_input(
            _("Pass mark, % of items alike"), 1, 100, **forms.amount(_NEW, "mark", _PASS_MARK)
        )
        attempts = middle.number_input(
            _("Attempts"), 1, MOST_ATTEMPTS, **forms.amount(_NEW, "attempts", _ATTEMPTS)
        )
        due = right.date_input(_("Due"), None, **forms.choice(_NEW, "due", None))
        if st.button(_("Open the practice"), type="primary", key=f"{forms.key(_NEW)}_open"):
            terms = Terms(
                title=title,
                pass_mark=float(mark),
                attempts=int(attempts),
                due_on=due,
                reference_user_id=reference,
                items=items,
            )
            _open(who, version_id, terms, takers)


def _chosen_items(sections: Sequence[AskableSection]) -> tuple[str, ...]:
    """The keys of the items that are to be asked; none for whole checklists."""
    by_key = {section.key: section for section in sections}
    scored = {item.key: item for section in sections for item in section.items if item.scored}
    alone = len({text_of(section.checklist) for section in sections}) == 1
    chosen = st.multiselect(
        _("Only these sections"),
        list(by_key),
        format_func=lambda key: _section_name(by_key[key], alone=alone),
        placeholder=_("Whole checklists"),
        help=_(
            "With sections or items chosen, these alone are asked, scored and compared. An item"
            " whose answer decides whether one of them is asked comes with it."
        ),
        **forms.choice(_NEW, "sections", [], list(by_key)),
    )
    single = st.multiselect(
        _("Only these items"),
        list(scored),
        format_func=lambda key: f"{key} {item_name(scored[key])}",
        placeholder=_("None besides the sections") if chosen else _("Whole checklists"),
        **forms.choice(_NEW, "items", [], list(scored)),
    )
    of_sections = [item.key for key in chosen for item in by_key[key].items]
    return tuple(dict.fromkeys([*of_sections, *single]))


def _section_name(section: AskableSection, *, alone: bool) -> str:
    title = text_of(section.title) or section.key.partition("/")[2]
    return title if alone else f"{text_of(section.checklist)} · {title}"


def _open(who: Identity, version_id: int, terms: Terms, takers: list[int]) -> None:
    try:
        with wiring.transaction() as session:
            begin = partial(open_round, session, version_id=version_id, terms=terms)
            begin = partial(begin, who=who, user_ids=takers, now=wiring.now())
            made = forms.made(session, who, _NEW, begin, entered=(version_id, terms, takers))
    except PortalError as error:
        show_error(error)
        return
    forms.close(_NEW)
    st.switch_page("practice.py", query_params={"round": str(made)})
