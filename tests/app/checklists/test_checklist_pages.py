"""The checklists page: list, library, a version, a draft, its saving and its conflicts."""

from __future__ import annotations

import pytest

from db.checklists.models import ChecklistVersion
from db.checklists.queries.versions import opened
from db.checklists.services import drafting
from pages.ui.kit.messages import escape_markdown
from tests.support.clock import NOW
from tests.support.house import app_pages

PAGE = "checklists.py"


@pytest.fixture
def draft(wired):
    """A draft of the phone checklist."""
    with wired.transaction() as session:
        return drafting.derive(session, who=wired.bob, version_id=wired.phone_id, now=NOW)


def visit(open_app, username="bob", **query):
    return app_pages.opened(open_app(username), PAGE, **query)


def texts(app):
    return "\n".join(app_pages.said(app))


def labelled(elements, label):
    return next(element for element in elements if element.label.startswith(label))


def content(wired, version_id):
    with wired.reading() as session:
        return session.get_one(ChecklistVersion, version_id).content


def test_the_list_names_every_checklist_with_its_version(open_app):
    app = visit(open_app)
    assert "12 checklists are in force, 0 drafts." in texts(app)
    assert sum("In force" in button.label for button in app.button) == 12


def test_an_inspector_has_no_such_page(open_app):
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        visit(open_app, "alice")


def test_a_version_shows_items_rules_and_weights(open_app, wired):
    app = visit(open_app, version=wired.phone_id)
    told = texts(app)
    assert "Phone service" in told
    assert escape_markdown("CON-05") in told
    assert "pass mark 85" in told


def test_a_version_that_does_not_exist_leads_back(open_app):
    app = visit(open_app, version=999_999)
    assert "This checklist version does not exist." in texts(app)


def test_a_change_is_saved_at_once_and_the_share_follows(open_app, wired, draft):
    """The solution weighs 30 over scored weights of 15 (two clocks have no limit): 3 of 15 are 6.0.

    With 5 of 17 it is 8.8.
    """
    app = visit(open_app, version=draft, at="CON-05")
    assert "6.0 of 100" in texts(app)
    labelled(app.number_input, "Weight").set_value(5.0).run()
    assert "8.8 of 100" in texts(app)
    items = [item for section in content(wired, draft)["sections"] for item in section["items"]]
    assert next(item for item in items if item["key"] == "CON-05")["weight"] == 5


def test_moving_and_removing_an_item_in_the_outline(open_app, wired, draft):
    app = visit(open_app, version=draft, at="CON-08")
    before = [item["key"] for item in content(wired, draft)["sections"][3]["items"]]
    app.button(key="move_-1").click().run()
    after = [item["key"] for item in content(wired, draft)["sections"][3]["items"]]
    assert (before[:2], after[:2]) == (["CON-05", "CON-08"], ["CON-08", "CON-05"])
    app.button(key="remove").click().run()
    left = [item["key"] for item in content(wired, draft)["sections"][3]["items"]]
    assert left == after[1:]
    assert not app.exception


def test_a_missing_text_is_marked_listed_and_leads_to_its_place(open_app, draft):
    app = visit(open_app, version=draft, at="CON-05")
    labelled(app.text_area, "Text · English").set_value("").run()
    assert "missing" in labelled(app.text_area, "Text · English").label
    problem = next(button for button in app.button if "The text lacks en." in button.label)
    app.query_params["at"] = "form"
    app.run()
    app.button(key=problem.key).click().run()
    assert app.query_params["at"] in ("CON-05", ["CON-05"])


def test_the_second_editor_sees_both_and_chooses(open_app, wired, draft):
    app = visit(open_app, version=draft)
    with wired.transaction() as session:
        theirs = opened(session, wired.administrator, draft, today=NOW.date())
        drafting.save(
            session,
            who=wired.administrator,
            version_id=draft,
            edit=theirs.row.edit,
            content=theirs.content | {"pass_mark": 70},
            now=NOW,
        )
    labelled(app.number_input, "Low-score mark").set_value(50.0).run()
    assert "Administrator saved this draft" in texts(app)
    assert content(wired, draft)["pass_mark"] == 70
    app.button(key="keep_mine").click().run()
    assert not app.exception
    assert content(wired, draft)["low_score_mark"] == 50
    assert content(wired, draft)["pass_mark"] == 85


def test_a_question_without_a_version_asks_for_nothing(open_app):
    app = visit(open_app, version="; drop")
    assert "checklists are in force" in texts(app)
