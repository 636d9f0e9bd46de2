"""How fast the scoring pad is in Chromium: key to paint, save, submit to the next one ready.

Times are taken inside the page, from the key event's own time stamp until the frame that shows
its effect has been painted; a screen of 60 Hz makes a frame last 17 ms. Requests are timed by the
browser's own resource timing.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page

from core.access import Role
from db.store import session as sessions
from db.store.session import make_engine
from tests import factories
from tests.bench.report import Table, ms
from tests.support.house import portal as portals
from tests.support.house.chromium import chromium
from tests.support.inspection.inspector import Inspector, Pad, forty

ENCOUNTERS = 20
BARS = {"key to visible change": 30, "submit to next ready": 250}
WATCH = """
window.taken = { keys: [], submits: [] };
const painted = (act) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => act(performance.now());
    channel.port2.postMessage(null);
});
const pad = () => {
    const hosts = [...document.querySelectorAll("*")];
    return hosts.find((node) => node.shadowRoot?.querySelector(".pad")).shadowRoot;
};
const opened = () => pad().querySelector(".pad").dataset.assignment;
window.addEventListener("keydown", (event) => {
    const began = event.timeStamp;
    if (event.ctrlKey && event.key === "Enter") {
        const before = opened();
        const look = () => painted((now) => {
            const ready = opened() !== before && pad().activeElement?.dataset.key;
            if (ready) window.taken.submits.push(now - began);
            else look();
        });
        look();
    } else if (event.key.length === 1) painted((now) => window.taken.keys.push(now - began));
}, { capture: true });
"""
REQUESTS = """() => performance.getEntriesByType("resource")
    .filter((entry) => entry.name.includes("/api/pad/"))
    .map((entry) => [new URL(entry.name).pathname.split("/").at(-1), entry.duration])"""


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        inspector, tasks = _prepared(folder)
        with portals.serving(inspector.engine.url.render_as_string(), folder) as portal:
            page = browser.new_context(locale="en", base_url=portal.url).new_page()
            taken = _scored(page, inspector, tasks)
    assert len(inspector.inspections()) == ENCOUNTERS
    yield _table(taken)


def _prepared(folder: Path) -> tuple[Inspector, list[int]]:
    engine = make_engine(f"sqlite:///{folder / 'pad.db'}")
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_user(session, "tester", Role.INSPECTOR)
        who = factories.identity(session, "tester")
    inspector = Inspector(engine, who)
    return inspector, [inspector.assigned(forty()) for _ in range(ENCOUNTERS + 1)]


def _scored(page: Page, inspector: Inspector, tasks: list[int]) -> dict[str, list[float]]:
    page.goto("/login")
    page.fill("#username", inspector.who.username)
    page.fill("#password", factories.PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("[data-testid=stSidebar]", timeout=60_000)
    page.add_init_script(WATCH)
    desk = Pad(page, tasks[0])
    for _, following in pairwise(tasks):
        for number in range(40):
            desk.press("4" if number % 4 == 3 else "1")
            page.wait_for_timeout(60)
        page.wait_for_timeout(500)  # let the last save go out first
        desk.press("Control+Enter")
        desk.ready(following)
    page.wait_for_timeout(500)
    taken = page.evaluate("() => window.taken")
    requests = page.evaluate(REQUESTS)
    return {
        "key to visible change": taken["keys"],
        "save round trip": [time for kind, time in requests if kind == "save"],
        "submit round trip": [time for kind, time in requests if kind == "submit"],
        "submit to next ready": taken["submits"],
    }


def _table(taken: dict[str, list[float]]) -> Table:
    rows = []
    for name, times in taken.items():
        high = statistics.quantiles(times, n=20)[-1]
        bar = str(BARS.get(name, ""))
        rows.append([name, str(len(times)), ms(statistics.median(times)), ms(high), bar])
    return Table(
        f"The scoring pad in Chromium, {ENCOUNTERS} encounters of 40 items",
        ("what", "n", "median ms", "p95 ms", "bar (median)"),
        rows,
    )


if __name__ == "__main__":
    for table in run(()):
        print(table.text())
