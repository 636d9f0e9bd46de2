"""axe-core finds nothing of ours against WCAG 2.2 AA, and nothing is lost in zoom or large text."""

from __future__ import annotations

import os
from itertools import product

import pytest
from sqlalchemy import select

from db.inspection.models import Assignment, Inspection
from db.store.session import reading
from tests.support.house.axe import violations
from tests.support.house.chromium import USUAL_SIZE
from tests.support.house.reflow import NARROW, large_text, losses
from tests.support.house.reruns import settled
from tests.support.house.walks import walked

LOCALES = ("en", "zh-TW", "zh-CN")
LOOKS = tuple(product(("light", "dark"), (1440, 390)))
ONE_EACH = (("light", 1440), ("dark", 390))
"""Of languages but the first, unless it is the soak: words change neither colours nor parts."""


@pytest.fixture(scope="module")
def database(hostile):
    return hostile.database


@pytest.fixture(scope="module")
def portal(hostile):
    return hostile.portal


def found(page, locale=LOCALES[0], drawn=settled):
    """By rule and element what is against the guidelines, in each scheme and width."""
    against = {}
    is_whole = locale == LOCALES[0] or os.environ.get("SOAK")
    for scheme, width in LOOKS if is_whole else ONE_EACH:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        drawn(page)
        for one in violations(page):
            against.setdefault((one.rule, one.html[:200]), (scheme, width, one.why))
    return against


def lost_in_zoom(page):
    """What cannot be read at a zoom of 400 %, and how it is lost."""
    page.set_viewport_size({"width": NARROW, "height": 640})
    settled(page)
    told = {("400 %", one.what): one.how for one in losses(page)}
    page.set_viewport_size(USUAL_SIZE)
    return told


def lost_in_large_text(page):
    """What cannot be read with text of twice its size, and how it is lost."""
    page.set_viewport_size(USUAL_SIZE)
    with large_text(page):
        settled(page)
        return {("200 %", one.what): one.how for one in losses(page)}


@pytest.mark.parametrize(
    ("locale", "username"), [(locale, who) for locale in LOCALES for who, _ in walked()]
)
def test_every_page_is_accessible(open_page, sign_in, locale, username):
    page = open_page(locale=locale)
    sign_in(page, username)
    told = {}
    for path in dict(walked())[username]:
        page.goto(f"/{path}")
        settled(page)
        told[path] = found(page, locale) | lost_in_zoom(page) | lost_in_large_text(page)
    assert {path: one for path, one in told.items() if one} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_case_appeals_and_the_pad_are_accessible(open_page, sign_in, database, locale):
    with reading(database.engine) as session:
        inspection = session.scalars(select(Inspection.id).order_by("id")).first()
        task = session.scalars(
            select(Assignment.id).where(Assignment.state == "open").order_by("id")
        ).first()
    page = open_page(locale=locale)
    sign_in(page, "bob")
    for address in (f"/case?id={inspection}", "/appeal?id=1", "/appeal?id=2"):
        page.goto(address)
        settled(page)
        assert found(page, locale) | lost_in_large_text(page) == {}, address
    page = open_page(locale=locale)
    sign_in(page, "alice")
    page.goto(f"/score?assignment={task}")
    settled(page)
    page.locator(".item").first.wait_for()
    assert found(page, locale) | lost_in_large_text(page) == {}
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert found(page, locale) == {}


def test_signing_in_is_accessible(open_page, portal):
    page = open_page()
    page.goto("/login")
    assert found(page, drawn=lambda page: page.locator("#username").wait_for()) == {}
