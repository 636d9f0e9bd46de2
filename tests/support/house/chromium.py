"""Chromium as the tests drive it: the system's own, else the one Playwright has downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect, sync_playwright

from tests.support.requirements import has_chinese_font, need

SOON = 60_000  # milliseconds a test waits for anything: long enough for a busy machine
USUAL_SIZE: ViewportSize = {"width": 1280, "height": 900}
# Only a page's own Date is not of the browser.
_STOPPED = "!Function.prototype.toString.call(Date).includes('[native code]')"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; what `expect` waits for may take as long as everything else."""
    expect.set_options(timeout=SOON)
    need(has_chinese_font(), "a Chinese font (apt-get install fonts-noto-cjk)")
    with sync_playwright() as playwright:
        program = _program(playwright.chromium.executable_path)
        need(program, "Chromium (apt-get install chromium, or playwright install chromium)")
        browser = playwright.chromium.launch(executable_path=program, args=_arguments())
        yield browser
        browser.close()


class OldProfile:
    """A profile that one test after another uses, in English, as if nobody had used it before.

    Its Chromium has Streamlit's scripts on the disk, loaded and compiled; a new profile does both
    for every page, which is a third of what a page costs.
    """

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._launch = browser.browser_type.launch_persistent_context
        self._program = _program(browser.browser_type.executable_path)
        self._folder = folder
        self._context: BrowserContext | None = None
        self._url = ""
        self._is_taken = False

    def is_free(self, locale: str) -> bool:
        return locale == "en" and not self._is_taken

    @contextmanager
    def taken(self, url: str) -> Iterator[BrowserContext]:
        """Somebody's until the block ends, for pages of one portal."""
        context = self._of(url)
        self._is_taken = True
        try:
            yield context
        finally:
            self._is_taken = False
            self._forget(context)

    def close(self) -> None:
        if self._context:
            self._context.close()
            self._context = None

    def _of(self, url: str) -> BrowserContext:
        if self._url != url:
            self.close()
        if not self._context:
            self._url = url
            self._context = self._launch(
                self._folder,
                executable_path=self._program,
                args=_arguments(),
                base_url=url,
                locale="en",
                viewport=USUAL_SIZE,
                reduced_motion="reduce",
            )
        return self._context

    def _forget(self, context: BrowserContext) -> None:
        """Nothing is left of the pages that were open; a clock that was stopped goes with all."""
        first, *others = context.pages
        is_odd = any(page.evaluate(_STOPPED) for page in others)
        for page in others:
            page.close()
        if is_odd:
            self.close()
            return
        context.set_offline(offline=False)
        context.clear_cookies()
        cleared = {"origin": self._url, "storageTypes": "all"}
        context.new_cdp_session(first).send("Storage.clearDataForOrigin", cleared)


def known(context: BrowserContext, address: str) -> None:
    """Let the portal take all these profiles for one browser, so that it tells of no new one."""
    context.add_cookies([{"name": "qi_browser", "value": "test", "url": address}])


def _arguments() -> list[str]:
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def _program(playwrights_own: str) -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return playwrights_own if Path(playwrights_own).exists() else None
