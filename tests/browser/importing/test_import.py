"""A file goes in through the real page: chosen or dropped, sent, previewed, imported."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from db.encounters.models import ClearSpan, Interaction
from db.jobs.models import Job
from db.people.models import Staff, Station
from tests import factories
from tests.factories import make_staff
from tests.support.clock import NOW
from tests.support.house import portal as portals
from tests.support.house.reruns import settled
from tests.support.importing.files import call

STAFF = "工號,姓名,站點代碼\n7,吳曉明,TPE-PHONE\n8,李大華,NOWHERE\n"


@pytest.fixture(scope="module")
def database(sqlite_databases):
    with sqlite_databases.like("seeded", factories.seed) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture(scope="module")
def portal(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("import")
    with portals.serving(database.engine.url.render_as_string(), folder) as portal:
        yield portal


@pytest.fixture
def page(open_page, sign_in, database, portal):
    """The import page as it is before the first import."""
    with database.transaction() as session:
        session.execute(update(Job).values(put_away_at=NOW))
    page = open_page()
    sign_in(page, "administrator")
    page.goto("/imports")
    expect(page.get_by_text("What do you import?")).to_be_visible()
    return page


@pytest.fixture
def give(page, tmp_path):
    """Choose a file once the component's script listens: it writes the button's text, too."""

    def give(name, content):
        (tmp_path / name).write_bytes(content)
        expect(page.get_by_role("button", name="Choose a file").first).to_be_visible()
        page.locator("input.input").first.set_input_files(tmp_path / name)

    return give


def test_a_table_in_big5_goes_in_and_its_bad_row_is_told(page, give, database):
    page.get_by_role("radio", name="Staff").click()
    give("同仁.csv", STAFF.encode("big5"))
    expect(page.get_by_text("The first rows")).to_be_visible()
    expect(page.locator(".file").first).to_have_text("同仁.csv · 1 kB")
    page.get_by_role("button", name="Import 同仁.csv").click()
    expect(page.get_by_text("1 row was refused.")).to_be_visible()
    expect(page.get_by_role("cell", name="station_code")).to_be_visible()
    link = page.get_by_role("link", name="All refused rows as CSV")
    answer = page.request.get(link.get_attribute("href"))
    assert answer.text().splitlines()[1].startswith("3,station_code,")
    page.get_by_role("button", name="Import another file").click()
    expect(page.get_by_text("What do you import?")).to_be_visible()
    with database.reading() as session:
        assert session.scalars(select(Staff.name).where(Staff.staff_no == "7")).one() == "吳曉明"


def test_twenty_megabytes_are_sent_with_a_bar_and_survive_a_reload(page, give, database):
    # More than the 20 MB that Streamlit's own uploader takes here; most of it is not asked for.
    page.get_by_role("radio", name="Encounters").click()
    desk = {"station_code": "TPE-PHONE", "staff_no": "S-CHARLIE"}
    rows = [call(n, **desk, filler="您好" * 6000) for n in range(600)]
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    assert len(content) > 21_000_000

    def send_once_the_bar_is_seen(route):
        expect(page.locator("progress.bar").first).to_be_visible()
        route.continue_()

    page.route("**/api/imports/upload*", send_once_the_bar_is_seen)
    give("calls.jsonl", content)
    expect(page.get_by_text("The first rows")).to_be_visible()
    page.reload()
    page.get_by_role("radio", name="Encounters").click()
    with database.transaction():  # nothing can go in before the bar has been seen
        page.get_by_role("button", name="Import calls.jsonl").click()
        progress = page.get_by_test_id("stProgress")
        expect(progress).to_contain_text("Importing calls.jsonl: 0 rows read")
    expect(page.get_by_text("Every row went in.")).to_be_visible()
    expect(page.get_by_text("Not imported: filler")).to_be_visible()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Interaction)) == 600
        assert session.scalar(select(func.count()).select_from(ClearSpan)) == 600


def test_a_file_that_is_too_large_is_not_even_sent(page, give):
    page.route(
        "**/api/imports/door", lambda route: route.fulfill(json={"token": "x", "limit": 1_000_000})
    )
    give("large.csv", b"x" * 1_000_001)
    expect(page.get_by_text("The file is larger than 1.0 MB.")).to_be_visible()


def test_a_broken_connection_is_told(page, give):
    page.route("**/api/imports/upload*", lambda route: route.abort())
    give("team.csv", b"staff_no\n")
    expect(page.get_by_text("The file did not arrive.")).to_be_visible()


def test_the_page_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(page.get_by_role("button", name="Choose a file").first).to_be_visible()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_import_that_takes_much_asks_first(page, give, database):
    with database.transaction() as session:
        station = session.scalars(select(Station)).first()
        for n in range(12):
            make_staff(session, station=station, staff_no=f"P{n}", name=f"Wu Mei {n}")
    page.get_by_role("radio", name="Staff").click()
    give("short.csv", b"staff_no,name\n" + b"".join(b"P%d,Wu\n" % n for n in range(12)))
    page.get_by_role("button", name="Import short.csv").click()
    expect(
        page.get_by_text("would empty or shorten much of what is stored: name (12)")
    ).to_be_visible()
    page.get_by_role("button", name="Import all the same").click()
    expect(page.get_by_text("Every row went in.")).to_be_visible()
    with database.reading() as session:
        names = session.scalars(select(Staff.name).where(Staff.staff_no.startswith("P"))).all()
    assert names == ["Wu"] * 12
