"""Two hundred hostile texts in every field that people type or files bring: they stay texts.

The same walk over every page shows that none breaks the portal's policy of what may run.
"""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from db.encounters.models import Turn
from db.inspection import inspection_export
from db.inspection.models import Assignment, Inspection
from db.store.session import reading
from tests.support.house.hostile import SHORT, TEXTS
from tests.support.house.reruns import settled
from tests.support.house.walks import walked

MARKS = """() => {
  const found = [];
  const look = (root) => {
    found.push(...[...root.querySelectorAll('.qi-xss')].map((one) => one.outerHTML));
    found.push(...[...root.querySelectorAll('[href],[src]')]
      .map((one) => one.getAttribute('href') ?? one.getAttribute('src'))
      .filter((to) => /evil\\.example|^\\s*(javascript|vbscript):|^data:text/i.test(to)));
    for (const one of root.querySelectorAll('*')) if (one.shadowRoot) look(one.shadowRoot);
  };
  look(document);
  if (window.qiXss) found.push('window.qiXss');
  return found;
}"""


@pytest.fixture(scope="module")
def database(hostile):
    return hostile.database


@pytest.fixture(scope="module")
def portal(hostile):
    return hostile.portal


@pytest.fixture
def watched(open_page, sign_in):
    """`watched("alice")` is a page where that person is signed in; what breaks out is noted."""
    noted = []

    def watched(username):
        page = open_page()
        page.on("dialog", lambda dialog: (noted.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: is_evil(asked.url) and noted.append(asked.url))
        page.on("console", lambda said: "Policy" in said.text and noted.append(said.text))
        sign_in(page, username)
        return page

    yield watched
    assert noted == []


def is_evil(url):
    return (urlsplit(url).hostname or "").endswith("evil.example")


def drawn(page, address):
    page.goto(address)
    settled(page)
    assert page.evaluate(MARKS) == [], address
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize(("username", "paths"), list(walked()), ids=lambda value: str(value)[:20])
def test_on_every_page_hostile_texts_stay_texts(watched, database, username, paths):
    page = watched(username)
    for path in paths:
        drawn(page, f"/{path}")


def test_a_case_and_its_paper_show_them_as_they_are(watched, database):
    page = watched("bob")
    inspection = _first(database)
    drawn(page, f"/case?id={inspection}")
    drawn(page, f"/cases?words={SHORT[3]}&station={SHORT[4]}&section={SHORT[5]}")
    page.goto(f"/print/inspection/{inspection}")
    assert page.evaluate(MARKS) == []
    shown = page.inner_text("body")
    assert [text for text in TEXTS if text.strip() not in shown] == []


def test_an_appeal_and_its_end_show_them_as_they_are(watched, database):
    page = watched("bob")
    for appeal in (1, 2):
        drawn(page, f"/appeal?id={appeal}")
        expect(page.get_by_text("Reason of the appeal")).to_be_visible()
    expect(page.get_by_text("Score stands")).to_be_visible()
    page = watched("charlie")
    drawn(page, "/my_results")
    page.get_by_role("button", name="Notices").click()
    # Some of these texts are names of colleagues, which are hidden in all others from Charlie.
    text = next(one for one in SHORT if "window" not in one)
    expect(page.locator("[class*=st-key-appeal_news_]")).to_contain_text(text.strip())


def test_the_pad_shows_them_as_they_are(watched, database):
    page = watched("alice")
    with reading(database.engine) as session:
        whole = session.scalars(
            select(Turn.interaction_id).group_by(Turn.interaction_id).order_by(Turn.interaction_id)
        ).first()
        task = session.scalars(
            select(Assignment.id).where(Assignment.interaction_id == whole)
        ).one()
    drawn(page, f"/score?assignment={task}")
    expect(page.locator(".turn").first).to_be_visible()
    assert page.evaluate(MARKS) == []


def test_the_lists_of_people_show_them_as_they_are(watched, database):
    page = watched("administrator")
    drawn(page, "/people")
    for tab in ("Staff", "Users"):
        page.get_by_role("tab", name=tab).click()
        settled(page)
        cells = page.get_by_role("tabpanel", name=tab).locator("canvas td")
        expect(cells.first).to_be_attached()
        assert page.evaluate(MARKS) == []


def test_typed_into_the_sign_in_they_come_back_as_texts(open_page, portal):
    page = open_page()
    for text in TEXTS[:3]:
        page.goto("/login")
        page.fill("#username", text)
        page.fill("#password", text)
        page.click("button[type=submit]")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("#username")).to_have_value(text.strip())
        assert page.evaluate(MARKS) == []


def test_no_exported_cell_is_taken_for_a_formula(database):
    file = io.StringIO()
    with reading(database.engine) as session:
        count = inspection_export.write_csv(file, inspection_export.inspections(session))
    rows = list(csv.reader(io.StringIO(file.getvalue())))
    assert len(rows) == count + 1
    cells = [cell for row in rows for cell in row]
    numbers = re.compile(r"[-+]?\d+(\.\d+)?")
    assert [c for c in cells if c[:1] in "=+-@\t\r" and c and not numbers.fullmatch(c)] == []


def _first(database):
    with reading(database.engine) as session:
        return session.scalars(select(Inspection.id).order_by("id")).first()
