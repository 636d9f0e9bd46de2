"""How many appeals ask for somebody's attention, for the menu."""

from __future__ import annotations

from core.access import Action, Identity, can
from db.queries.appeals import count_open
from db.queries.own_appeals import count_unread
from pages.ui import wiring


def counts(who: Identity) -> dict[str, int]:
    """By page: open appeals for those who decide, ended ones that the person has not read of."""
    asked = {
        "appeals": (Action.DECIDE_APPEALS, count_open),
        "my_results": (Action.APPEAL, count_unread),
    }
    mine = {page: count for page, (action, count) in asked.items() if can(who, action)}
    if not mine:
        return {}
    with wiring.reading() as session:
        return {page: count(session, who) for page, count in mine.items()}
