"""The page of which checklist is for what."""

from __future__ import annotations

from core.checklist.choice import SHIPPED, ChoiceRow
from db.checklists.queries.choice import standing_rows
from db.checklists.services.choice import save_choice
from tests.support.house.app_pages import clicked, opened, said

PAGE = "checklist_choice.py"


def test_it_shows_the_rows_and_that_a_checklist_is_not_reached(world, open_app):
    """The world's own checklist "small" has no row, and the shipped table no change."""
    app = opened(open_app("bob"), PAGE)
    texts = [text.replace("\\", "") for text in said(app)]
    assert "No row leads to 1 checklist in force: small." in texts
    assert "The table is as it was shipped." in texts
    assert [button.label for button in app.button if "shipped" in button.label] == []
    clicked(app, "Save the table")
    assert world.one(standing_rows) == SHIPPED


def test_the_shipped_table_comes_back(world, open_app):
    row = ChoiceRow("phone", "", "cargo", "small")
    world.do(save_choice, world.bob, rows=(*SHIPPED[1:], row), number=0)
    app = opened(open_app("bob"), PAGE)
    lines = next(text for text in said(app) if "→" in text).replace("\\", "").split("  \n")
    assert lines[1:] == [
        "+ Phone · All kinds · cargo → small",
        "− Counter · All kinds → Airport counter service",
    ]
    clicked(app, "Back to the shipped one")
    assert world.one(standing_rows) == SHIPPED
