"""A checklist built in the browser by somebody who never saw the editor before."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.support.house.reruns import settled


class Editor:
    """What a quality manager does, by the words on the page."""

    def __init__(self, page):
        self.page = page

    def open_list(self):
        self.page.goto("/checklists")
        self.page.get_by_role("heading", name="Checklists", exact=True).wait_for()
        self.settle()

    def begin(self, title):
        key = f"test-{uuid4().hex[:8]}"
        self.open_list()
        self.click("New checklist")
        self.fill("Title", title)
        self.fill("Key", key)
        self.click("Begin")
        self.page.wait_for_url("**/checklists?version=*")

    def click(self, name):
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.settle()

    def fill(self, label, text):
        field = self.page.get_by_role("textbox", name=label, exact=False).first
        field.fill(text)
        field.press("Tab")
        self.settle()

    def fill_number(self, label, number):
        field = self.page.get_by_label(label, exact=True).first
        field.fill(number)
        field.press("Enter")
        self.settle()

    def choose(self, label, option):
        """By typing: a long list shows only a part of itself."""
        field = self.page.get_by_role("combobox", name=label).first
        field.click()
        field.fill(option)
        self.page.get_by_role("option", name=option).first.click()
        self.settle()

    def add(self, what):
        self.click("Add")
        self.page.get_by_role("menuitem", name=what).or_(
            self.page.get_by_role("option", name=what)
        ).first.click()
        self.settle()

    def add_group(self, group, button):
        self.choose("Group", group)
        self.page.get_by_role("button", name=button).click()
        self.settle()

    def tab(self, name):
        self.page.get_by_role("tab", name=name).click()
        self.settle()

    def outline(self, text):
        self.page.locator(".st-key-outline").get_by_role("button").filter(has_text=text).click()
        self.settle()

    def settle(self):
        settled(self.page)

    def says(self, text):
        expect(self.page.get_by_text(text).first).to_be_visible()


@pytest.fixture
def editor(page, sign_in):
    sign_in(page, "bob")
    return Editor(page)


def test_from_nothing_to_an_active_checklist_of_twenty_items(editor):
    page = editor.page
    editor.begin("Lounge")
    editor.fill("Title · 繁體中文", "貴賓室")
    editor.click("Write all missing Chinese from the other script")
    expect(page.get_by_role("textbox", name="Title · 简体中文")).to_have_value("贵宾室")

    editor.outline("section-1")
    for language, text in (("繁體中文", "服裝"), ("简体中文", "着装"), ("English", "Attire")):
        editor.fill(f"Section title · {language}", text)
    editor.add("From the standards library")
    editor.add_group("ATT", "Add all 10")
    editor.click("Done")
    editor.says("ATT-10")

    editor.add("Section")
    for language, text in (("繁體中文", "禮儀"), ("简体中文", "礼仪"), ("English", "Etiquette")):
        editor.fill(f"Section title · {language}", text)
    editor.fill_number("Weight", "50")
    editor.add("From the standards library")
    editor.choose("Group", "ETQ")
    for number in range(1, 10):
        page.locator(f".st-key-adding_ETQ-0{number}").get_by_role("button").click()
        expect(page.locator(f".st-key-adding_ETQ-0{number}").get_by_role("button")).to_be_disabled()
    editor.click("Done")

    editor.add("Own item: Yes or no")
    for language, text in (
        ("繁體中文", "飲料是否在三分鐘內送上？"),
        ("简体中文", "饮料是否在三分钟内送上？"),
        ("English", "Was a drink served within three minutes?"),
    ):
        editor.fill(f"Text · {language}", text)
    editor.outline("The whole checklist")
    editor.choose("Channels", "Counter")
    page.keyboard.press("Escape")
    editor.click("Scale section weights to 100")
    editor.says(re.compile("Ready to activate"))

    page.reload()
    editor.says("Was a drink served")
    editor.says("· 20 items")
    editor.tab("Try it as the inspector")
    page.get_by_role("button", name="1 Yes").or_(
        page.get_by_role("radio", name="1 Yes")
    ).first.click()
    expect(page.get_by_test_id("stMetricValue")).to_have_text("100.0")

    editor.click("Activate")
    editor.click("Activate now")
    editor.says("In force")
    editor.open_list()
    editor.says("Lounge")


def test_of_two_editors_the_second_is_told_and_loses_nothing(editor, open_page, sign_in):
    editor.begin("Shared")
    address = editor.page.url
    other = Editor(open_page())
    sign_in(other.page, "administrator")
    other.page.goto(address)
    other.says("Scale section weights to 100")
    editor.fill("Title · 繁體中文", "第一")
    other.fill("Title · 繁體中文", "第二")
    other.says("Bob saved this draft")
    other.says("Your last change is not stored yet.")
    other.click("Store mine instead")
    expect(other.page.get_by_role("textbox", name="Title · 繁體中文")).to_have_value("第二")
    editor.page.reload()
    expect(editor.page.get_by_role("textbox", name="Title · 繁體中文")).to_have_value("第二")
