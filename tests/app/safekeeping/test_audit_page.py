"""The audit log as auditors read it."""

from __future__ import annotations

from tests.support.house.app_pages import opened, said

CASE, AUDIT = "case.py", "audit.py"


def test_the_audit_log_is_read_newest_first_and_narrowed(world, open_app):
    made = world.scored()
    opened(open_app("tina"), CASE, id=made)
    app = opened(open_app("otto"), AUDIT)
    table = app.dataframe[0].value
    assert list(table["Action"][:2]) == ["Signed in", "Opened"]
    app = opened(open_app("otto"), AUDIT, action="view")
    table = app.dataframe[0].value
    assert list(zip(table["Person"], table["Object number"], strict=True)) == [
        ("Tina (tina)", str(made))
    ]
    app = opened(open_app("otto"), AUDIT, action="void")
    assert any(text.startswith("No entry matches.") for text in said(app))


def test_the_audit_log_has_pages(world, open_app, monkeypatch):
    monkeypatch.setattr("pages.ui.safekeeping.audit_log._PAGE", 2)
    for _ in range(3):
        world.scored()
    app = opened(open_app("otto"), AUDIT, action="submit")
    first = list(app.dataframe[0].value["Object number"])
    app.button(key="page_more").click().run()
    assert [*first, *app.dataframe[0].value["Object number"]] == ["3", "2", "1"]
