"""Trainers enrol people for their findings, record results and read the effect."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from db.store import session as sessions
from db.training.services.courses import RunData, save_course, save_run
from tests import factories
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.house import portal as portals
from tests.support.house.reruns import settled
from tests.support.importing.files import KEYS
from tests.support.inspection.pads import portal_key
from tests.support.training.trainees import RUN, by_pseudonym, course, make_trainees

SENTENCE = {
    "en": "Only 5 of 5 trained people were scored since; at least 8 are needed.",
    "zh-TW": "受訓的 5 人中只有 5 人之後有評分，至少需要 8 人。",
    "zh-CN": "受训的 5 人中只有 5 人之后有评分，至少需要 8 人。",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def portal(sqlite_databases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("training")
    portal_key(folder, KEYS)
    with (
        sqlite_databases.like("training journey", _prepare) as engine,
        portals.serving(engine.url.render_as_string(), folder) as portal,
    ):
        yield portal


def _prepare(engine):
    """Twenty people with the same losses; a run of a course about them, nobody in it yet."""
    make_trainees(engine, by_pseudonym)
    with sessions.transaction(engine) as session:
        tina = identity(session, "tina")
        session.get(factories.User, tina.user_id).language = None
        course_id = save_course(session, who=tina, course_id=None, data=course(), now=NOW)
        data = RunData(course_id=course_id, **RUN)
        save_run(session, who=tina, run_id=None, data=data, now=NOW)


def results(template):
    """The template as a trainer fills it in: all came and passed, and one who is not enrolled."""
    book = load_workbook(BytesIO(template))
    sheet = book.active
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 3, "yes")
        sheet.cell(row, 5, 90)
    sheet.append(["K-99", "Nobody", "yes"])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def enrolled(page, count):
    first = page.get_by_label("Without a selection, the first", exact=True)
    first.fill(str(count))
    first.press("Enter")
    settled(page)
    page.get_by_role("button", name=f"Enrol {count} people").click()


def test_five_are_enrolled_their_results_read_and_the_effect_told(page, open_page, sign_in):
    sign_in(page, "tina")
    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    page.get_by_role("link", name="Training", exact=True).click()
    page.get_by_role("tab", name="Runs").click()
    enrolled(page, 5)
    expect(page.get_by_text("5 people are enrolled, 0 came.")).to_be_visible()

    page.get_by_text("Attendance and results from a workbook").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Workbook with everybody enrolled").click()
    filled = results(download.value.path().read_bytes())
    page.locator("input[type=file]").set_input_files(
        {"name": "results.xlsx", "mimeType": XLSX, "buffer": filled}
    )
    expect(page.get_by_text("results.xlsx")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("6 rows read, 5 changed something. 1 row was refused.")).to_be_visible()
    expect(page.get_by_text("This person is not enrolled in this run.")).to_be_visible()

    page.goto("/effects")
    page.get_by_role("button", name="Compute now").click()
    expect(page.get_by_text(SENTENCE["en"])).to_be_visible()

    for locale in ("zh-TW", "zh-CN"):
        phone = open_page(locale=locale)
        sign_in(phone, "tina")
        phone.set_viewport_size({"width": 390, "height": 844})
        expect(phone.get_by_text(SENTENCE[locale])).to_be_visible()
        settled(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto("/training?run=1")
    page.get_by_role("tab", name="Runs").click()
    page.get_by_text("Who should attend").click()
    enrolled(page, 5)
    expect(page.get_by_text("10 people are enrolled, 5 came.")).to_be_visible()
    page.get_by_role("button", name="The rest came").click()
    expect(page.get_by_text("10 people are enrolled, 10 came.")).to_be_visible()
    page.goto("/effects")
    page.get_by_role("button", name="Compute now").click()
    told = page.get_by_text("effect +50.0, 95 % interval +33.1 to +66.9: established.")
    expect(told.first).to_be_visible()
    expect(page.get_by_text("Compared with 10 untrained people")).to_be_visible()
