"""The real portal, looked at through a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import factories
from tests.support.databases import Databases, quick_folder
from tests.support.house import portal as portals
from tests.support.house.chromium import SOON, USUAL_SIZE, OldProfile, chromium, known
from tests.support.house.hostile import fill
from tests.support.house.portal import Portal
from tests.support.house.reruns import messages, watch
from tests.support.importing.files import KEYS
from tests.support.inspection.pads import portal_key

OpenPage = Callable[..., Page]
SignIn = Callable[..., None]


@pytest.fixture(scope="session")
def portal(
    sqlite_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """The real server on a free port, with the fixed cast."""
    folder = tmp_path_factory.mktemp("portal")
    with (
        sqlite_databases.like("seeded", factories.seed) as engine,
        portals.serving(engine.url.render_as_string(), folder) as portal,
    ):
        yield portal


class Hostile(NamedTuple):
    database: factories.Seeded
    portal: Portal


@pytest.fixture(scope="session")
def hostile(
    sqlite_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hostile]:
    """A portal with something on every page, every text of it hostile markup."""
    folder, files = (tmp_path_factory.mktemp(name) for name in ("hostile", "hostile_files"))
    portal_key(folder, KEYS)
    with (
        sqlite_databases.like("markup", lambda engine: fill(engine, files)) as engine,
        portals.serving(engine.url.render_as_string(), folder) as portal,
    ):
        yield Hostile(factories.seeded_in(engine), portal)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def old_profile(browser: Browser) -> Iterator[OldProfile]:
    folder = quick_folder("portal-profile-")
    profile = OldProfile(browser, folder)
    yield profile
    profile.close()
    shutil.rmtree(folder)


@pytest.fixture
def open_page(browser: Browser, old_profile: OldProfile, portal: Portal) -> Iterator[OpenPage]:
    """`open_page(locale="zh-TW", width=390)`: a page at the portal's address in a clean profile.

    Each has a profile of its own; further pages of a profile are in the usual size. The test fails
    when a script error happened in any of its pages.
    """
    errors: list[str] = []
    with ExitStack() as stack:

        def clean(locale: str) -> BrowserContext:
            if old_profile.is_free(locale):
                return stack.enter_context(old_profile.taken(portal.url))
            context = browser.new_context(
                locale=locale, viewport=USUAL_SIZE, base_url=portal.url, reduced_motion="reduce"
            )
            stack.callback(context.close)
            return context

        def opened(locale: str = "en", width: int = 1280, height: int = 900) -> Page:
            context = clean(locale)
            known(context, portal.url)
            context.set_default_timeout(SOON)
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": height})
            watch(page)
            stack.callback(lambda: print(page.url, messages(page), sep="\n"))
            page.on("pageerror", lambda error: errors.append(str(error)))
            return page

        yield opened
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture(scope="session")
def sign_in() -> SignIn:
    """Lets a person in; the page they come to is only just on its way."""

    def signed_in(page: Page, username: str, password: str = factories.PASSWORD) -> None:
        page.goto("/login")
        page.fill("#username", username)
        page.fill("#password", password)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url, wait_until="commit")

    return signed_in
