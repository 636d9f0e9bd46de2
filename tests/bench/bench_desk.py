"""What scoring costs an inspector and the line: keys, seconds, reruns and bytes of an encounter.

Twenty encounters by script, ten phone and ten chat, in each language: every item gets its
best answer by one key, a clock without a limit is passed over, and the form is submitted. Seconds
are those of the script, which does not read: a person takes them on top.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, Response, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.access import Role
from db.people.models import User
from db.store import session as sessions
from db.store.session import make_engine
from tests import factories
from tests.bench.report import Table
from tests.support.house import portal as portals
from tests.support.house.chromium import chromium
from tests.support.inspection.inspector import Inspector, Pad

LANGUAGES = ("en", "zh_TW", "zh_CN")
CHECKLISTS = ("phone", "chat")
ENCOUNTERS = 20
MOST_KEYS = 120
BEST = """() => {
    const pads = [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
    const item = pads.find((root) => root?.querySelector(".pad")).querySelector(".item.focus");
    const keys = [...item.querySelectorAll(".option:not(.na)")]
        .map((option) => option.getAttribute("aria-keyshortcuts").split(" "));
    const yes = keys.find((names) => names.includes("y"));
    const digits = keys.flat().filter((key) => /^[0-9]$/.test(key)).sort();
    const best = yes ? "y" : digits.at(-1);
    return best ?? (item.querySelector(".option.na") ? "/" : "j");
}"""
MISSING = """() => {
    const pads = [...document.querySelectorAll("*")].map((node) => node.shadowRoot);
    const pad = pads.find((root) => root?.querySelector(".pad"));
    const [done, all] = pad.querySelector(".progress").textContent.match(/[0-9]+/g).map(Number);
    return all - done;
}"""


@dataclass
class Line:
    """What went over the line to and from a page since it was last asked."""

    reruns: int = 0
    bytes: int = 0
    requests: int = 0
    sizes: list[Response] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("response", self._answered)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._count)

    def _sent(self, frame: bytes | str) -> None:
        self._count(frame)
        message = BackMsg()
        message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
        self.reruns += message.HasField("rerun_script")

    def _answered(self, response: Response) -> None:
        self.sizes.append(response)

    def _count(self, frame: bytes | str) -> None:
        self.bytes += len(frame)

    def taken(self) -> tuple[int, int, int]:
        """Reruns, requests and bytes, and begin anew."""
        found, self.sizes = [one for one in self.sizes if "/api/" in one.url], []
        sizes = [one.request.sizes() for one in found]
        self.bytes += sum(sum(size.values()) for size in sizes)
        counts = self.reruns, len(found), self.bytes
        self.reruns = self.bytes = 0
        return counts


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    rows = []
    with chromium() as browser:
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as name:
                rows += _measured(browser, Path(name), language)
    yield Table(
        f"Scoring {ENCOUNTERS} encounters by script, medians of an encounter",
        ("language", "checklist", "n", "keys", "seconds", "reruns", "requests", "kB"),
        rows,
    )


def _measured(browser: Browser, folder: Path, language: str) -> list[list[str]]:
    inspector, tasks = _prepared(folder, language)
    with portals.serving(inspector.engine.url.render_as_string(), folder) as portal:
        page = browser.new_context(
            locale=language.replace("_", "-"), base_url=portal.url
        ).new_page()
        line = Line()
        line.listen(page)
        taken = _scored(page, line, inspector, tasks)
    assert len(inspector.inspections()) == ENCOUNTERS
    return [
        [language, checklist, str(len(mine)), *map(_shown, zip(*mine, strict=True))]
        for at, checklist in enumerate(CHECKLISTS)
        if (mine := taken[at :: len(CHECKLISTS)])
    ]


def _prepared(folder: Path, language: str) -> tuple[Inspector, list[int]]:
    engine = make_engine(f"sqlite:///{folder / 'desk.db'}")
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_user(session, "tester", Role.INSPECTOR)
        who = factories.identity(session, "tester")
        session.get_one(User, who.user_id).language = language
    inspector = Inspector(engine, who)
    kinds = [CHECKLISTS[number % len(CHECKLISTS)] for number in range(ENCOUNTERS)]
    return inspector, [inspector.assigned(kind, channel=kind) for kind in kinds]


def _scored(
    page: Page, line: Line, inspector: Inspector, tasks: list[int]
) -> list[tuple[float, ...]]:
    page.goto("/login")
    page.fill("#username", inspector.who.username)
    page.fill("#password", factories.PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("[data-testid=stSidebar]", timeout=60_000)
    desk = Pad(page, tasks[0])
    page.wait_for_timeout(1000)
    line.taken()
    taken: list[tuple[float, ...]] = []
    for number in range(len(tasks)):
        began, desk.pressed = time.perf_counter(), 0
        while page.evaluate(MISSING) and desk.pressed < MOST_KEYS:
            desk.press(page.evaluate(BEST))
        desk.press("Control+Enter")
        following = tasks[number + 1 : number + 2]
        desk.ready(following[0]) if following else desk.banner()
        seconds = time.perf_counter() - began
        reruns, requests, size = line.taken()
        taken.append((desk.pressed, seconds, reruns, requests, size / 1000))
    return taken


def _shown(values: tuple[float, ...]) -> str:
    middle = median(values)
    return f"{middle:.0f}" if middle >= 20 or float(middle).is_integer() else f"{middle:.1f}"


if __name__ == "__main__":
    for table in run(()):
        print(table.text())
