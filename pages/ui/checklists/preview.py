"""The checklist as the inspector will see it, with trial answers and the ledger of their score."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from core.checklist import Checklist
from core.errors import InvalidInput
from core.inspection.evidence import Lacking
from core.inspection.states import AssignmentState
from core.scoring import ScoreSheet, parse_answers, score
from core.scoring.answers import parse_answer
from db.encounters.queries.encounter import Encounter
from db.inspection.queries.desk import Desk, DraftState
from pages.ui.checklists.draft import DraftWork
from pages.ui.checklists.library import library
from pages.ui.inspection import pad
from pages.ui.inspection.ledger import floors_line, ledger_lines
from pages.ui.inspection.pad.display import sheet_data
from pages.ui.inspection.pad.items import checklist_data
from pages.ui.inspection.pad.texts import texts
from pages.ui.kit.auth import leave_if_over
from pages.ui.kit.messages import _, language, number, use_language
from pages.ui.kit.modules import entry
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import band_name

_HERE = Path(__file__).parent
_PAD = Path(pad.__file__).parent
_preview = st.components.v2.component(
    "checklist_preview",
    js=entry("checklists/preview.js"),
    css="\n".join(
        path.read_text(encoding="utf-8") for path in (_PAD / "pad.css", _HERE / "preview.css")
    ),
)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_NOWHERE = Encounter(
    interaction_id=0,
    case="",
    channel="",
    station="",
    timezone="UTC",
    occurred_at=_LONG_AGO,
    language="",
    duration_seconds=None,
    has_recording=False,
    case_kind="none",
    is_repeat=False,
    events=(),
    facts={},
    turns=(),
)


@st.fragment
def show(spoken: str, work: DraftWork) -> None:
    """Try answers; nothing of it is stored."""
    use_language(spoken)  # a fragment runs without the page around it
    leave_if_over()
    checklist = work.examined.checklist
    if checklist is None:
        st.info(_("The preview shows once the problems below are solved."))
        return
    raw_answers = _answers(checklist)
    sheet = score(checklist, parse_answers(checklist, raw_answers))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _mount(work, checklist, raw_answers, sheet)
    with right:
        _figures(sheet)
        _ledger(checklist, sheet)


def _mount(
    work: DraftWork, checklist: Checklist, raw_answers: Mapping[str, Any], sheet: ScoreSheet
) -> None:
    sources = {item.id: item.source for item in library()}
    desk = Desk(
        task_id=0,
        state=AssignmentState.OPEN,
        version=checklist.version,
        checklist=checklist,
        sources=sources,
        encounter=_NOWHERE,
        draft=DraftState(),
    )
    _preview(
        key="preview",
        data={
            "version": f"{work.version_id}.{work.edit}.{language()}",
            "state": {
                "checklist": checklist_data(desk),
                "encounter": {"zone": "UTC"},
            },
            "texts": texts(),
            "answers": dict(raw_answers),
            "sheet": sheet_data(sheet, Lacking((), ())),
        },
        default={"answers": {}},
        on_answers_change=lambda: None,
    )


def _answers(checklist: Checklist) -> dict[str, Any]:
    """The trial answers that still fit the draft."""
    state = st.session_state.get("preview") or {}
    raw_answers = {}
    for key, raw_answer in (state.get("answers") or {}).items():
        item = checklist.by_key.get(key)
        try:
            if item is not None and parse_answer(item, raw_answer) is not None:
                raw_answers[key] = raw_answer
        except InvalidInput:
            continue
    return raw_answers


def _figures(sheet: ScoreSheet) -> None:
    score_text = number(sheet.score) if sheet.score is not None else "—"
    st.metric(_("Score"), score_text, help=_(sheet.reason) if sheet.reason else None)
    parts = []
    if sheet.band:
        parts.append(band_name(sheet.band))
    if sheet.score_before_critical != sheet.score:
        parts.append(_("before critical {score}", score=number(sheet.score_before_critical)))
    if sheet.floors:
        parts.append(floors_line(sheet))
    if sheet.missing:
        parts.append(_("{count} unanswered", count=len(sheet.missing)))
    st.caption(" · ".join(parts))


def _ledger(checklist: Checklist, sheet: ScoreSheet) -> None:
    rows = ledger_lines(checklist, sheet)
    if not rows:
        return
    show_table(
        {
            _("Of"): [row.subject for row in rows],
            _("Step"): [row.step for row in rows],
            _("Result"): [row.result for row in rows],
            _("Calculation"): [row.calculation for row in rows],
        },
        height=min(620, 36 * (len(rows) + 1)),
    )
