"""Every draw there was: by hand, at once, by night, at a month's end."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Identity
from core.plan.standing import DrawKind
from db.inspection.queries.standing_plan import drawn_plans
from pages.ui.kit import wiring
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.messages import _, day, number
from pages.ui.kit.phrases import month_name
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import sample_name

_MOST_SHOWN = 200


def show(who: Identity) -> None:
    """The drawn plans, the newest first, with all that repeats a draw."""
    st.markdown("#### " + _("Drawn plans"))
    with wiring.reading() as session:
        rows = drawn_plans(session, who, limit=_MOST_SHOWN)
    if not rows:
        st.caption(_("Nothing has been drawn yet."))
        return
    columns: dict[str, list[Cell]] = {
        _("Day"): [day(row.day) for row in rows],
        _("Month"): [month_name(row.month) for row in rows],
        _("Draw"): [kind_name(row.kind) for row in rows],
        _("Drawn by"): [row.drawn_by or _("the portal") for row in rows],
        _("Drawn from"): [row.frame for row in rows],
        sample_name("random"): [row.random for row in rows],
        sample_name("must_inspect"): [row.must_inspect for row in rows],
        _("Scored twice"): [row.twice for row in rows],
        _("Done"): [row.done for row in rows],
        _("Seed"): [str(row.seed) for row in rows],
    }
    show_table(pd.DataFrame(columns), key="drawn_plans", alt=_("Drawn plans"))
    if len(rows) == _MOST_SHOWN:
        st.caption(_("The newest {count}.", count=number(_MOST_SHOWN, 0)))
    download_menu("drawn_plans", table=Table.of("drawn_plans", columns))


def kind_name(kind: DrawKind) -> str:
    return {
        DrawKind.BY_HAND: _("By hand"),
        DrawKind.AT_ONCE: _("As it came"),
        DrawKind.BY_NIGHT: _("By night"),
        DrawKind.MONTH_END: _("What the month lacked"),
    }[kind]
