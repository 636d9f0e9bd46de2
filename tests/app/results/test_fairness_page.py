"""The page on whether a checklist, or its use, is hard on some."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core.results import item_fairness
from db.inspection.models import Inspection
from db.results.models import StationDay
from db.upkeep.rebuild import rebuild
from pages.ui.results import group_items
from tests import factories
from tests.support.house.app_pages import charts, opened, said
from tests.support.ranking.three_stations import make_stations

PAGE = "fairness.py"


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    with sqlite_databases.like("three stations", make_stations) as engine:
        yield factories.seeded_in(engine)


def test_groups_are_named_compared_and_drawn(open_app, wired):
    with wired.transaction() as session:
        session.execute(update(Inspection).where(Inspection.id % 2 == 0).values(language="en"))
        session.execute(update(Inspection).where(Inspection.id % 2 == 1).values(language="zh_TW"))
        rebuild(session, lambda done, total: None)
    app = opened(open_app("bob"), PAGE)
    words = said(app)
    assert any("groups compared with the mean of all" in one for one in words), words
    assert "Language of the encounter" in [one.value for one in app.subheader]
    (chart, *_rest) = charts(app)
    assert chart["title"]["text"] == "Adjusted score and the interval judged"
    assert "Nobody of these groups has appealed at the stations whose appeals you see." in words
    assert any(
        "No item has 30 answers of a group and of others at 5 stations" in one for one in words
    )


def test_items_of_groups_are_told_with_what_was_looked_at(open_app, wired, monkeypatch):
    """At two stations, which is made enough; both languages at each in every month."""
    for module in (item_fairness, group_items):
        monkeypatch.setattr(module, "FEWEST_STATIONS", 2)
    with wired.transaction() as session:
        session.execute(update(Inspection).where(Inspection.id % 8 < 4).values(language="en"))
        session.execute(update(Inspection).where(Inspection.id % 8 > 3).values(language="zh_TW"))
        rebuild(session, lambda done, total: None)
    app = opened(open_app("bob"), PAGE)
    words = said(app)
    assert any("compared with the others at the same stations" in one for one in words), words
    table = next(one.value for one in app.dataframe if "Lost, %" in one.value.columns)
    assert set(table["Told apart by"]) == {"Language of the encounter"}
    assert set(table["Against the others"]) <= {"cannot be told", "lost more often"}


def test_where_nothing_can_be_told_apart_it_is_said(open_app, wired):
    with wired.transaction() as session:
        session.execute(update(Inspection).values(language="", shift="early", post="agent"))
        rebuild(session, lambda done, total: None)
    app = opened(open_app("bob"), PAGE)
    assert "Nothing to compare: no two groups of this selection have enough inspections." in said(
        app
    )
    assert app.dataframe.len == 0


def test_before_the_figures_are_rebuilt_the_page_says_so(open_app, wired):
    with wired.transaction() as session:
        session.execute(update(StationDay).values(shift=""))
    app = opened(open_app("bob"), PAGE)
    assert any("python -m db rebuild" in one for one in said(app))
    assert app.dataframe.len == 0


def test_staff_have_no_such_page(open_app):
    app = open_app("charlie").run()
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        app.switch_page(PAGE)
