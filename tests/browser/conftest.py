"""The real portal, looked at through a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests import factories
from tests.support.databases import Databases
from tests.support.house import portal as portals
from tests.support.house.chromium import SOON, chromium, known
from tests.support.house.portal import Portal
from tests.support.house.reruns import messages, watch

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser, portal: Portal) -> Iterator[OpenPage]:
    """`open_page(locale="zh-TW", width=390)`: a fresh browser profile at the portal's address.

    The test fails when a script error happened in any of its pages.
    """
    errors: list[str] = []
    with ExitStack() as stack:

        def opened(locale: str = "en", width: int = 1280, height: int = 900) -> Page:
            context = browser.new_context(
                locale=locale,
                viewport={"width": width, "height": height},
                base_url=portal.url,
                reduced_motion="reduce",
            )
            stack.callback(context.close)
            known(context, portal.url)
            context.set_default_timeout(SOON)
            page = context.new_page()
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
