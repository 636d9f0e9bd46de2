"""axe-core finds nothing of ours against WCAG 2.2 AA: pages, languages, schemes, two widths."""

from __future__ import annotations

import os
from itertools import product

import pytest
from sqlalchemy import select

from db.inspection.models import Assignment, Inspection
from db.store.session import reading
from tests import factories
from tests.support.house import portal as portals
from tests.support.house.axe import violations
from tests.support.house.hostile import fill
from tests.support.house.reruns import settled
from tests.support.house.walks import walked
from tests.support.importing.files import KEYS
from tests.support.inspection.pads import portal_key

LOCALES = ("en", "zh-TW", "zh-CN")
LOOKS = tuple(product(("light", "dark"), (1440, 390)))
ONE_EACH = (("light", 1440), ("dark", 390))
"""Of languages but the first, unless it is the soak: words change neither colours nor parts."""


@pytest.fixture(scope="module")
def database(sqlite_databases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("accessible_files")
    with sqlite_databases.like("markup", lambda engine: fill(engine, folder)) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture(scope="module")
def portal(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("accessible")
    portal_key(folder, KEYS)
    with portals.serving(database.engine.url.render_as_string(), folder) as portal:
        yield portal


def found(page, locale="en"):
    """By rule and element what is against the guidelines, in each scheme and width."""
    against = {}
    is_whole = locale == LOCALES[0] or os.environ.get("SOAK")
    for scheme, width in LOOKS if is_whole else ONE_EACH:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        for one in violations(page):
            against.setdefault((one.rule, one.html[:200]), (scheme, width, one.why))
    return against


@pytest.mark.parametrize(
    ("locale", "username"), [(locale, who) for locale in LOCALES for who, _ in walked()]
)
def test_every_page_is_accessible(open_page, sign_in, locale, username):
    page = open_page(locale=locale)
    sign_in(page, username)
    for path in dict(walked())[username]:
        page.goto(f"/{path}")
        settled(page)
        assert found(page, locale) == {}, path


@pytest.mark.parametrize("locale", LOCALES)
def test_a_case_and_the_pad_are_accessible(open_page, sign_in, database, locale):
    with reading(database.engine) as session:
        inspection = session.scalars(select(Inspection.id).order_by("id")).first()
        task = session.scalars(
            select(Assignment.id).where(Assignment.state == "open").order_by("id")
        ).first()
    page = open_page(locale=locale)
    sign_in(page, "bob")
    page.goto(f"/case?id={inspection}")
    settled(page)
    assert found(page, locale) == {}
    page = open_page(locale=locale)
    sign_in(page, "alice")
    page.goto(f"/score?assignment={task}")
    settled(page)
    page.locator(".item").first.wait_for()
    assert found(page, locale) == {}
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    assert found(page, locale) == {}


def test_signing_in_is_accessible(open_page, portal):
    page = open_page()
    page.goto("/login")
    assert found_without_streamlit(page) == {}


def found_without_streamlit(page):
    against = {}
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        against |= {(one.rule, one.html[:200]): one.why for one in violations(page)}
    return against
