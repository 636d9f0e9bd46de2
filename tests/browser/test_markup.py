"""Two hundred hostile texts in every field that people type or files bring: they stay texts.

The same walk over every page shows that none breaks the portal's policy of what may run.
"""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.access import PERMISSIONS, Role
from core.appeals import LONGEST_REASON, WHOLE
from db import exporting
from db.importing.run import Order, run_import
from db.models import Assignment, Inspection, Interaction, Staff, Station, Turn, User
from db.services import people
from db.services.appeal_decisions import decide_appeal
from db.services.appeals import raise_appeal
from db.services.assignments import Task, assign
from db.services.drafts import Work, save_draft
from db.services.inspections import submit
from db.session import reading, transaction
from pages.ui import frame
from tests import factories
from tests.factories import identity, make_user, make_version
from tests.support import markup
from tests.support import portal as portals
from tests.support.clock import NOW
from tests.support.importing import KEYS, call, jsonl
from tests.support.inspecting import NO, SMALL, answers
from tests.support.reruns import settled

TEXTS = markup.texts()
SHORT = markup.fields(60)
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
def database(sqlite_databases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("markup_files")
    with sqlite_databases.like("markup", lambda engine: _prepare(engine, folder)) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture(scope="module")
def portal(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("markup")
    with portals.serving(database.engine.url.render_as_string(), folder) as portal:
        yield portal


def _prepare(engine, folder):
    factories.seed(engine)
    with transaction(engine) as session:
        admin = identity(session, "administrator")
        _places(session, admin)
        make_version(session, _hostile_checklist())
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "audrey", Role.AUDITOR)
        for number, text in enumerate(SHORT):
            make_user(session, f"{number} {text}"[:64], Role.INSPECTOR, name=text)
    _import(engine, folder)
    with transaction(engine) as session:
        _inspect(session)
    with transaction(engine) as session:
        _contest(session)


def _places(session, admin):
    """Stations and staff called by hostile names; the last desk is where all of it happens."""
    for number, text in enumerate(SHORT):
        station = people.StationData(
            f"{number}{text}"[:64], text, text, text, "phone_desk", text, None, "Asia/Taipei"
        )
        desk = people.save_station(session, who=admin, station_id=None, data=station, now=NOW)
        staff = people.StaffData(f"{number}{text}"[:64], text, desk, uniform_variant=text)
        people.save_staff(session, who=admin, staff_id=None, data=staff, now=NOW)
    session.get_one(Station, desk).code = "D1"
    worker = session.scalars(select(Staff).where(Staff.station_id == desk)).one()
    worker.staff_no = "S1"
    session.get_one(User, identity(session, "charlie").user_id).staff_id = worker.id


def _import(engine, folder):
    """One encounter that says all of them, and one for each that bears it as its number."""
    turns = [{"speaker": "customer", "text": text} for text in TEXTS]
    rows = [call(0, turns=turns, customer_ref=TEXTS[0], attributes={text: text for text in TEXTS})]
    rows += [
        call(
            number, external_id=text, customer_ref=text, turns=[{"speaker": "agent", "text": text}]
        )
        for number, text in enumerate(SHORT[:60], start=1)
    ]
    path = folder / "calls.jsonl"
    path.write_bytes(jsonl(*rows))
    order = Order("interactions", path)
    result = run_import(engine, KEYS, order, who=None, clock=lambda: NOW)
    assert result.counts.added == len(rows), result


def _hostile_checklist():
    """As SMALL, every text of it hostile."""
    data = json.loads(json.dumps(SMALL)) | {"title": {"en": TEXTS[0]}, "unit": {"en": TEXTS[1]}}
    texts = iter(TEXTS)
    for section in data["sections"]:
        section["title"] = {"en": next(texts)}
        for item in section["items"]:
            item |= {
                name: {"en": next(texts)} for name in ("term", "text", "guidance", "good_example")
            }
    return data


def _inspect(session):
    alice, bob = identity(session, "alice"), identity(session, "bob")
    version = factories.version_of(session, "small")
    for number, interaction in enumerate(session.scalars(select(Interaction))):
        task = Task(alice.user_id, version, NOW.date())
        given = assign(session, who=bob, interaction_id=interaction.id, task=task, now=NOW)
        session.flush()
        text = TEXTS[number]
        lost = NO | {"note": text}
        work = Work(
            answers(HELLO=lost),
            [{"item_key": "HELLO", "turn_position": 1, "note": text}],
            note="\n".join(TEXTS),
        )
        save_draft(session, who=alice, assignment_id=given.id, version=0, work=work, now=NOW)
        if number > 10:
            submit(session, who=alice, assignment_id=given.id, version=1, now=NOW)


def _contest(session):
    """One appeal that waits and one that is decided, both told in hostile words."""
    charlie, bob = identity(session, "charlie"), identity(session, "bob")
    said = {WHOLE: "\n".join(SHORT)[:LONGEST_REASON]}
    mine = select(Inspection).filter_by(staff_id=charlie.staff_id).order_by(Inspection.id)
    for row in session.scalars(mine.limit(2)).all():
        appeal = raise_appeal(session, who=charlie, inspection_id=row.id, reasons=said, now=NOW)
    given = {"appeal_id": appeal, "answers": row.answers, "decisions": said}
    decide_appeal(session, who=bob, now=NOW, **given)


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


OF_ROLE = {
    "administrator": Role.ADMINISTRATOR,
    "alice": Role.INSPECTOR,
    "bob": Role.QUALITY_MANAGER,
    "tina": Role.TRAINER,
    "audrey": Role.AUDITOR,
    "charlie": Role.STAFF,
}


def addresses(role):
    return [entry.path for entry in frame._entries() if entry.action in PERMISSIONS[role]]


def walked():
    """Each page once, with the first person who may open it."""
    seen = set()
    for username, role in OF_ROLE.items():
        mine = [path for path in addresses(role) if path not in seen]
        seen.update(mine)
        yield username, mine


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
    expect(page.locator("[class*=st-key-appeal_news_]")).to_contain_text(SHORT[0].strip())


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
        count = exporting.write_csv(file, exporting.inspections(session))
    rows = list(csv.reader(io.StringIO(file.getvalue())))
    assert len(rows) == count + 1
    cells = [cell for row in rows for cell in row]
    numbers = re.compile(r"[-+]?\d+(\.\d+)?")
    assert [c for c in cells if c[:1] in "=+-@\t\r" and c and not numbers.fullmatch(c)] == []


def _first(database):
    with reading(database.engine) as session:
        return session.scalars(select(Inspection.id).order_by("id")).first()
