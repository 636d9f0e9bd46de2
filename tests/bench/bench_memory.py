"""Memory of the server process with one and with many people on the stations page in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from tests.bench import data
from tests.bench.bench_clicks import signed_in
from tests.bench.bench_pages import Subject, rank, subject
from tests.bench.processes import process_of, resident
from tests.bench.report import Table
from tests.support.house.chromium import chromium
from tests.support.house.portal import serving

EXTRA = 20
BAR = 0.5
_SETTLED = "[data-test-script-state=notRunning] .st-key-stations_table"


def run(sizes: tuple[int, ...]) -> Iterator[Table]:
    with ExitStack() as stack:
        place = stack.enter_context(data.folder())
        browser = stack.enter_context(chromium())
        at = stack.enter_context(subject(place, max(sizes)))
        rank(at)
        row = _measured(at, browser)
    yield Table(
        f"Memory of the server process with open stations pages, {max(sizes):,} inspections",
        ("1 session, MB", f"{1 + EXTRA} sessions, MB", "MB for each further session", "bar"),
        [row],
        ("The first session is opened, reloaded and left open before the others come.",),
    )


def _measured(at: Subject, browser: Browser) -> list[str]:
    with serving(at.settings.database_url, at.settings.var_dir) as portal:
        page = signed_in(browser, portal.url, at)
        for _ in range(3):
            page.goto(f"{portal.url}/stations")
            page.wait_for_selector(_SETTLED, timeout=60_000)
        page.wait_for_timeout(2000)
        process = process_of(urlsplit(portal.url).port)
        one = resident(process)
        for _ in range(EXTRA):
            another = page.context.new_page()
            another.goto(f"{portal.url}/stations")
            another.wait_for_selector(_SETTLED, timeout=120_000)
        page.wait_for_timeout(2000)
        many = resident(process)
        page.context.close()
    return [f"{one:.0f}", f"{many:.0f}", f"{(many - one) / EXTRA:.2f}", f"{BAR:g}"]
