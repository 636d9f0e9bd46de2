"""From a click on a filter to the updated page in Chromium, beside a plain Streamlit page.

Timed inside the page: from the click's own time stamp until the script has ended, everything it
sent is in the document and the frame is painted. The portal and the plain page take turns.
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

from playwright.sync_api import Browser, Page

from tests.bench import data
from tests.bench.bench_pages import Subject, looking, opened, rank, subject
from tests.bench.recording import recorded
from tests.bench.report import Table, Times, ms, ratio
from tests.support.chromium import chromium
from tests.support.portal import free_port, serving
from tests.support.requirements import ROOT

REPEATS = 15
WARM = 4
BAR_RATIO, BAR_MS = 1.5, 150
FILTERS = {"stations": "pick_stations", "cases": "address_checklist"}
WATCH = """() => {
    const state = () => document.querySelector("[data-testid=stApp]").dataset.testScriptState;
    let began = null, ran = false;
    window.updates = [];
    document.addEventListener("click", (event) => {
        if (event.target.closest("[role=option]")) { began = event.timeStamp; ran = false; }
    }, { capture: true });
    new MutationObserver(() => {
        if (began === null) return;
        if (state() !== "notRunning") { ran = true; return; }
        if (!ran) return;
        const start = began;
        began = null;
        const done = () => window.updates.push(performance.now() - start);
        requestAnimationFrame(() => setTimeout(done));
    }).observe(document, {
        subtree: true, attributes: true, attributeFilter: ["data-test-script-state"],
    });
}"""


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
            *("page", "inspections", "portal ms", "p95 ms", "plain page ms", "ratio"),
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
            ours.goto(f"{portal}/{page}")
            theirs.goto(f"{plain}/?page={page}")
            taken = [Times(), Times()]
            for each in (ours, theirs):
                _settle(each, key)
            for number in range(WARM + REPEATS):
                for times, each in zip(taken, (ours, theirs), strict=True):
                    times.taken.append(_change(each, key, 1 + number % 2))
            ours.context.close()
            theirs.close()
            yield _row(page, at.size, taken)


def _row(page: str, size: int, taken: list[Times]) -> list[str]:
    for times in taken:
        del times.taken[:WARM]
    ours, theirs = taken
    against = ours.median / theirs.median
    verdict = "met" if against <= BAR_RATIO and ours.median <= BAR_MS else "missed"
    return [
        *(page, f"{size:,}", ms(ours.median), ms(ours.p95), ms(theirs.median)),
        *(ratio(against), verdict),
    ]


def signed_in(browser: Browser, portal: str, at: Subject) -> Page:
    """A page with the manager's session cookie."""
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    cookie = {"name": "qi_session", "value": at.tokens[data.MANAGER], "url": portal}
    context.add_cookies([cookie])
    return context.new_page()


def _settle(page: Page, key: str) -> None:
    page.wait_for_selector(f".st-key-{key}", timeout=60_000)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=60_000)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    _choose(page, key, 2)
    page.wait_for_timeout(3000)


def _change(page: Page, key: str, option: int) -> float:
    """Choose another option of a filter; the milliseconds until the page is updated."""
    before = page.evaluate("updates.length")
    _choose(page, key, option)
    page.wait_for_function(f"updates.length > {before}", timeout=60_000)
    page.wait_for_timeout(300)
    return float(page.evaluate("updates.at(-1)"))


def _choose(page: Page, key: str, option: int) -> None:
    page.locator(f".st-key-{key} [role=combobox]").first.click()
    page.get_by_role("option").nth(option).click()


def _record(at: Subject, folder: Path) -> None:
    for page in FILTERS:
        with looking(at, data.MANAGER), recorded() as calls:
            app = opened(page, at)
            calls.clear()
            app.run()
        (folder / page).write_bytes(pickle.dumps(calls))


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
