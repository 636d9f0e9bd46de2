"""From a click on a filter to the updated page in Chromium, beside a plain Streamlit page.

Timed inside the page: from the click's own time stamp until the server's last message and the last
change of the page's content, whichever is later. The copy of a table that Streamlit keeps for
screen readers follows its canvas by a fixed delay and is not waited for. The portal and the plain
page take turns; the plain page shows what was recorded for the option that is chosen.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

from tests.bench import data
from tests.bench.bench_pages import Subject, looking, opened, rank, subject
from tests.bench.recording import Shown, recorded
from tests.bench.report import Table, Times, ms, ratio
from tests.support.house.chromium import chromium
from tests.support.house.portal import free_port, serving
from tests.support.requirements import ROOT

REPEATS = 15
WARM = 4
OPTIONS = 3
BAR_RATIO, BAR_MS = 1.5, 150
FILTERS = {"stations": "address_stations", "cases": "address_checklist"}
QUIET_MS = 1000
WATCH = """
    window.clicked = window.told = window.changed = 0;
    window.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", () => { window.told = performance.now(); });
        }
    };
    document.addEventListener("click", (event) => {
        if (event.target.closest("[role=option]")) window.clicked = event.timeStamp;
    }, { capture: true });
    new MutationObserver((changes) => {
        const inside = ({ target }) => {
            const changed = target.closest ? target : target.parentElement;
            return changed?.closest("[data-testid=stMain]") && !changed.closest("canvas");
        };
        if (changes.some(inside)) window.changed = performance.now();
    }).observe(document, { subtree: true, childList: true, characterData: true });
"""
SETTLED = f"told > clicked && performance.now() - Math.max(told, changed) > {QUIET_MS}"


class Update(NamedTuple):
    """Milliseconds from the click to the server's last message, and to the updated page."""

    told: float
    shown: float


def run(sizes: tuple[int, ...]) -> Iterator[Table]:
    rows = []
    with ExitStack() as stack:
        place = stack.enter_context(data.folder())
        browser = stack.enter_context(chromium())
        for size in sizes:
            with subject(place, size) as at:
                rank(at)
                rows += _compared(at, browser)
    yield Table(
        f"From a click on a filter to the updated page in Chromium, medians of {REPEATS}",
        (
            *("page", "inspections", "portal ms", "p95 ms", "last message ms"),
            *("plain page ms", "ratio"),
            f"bar: {BAR_RATIO} and {BAR_MS} ms",
        ),
        rows,
    )


def _compared(at: Subject, browser: Browser) -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        _record(at, folder)
        url = at.settings.database_url
        portal = stack.enter_context(serving(url, at.settings.var_dir)).url
        plain = stack.enter_context(_plain_server(folder))
        for page, key in FILTERS.items():
            ours, theirs = signed_in(browser, portal, at), browser.new_page()
            for each in (ours, theirs):
                each.add_init_script(WATCH)
            ours.goto(f"{portal}/{page}")
            theirs.goto(f"{plain}/?page={page}")
            taken: list[list[Update]] = [[], []]
            for each in (ours, theirs):
                _settle(each, key)
            for number in range(WARM + REPEATS):
                for updates, each in zip(taken, (ours, theirs), strict=True):
                    updates.append(_change(each, key, 1 + number % 2))
            ours.context.close()
            theirs.close()
            yield _row(page, at.size, taken)


def _row(page: str, size: int, taken: list[list[Update]]) -> list[str]:
    (ours, told), (theirs, _) = (_times(updates[WARM:]) for updates in taken)
    against = ours.median / theirs.median
    verdict = "met" if against <= BAR_RATIO and ours.median <= BAR_MS else "missed"
    return [
        *(page, f"{size:,}", ms(ours.median), ms(ours.p95), ms(told.median)),
        *(ms(theirs.median), ratio(against), verdict),
    ]


def _times(updates: list[Update]) -> tuple[Times, Times]:
    shown, told = Times(), Times()
    shown.taken = [update.shown for update in updates]
    told.taken = [update.told for update in updates]
    return shown, told


def signed_in(browser: Browser, portal: str, at: Subject) -> Page:
    """A page with the manager's session cookie."""
    size = {"width": 1280, "height": 900}
    context = browser.new_context(locale="en", viewport=size, bypass_csp=True)  # for WATCH
    cookie = {"name": "qi_session", "value": at.tokens[data.MANAGER], "url": portal}
    context.add_cookies([cookie])
    return context.new_page()


def _settle(page: Page, key: str) -> None:
    page.wait_for_selector(f".st-key-{key}", timeout=60_000)
    page.wait_for_function(SETTLED, timeout=60_000)


def _change(page: Page, key: str, option: int) -> Update:
    """Choose another option of a filter, and wait until the page is updated."""
    page.locator(f".st-key-{key} [role=combobox]").first.click()
    page.get_by_role("option").nth(option).click()
    page.wait_for_function(SETTLED, timeout=60_000)
    told, changed = page.evaluate("[told - clicked, changed - clicked]")
    return Update(told, max(told, changed))


def _record(at: Subject, folder: Path) -> None:
    for page, key in FILTERS.items():
        shown: Shown = {}
        with looking(at, data.MANAGER), recorded() as calls:
            app = opened(page, at)
            words = app.selectbox(key=key).options[:OPTIONS]
            for number, word in enumerate(words):
                app.selectbox(key=key).select_index(number)
                calls.clear()
                app.run()
                shown[word] = list(calls)
        (folder / page).write_bytes(pickle.dumps((key, shown)))


@contextmanager
def _plain_server(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "tests/bench/plain_page.py"]
    options = [f"--server.port={port}", "--server.headless=true", "--server.address=127.0.0.1"]
    environment = {**os.environ, "PLAIN_CALLS": str(folder), "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/_stcore/health")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, url
            time.sleep(0.2)
        else:
            return
