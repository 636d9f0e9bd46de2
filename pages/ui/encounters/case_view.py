"""Headings, figures, ledger and history around the reading panes of a case."""

from __future__ import annotations

from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from core.access import Identity
from core.errors import PortalError
from core.inspection.states import InspectionState
from core.scoring import ItemScore, ScoreSheet
from db.cases.queries.case import CaseAmendment, CaseView, case
from db.cases.services import open_case
from db.cases.signed_result import signed_result, signing_fingerprint
from db.inspection.models import RECALLED
from pages.ui.encounters.reading.panes import clock_time, lost_items
from pages.ui.inspection.ledger import floors_line, ledger_lines
from pages.ui.kit import wiring
from pages.ui.kit.answers import item_name
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, escape_markdown, moment, number, plural, show_error, text_of
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import band_name, channel_name, effect_name, no_consent

_EFFECTS = 2


def heading(view: CaseView) -> None:
    """The case's number, its outcome in one sentence, and where it took place."""
    st.title(escape_markdown(view.case_no), anchor=False)
    st.subheader(escape_markdown(headline(view)), anchor=False)
    st.caption(" · ".join(escape_markdown(fact) for fact in facts(view)))
    if view.file is not None:
        st.page_link(
            "file.py",
            label=_("From file {number}", number=escape_markdown(view.file.number)),
            icon=":material/folder_open:",
            query_params={"id": str(view.file.file_id)},
        )


def headline(view: CaseView) -> str:
    """What decided the score: critical effects first, then what was lost and where most."""
    if view.sheet.score is None:
        return _(view.sheet.reason or "No item applies, so there is no score.")
    lost = lost_items(view)
    effects = [
        _("{effect}: {item}.", effect=effect_name(score.effect), item=_name(view, score))
        for score in lost
        if score.effect
    ]
    return " ".join([*effects[:_EFFECTS], _losses(view, lost)])


def facts(view: CaseView) -> list[str]:
    """Where, when, how and by whom, as far as the reader may know."""
    phrases = [
        f"{view.station_code} {text_of(view.station_names)}",
        moment(view.occurred_at, view.timezone),
        channel_name(view.channel),
        clock_time(view.duration_seconds),
        checklist_name(view),
        "" if view.own else _staff(view.staff),
        _("inspected by {name}", name=view.inspector) if view.inspector else "",
    ]
    return [phrase for phrase in phrases if phrase]


def figures(view: CaseView) -> None:
    """Both scores, the band, and whether it passed."""
    sheet = view.sheet
    with st.container(horizontal=True, gap="medium", key="case_figures"):
        _figure(_("Score"), number(sheet.score))
        _figure(_("Before critical effects"), number(sheet.score_before_critical))
        _figure(_("Band"), band_name(sheet.band))
        if view.checklist.pass_mark is not None:
            mark = number(view.checklist.pass_mark, 0)
            _figure(_("Pass mark {mark}", mark=mark), passed(sheet))
        if sheet.key_moment_score is not None:
            _figure(_("Key moments"), number(sheet.key_moment_score))
    if sheet.floors:
        st.caption(escape_markdown(floors_line(sheet)))


def state_notice(view: CaseView) -> None:
    """A note on a closed, voided or amended inspection, with a link to the one that counts."""
    if view.closed:
        st.info(no_consent(), icon=":material/lock:")
    if view.state == InspectionState.VOID:
        st.warning(_("This inspection was voided. It counts nowhere."), icon=":material/block:")
    elif view.state == InspectionState.AMENDED:
        st.warning(
            _("This inspection was amended. What follows is the older version."),
            icon=":material/history:",
        )
        if view.newer is not None:
            st.page_link(
                "case.py",
                label=_("Open the corrected inspection"),
                icon=":material/arrow_forward:",
                query_params={"id": str(view.newer)},
            )


def ledger(view: CaseView) -> None:
    """Every step from the answers to the score, to read and to download."""
    title = _("Ledger: how the score came about")
    with st.expander(title, key="case_ledger", on_change="rerun") as box:
        if not box.open:
            return
        lines = ledger_lines(view.checklist, view.sheet)
        show_table(
            pd.DataFrame(
                {
                    _("Of"): [line.subject for line in lines],
                    _("Step"): [line.step for line in lines],
                    _("Calculation"): [line.calculation for line in lines],
                    _("Result"): [line.result for line in lines],
                }
            ),
            height=420,
            column_config={_("Result"): st.column_config.TextColumn(alignment="right")},
            alt=title,
        )
        st.download_button(
            _("Download as JSON"),
            lambda: signed_result(view, wiring.keys()),
            f"result-{view.inspection_id}.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
            key="result_json",
        )
        st.caption(
            _(
                "The file proves itself, without this portal: `python -m core verify` scores its"
                " answers again and checks the portal's signature. Key: {key}",
                key=signing_fingerprint(wiring.keys()),
            )
        )
        how_computed("case_ledger", "score")


def history(view: CaseView) -> None:
    """When it was inspected, and every amendment with its reason."""
    with st.expander(_("History"), key="case_history", expanded=bool(view.changes)):
        for line in history_lines(view):
            st.text(line)


def history_lines(view: CaseView) -> list[str]:
    lines = [_("{day}: inspected", day=moment(view.submitted_at, view.timezone))]
    lines += [_change(view, change) for change in view.changes]
    if view.acknowledged_at is not None:
        seen = moment(view.acknowledged_at, view.timezone)
        lines.append(_("{day}: acknowledged by the scored person", day=seen))
        lines += [view.comment] if view.comment else []
    return lines


def checklist_name(view: CaseView) -> str:
    title = text_of(view.checklist.title)
    return _("{title}, version {version}", title=title, version=view.version)


def passed(sheet: ScoreSheet) -> str:
    """Whether it is a pass, which a floor may take away although the mark is reached."""
    if sheet.passed is None:
        return "—"
    return _("pass") if sheet.passed else _("no pass")


def _losses(view: CaseView, lost: list[ItemScore]) -> str:
    points = [item for item in lost if item.points_lost]
    if not points:
        return "" if lost else _("Nothing was lost.")
    most = max(points, key=lambda item: item.points_lost or 0)
    return plural(
        "{count} item lost {points} points, most at {item}.",
        "{count} items lost {points} points, most at {item}.",
        len(points),
        points=number(sum(item.points_lost or 0 for item in points)),
        item=_name(view, most),
    )


def _name(view: CaseView, score: ItemScore) -> str:
    return item_name(view.checklist.by_key[score.key])


def _staff(staff: str) -> str:
    return _("staff {name}", name=staff) if staff else ""


def _figure(label: str, value: str) -> None:
    st.markdown(f":gray[{escape_markdown(label)}]  \n**{escape_markdown(value)}**", width="content")


def _change(view: CaseView, change: CaseAmendment) -> str:
    values = {
        "day": moment(change.made_at, view.timezone),
        "reason": change.reason,
        "score": number(change.old_score),
    }
    if change.kind == "void":
        line = _("{day}: voided (score {score}). Reason: {reason}", **values)
    elif change.kind == RECALLED:
        line = _("{day}: taken back by its inspector (score until then {score})", **values)
    elif change.kind == "appeal":
        line = _("{day}: amended on appeal (score until then {score}). Reason: {reason}", **values)
    else:
        line = _("{day}: amended (score until then {score}). Reason: {reason}", **values)
    return f"{line} — {change.by}" if change.by else line


def opened(
    who: Identity,
    inspection_id: int,
    how: Literal["view", "preview"] = "view",
    *,
    set_id: int | None = None,
) -> CaseView | None:
    """The case, or None after saying why it cannot be shown; `set_id` where a case set shows it."""
    try:
        return wiring.read_noted(
            how,
            inspection_id,
            read=lambda session: case(session, who, inspection_id, set_id=set_id),
            note=partial(open_case, who=who, inspection_id=inspection_id, how=how, set_id=set_id),
        )
    except PortalError as error:
        show_error(error)
        return None
