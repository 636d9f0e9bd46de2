"""The case list as a component; what comes back is the case to preview or to open."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from db.queries.cases import CaseRow, Loss
from pages.ui.messages import _, day, number, text_of
from pages.ui.terms import channel_name, effect_name

_HERE = Path(__file__).parent
_CHIPS = 4
_list = st.components.v2.component(
    "case_list",
    js=(_HERE / "list.js").read_text(encoding="utf-8"),
    css=(_HERE / "list.css").read_text(encoding="utf-8"),
)


class Choice(NamedTuple):
    """The case selected in the list, and the one asked to be opened just now."""

    selected: int | None
    opened: int | None


def case_list(rows: Iterable[CaseRow], low_mark: float) -> Choice:
    """Show the cases; marks those below the low-score mark."""
    shown = [_card(row, low_mark) for row in rows]
    result = _list(
        key="case_list",
        data={"cases": shown, "texts": _texts(low_mark)},
        default={"selected": None},
        on_selected_change=lambda: None,
        on_opened_change=lambda: None,
    )
    known = {card["id"] for card in shown}
    return Choice(
        result.selected if result.selected in known else None,
        result.opened if result.opened in known else None,
    )


def _card(row: CaseRow, low_mark: float) -> dict[str, Any]:
    losses = row.losses[:_CHIPS]
    return {
        "id": row.inspection_id,
        "case": row.case_no,
        "score": number(row.score),
        "low": row.score < low_mark,
        "critical": row.critical,
        "station": f"{row.station_code} {text_of(row.station_names)}",
        "facts": " · ".join(_facts(row)),
        "chips": [{"name": text_of(loss.term), "lost": _lost(loss)} for loss in losses],
        "more": len(row.losses) - len(losses),
        "excerpt": row.excerpt,
    }


def _facts(row: CaseRow) -> list[str]:
    staff = _("staff {name}", name=row.staff) if row.staff else ""
    facts = [day(row.occurred_at, row.timezone), channel_name(row.channel), staff, row.case_no]
    return [fact for fact in facts if fact]


def _lost(loss: Loss) -> str:
    if loss.points:
        return f"−{number(loss.points)}"
    return effect_name(loss.effect)


def _texts(low_mark: float) -> dict[str, str]:
    mark = number(low_mark, 0)
    return {
        "list": _("Cases"),
        "low": _("below {mark}", mark=mark),
        "critical": _("critical"),
        "nothing_lost": _("nothing lost"),
        "keys": _("↑ ↓ to read on, Enter to open"),
    }
