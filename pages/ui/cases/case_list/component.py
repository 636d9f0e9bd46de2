"""The case list as a component; what comes back is the case to preview or to open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from db.cases.queries.case_rows import CaseRow
from db.results.queries.losses import Loss
from db.results.queries.own_results import OwnResult
from pages.ui.kit.messages import _, day, number, text_of
from pages.ui.kit.modules import entry
from pages.ui.kit.terms import channel_name, effect_name, no_consent

_HERE = Path(__file__).parent
_CHIPS = 4
Card = dict[str, Any]
_list = st.components.v2.component(
    "case_list",
    js=entry("cases/case_list/list.js"),
    css=(_HERE / "list.css").read_text(encoding="utf-8"),
)


class Choice(NamedTuple):
    """The case selected in the list, the cases picked, and the case opened just now."""

    selected: int | None
    picked: list[int]
    opened: int | None


def case_list(rows: Iterable[CaseRow], low_mark: float, *, picks: bool) -> Choice:
    """Show the cases; marks those below the low-score mark. With `picks` several can be picked."""
    below = _("below {mark}", mark=number(low_mark, 0))
    cards = [_case(row, below if row.score < low_mark else "") for row in rows]
    return _listed(cards, _("Cases"), picks=picks)


def own_list(rows: Iterable[OwnResult]) -> Choice:
    """Show a person's own results; marks those that did not pass or are unread."""
    return _listed([_own(row) for row in rows], _("My results"))


def _listed(cards: list[Card], title: str, *, picks: bool = False) -> Choice:
    result = _list(
        key="case_list",
        data={
            "cases": cards,
            "picks": picks,
            "texts": {
                "list": title,
                "nothing_lost": _("nothing lost"),
                "pick": _("Pick"),
                "keys": _("↑ ↓ to read on, Space to pick, Enter to open")
                if picks
                else _("↑ ↓ to read on, Enter to open"),
            },
        },
        default={"selected": None, "picked": []},
        on_selected_change=lambda: None,
        on_picked_change=lambda: None,
        on_opened_change=lambda: None,
    )
    ids = {card["id"] for card in cards}
    return Choice(
        result.selected if result.selected in ids else None,
        [key for key in result.picked or [] if key in ids],
        result.opened if result.opened in ids else None,
    )


def _case(row: CaseRow, below: str) -> Card:
    staff = _("staff {name}", name=row.staff) if row.staff else ""
    when = day(row.occurred_at, row.timezone)
    return {
        "id": row.inspection_id,
        "score": number(row.score),
        "low": bool(below),
        "title": f"{row.station_code} {text_of(row.station_names)}",
        "signs": _joined(below, _("critical") if row.critical else ""),
        "facts": _joined(when, channel_name(row.channel), staff, row.case_no),
        **_chips(row.losses),
        "excerpt": no_consent() if row.closed else row.excerpt.text,
        "hits": row.excerpt.hits,
    }


def _own(row: OwnResult) -> Card:
    missed = row.passed is False
    seen = "" if row.acknowledged else _("not acknowledged")
    when = day(row.occurred_at, row.timezone)
    return {
        "id": row.inspection_id,
        "score": number(row.score),
        "low": missed,
        "title": text_of(row.title),
        "signs": _("no pass") if missed else "",
        "facts": _joined(when, channel_name(row.channel), row.case_no, seen),
        **_chips(row.losses),
        "excerpt": "",
        "hits": [],
    }


def _chips(losses: Sequence[Loss]) -> Card:
    first_losses = losses[:_CHIPS]
    return {
        "chips": [
            {"name": text_of(loss.term) or loss.item_key, "lost": _lost(loss)}
            for loss in first_losses
        ],
        "more": len(losses) - len(first_losses),
    }


def _joined(*phrases: str) -> str:
    return " · ".join(phrase for phrase in phrases if phrase)


def _lost(loss: Loss) -> str:
    if loss.points:
        return f"−{number(loss.points)}"
    return effect_name(loss.effect)
