"""A complaint told on the phone is entered, answered and told with few keys, kept on a reload."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from db.files.models import File, FileStep
from db.store import session as sessions
from tests.factories import seed, seeded_in
from tests.support.files.desk import desk_of
from tests.support.house import portal as portals
from tests.support.house.keyboard import Keyboard
from tests.support.house.reruns import settled

WORDS = "No refund"
MOST_KEYS, MOST_SECONDS = 40, 90


@pytest.fixture(scope="module")
def database(sqlite_databases):
    with sqlite_databases.like("files", _prepare) as engine:
        yield engine


@pytest.fixture(scope="module")
def portal(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    with portals.serving(database.url.render_as_string(), folder) as portal:
        yield portal


def _prepare(engine):
    seed(engine)
    desk_of(seeded_in(engine))


class Counted:
    """Keys and clicks as a person makes them."""

    def __init__(self, page: Page) -> None:
        self.page, self.made = page, 0

    def press(self, name: str) -> None:
        self.made += 1
        self.page.get_by_role("button", name=name).first.click()
        settled(self.page)

    def typed(self, label: str, words: str) -> None:
        self.made += 1 + len(words)
        box = self.page.get_by_label(label)
        box.click()
        box.press_sequentially(words)


def test_entered_answered_and_told_within_forty_keys_and_ninety_seconds(page, sign_in, database):
    sign_in(page, "hanna")
    expect(page.get_by_role("heading", name="Files")).to_be_visible()
    counted, began = Counted(page), time.monotonic()
    counted.press("New file")
    counted.typed("What happened", WORDS)
    counted.press("First answer given")
    counted.press("Save the file")
    expect(page.get_by_role("heading", name="Complaint")).to_be_visible()
    counted.press("Handling finished")
    counted.press("Customer told")
    expect(page.get_by_text("Told", exact=True).first).to_be_visible()
    assert counted.made <= MOST_KEYS
    assert time.monotonic() - began <= MOST_SECONDS
    with sessions.reading(database) as session:
        file = session.scalars(select(File).where(File.content == WORDS)).one()
        steps = session.scalars(select(FileStep.step).where(FileStep.file_id == file.id)).all()
    assert file.state == "told"
    assert sorted(steps) == sorted(
        ["received", "recorded", "assigned", "first_response", "executed", "told"]
    )


def test_what_is_typed_survives_a_reload_and_a_phone_has_a_card_with_large_buttons(
    open_page, sign_in, database
):
    page = open_page(width=390, height=844)
    sign_in(page, "hanna")
    page.goto("/new_file")
    page.get_by_label("What happened").fill("The wheelchair did not come.")
    page.get_by_label("What happened").blur()
    settled(page)
    page.reload()
    expect(page.get_by_label("What happened")).to_have_value("The wheelchair did not come.")
    page.get_by_role("button", name="Save the file").click()
    expect(page.get_by_role("heading", name="Complaint")).to_be_visible()
    page.goto("/files")
    card = page.locator(".file", has_text="The wheelchair")
    answer = card.get_by_role("button", name="First answer given")
    expect(answer).to_be_visible()
    assert answer.bounding_box()["height"] >= 44
    answer.dblclick()
    expect(answer).to_be_hidden()
    with sessions.reading(database) as session:
        file = session.scalars(select(File).where(File.content.contains("wheelchair"))).one()
        query = select(FileStep).where(
            FileStep.file_id == file.id, FileStep.step == "first_response"
        )
        assert len(session.scalars(query).all()) == 1


def test_a_file_from_first_to_last_by_keyboard_alone(page, sign_in, database):
    """Entered, answered, handled, told and closed; each stop is seen and uncovered."""
    words = "The stroller came broken."
    sign_in(page, "hanna")
    page.goto("/files")
    settled(page)
    keys = Keyboard(page)
    keys.reach(page.get_by_role("button", name="New file"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="New file")).to_be_visible()
    settled(page)
    keys.reach(page.get_by_label("What happened"))
    keys.type(words)
    keys.reach(page.get_by_role("button", name="First answer given"))
    keys.press("Enter")
    keys.reach(page.get_by_role("button", name="Save the file"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Complaint")).to_be_visible()
    settled(page)
    for step in ("Handling finished", "Customer told"):
        keys.reach(page.get_by_role("button", name=step))
        keys.press("Enter")
    expect(page.get_by_text("Told", exact=True).first).to_be_visible()
    with sessions.reading(database) as session:
        file = session.scalars(select(File).where(File.content == words)).one()
    assert file.state == "told"
    assert (keys.hidden, keys.covered) == ([], [])
