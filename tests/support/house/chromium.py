"""Chromium as the tests drive it: the system's own, else the one Playwright has downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.support.requirements import has_chinese_font, need

SOON = 60_000  # milliseconds a test waits for anything: long enough for a busy machine


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; what `expect` waits for may take as long as everything else."""
    expect.set_options(timeout=SOON)
    need(has_chinese_font(), "a Chinese font (apt-get install fonts-noto-cjk)")
    with sync_playwright() as playwright:
        program = _program(playwright.chromium.executable_path)
        need(program, "Chromium (apt-get install chromium, or playwright install chromium)")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


def known(context: BrowserContext, address: str) -> None:
    """Let the portal take all these profiles for one browser, so that it tells of no new one."""
    context.add_cookies([{"name": "qi_browser", "value": "test", "url": address}])


def _program(playwrights_own: str) -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return playwrights_own if Path(playwrights_own).exists() else None
