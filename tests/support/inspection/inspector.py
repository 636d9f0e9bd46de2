"""An inspector with a queue, and the pad as their browser shows it."""

from __future__ import annotations

import time
from functools import cache
from urllib.parse import quote

from playwright.sync_api import Page
from sqlalchemy import select

from db.checklists.models import ChecklistRecord
from db.inspection.models import Assignment, Draft, Evidence, Inspection
from db.inspection.tasks import ASSIGNED
from db.store import session as sessions
from tests.factories import make_assignment, make_interaction, make_version, version_of
from tests.support.house.chromium import SOON
from tests.support.requirements import ROOT

TURNS = (
    ("customer", "你好，我要買六張去上海的機票。"),
    ("agent", "您好，很高興為您服務，請問您要從哪裡出發？"),
    ("customer", "台北。😀 票價多少？"),
    ("agent", "好的，六張由台北飛往上海，每張四千二百元。"),
)


def forty():
    """40 items in five sections, one in four of them graded."""
    kinds = ("yes_no", "yes_no", "yes_no", "graded")
    return {
        "key": "forty",
        "title": {"en": "Forty items", "zh_TW": "四十項", "zh_CN": "四十项"},
        "channels": ["phone"],
        "sections": [
            {
                "key": f"part-{part}",
                "title": {"en": f"Part {part}"},
                "items": [
                    {
                        "key": f"Q{part}{number}",
                        "kind": kinds[number % 4],
                        "text": {"en": f"Question {part}-{number}"},
                    }
                    for number in range(8)
                ],
            }
            for part in range(5)
        ],
    }


class Inspector:
    def __init__(self, engine, who):
        self.engine, self.who = engine, who

    def assigned(self, checklist="phone", turns=TURNS, **values):
        """Another encounter in the queue; the id of its assignment."""
        with sessions.transaction(self.engine) as session:
            version_id = self._version(session, checklist)
            call = make_interaction(session, turns=turns, **values)
            return make_assignment(
                session, interaction=call, inspector=self.who, checklist_version_id=version_id
            ).id

    def _version(self, session, checklist):
        if isinstance(checklist, str):
            return version_of(session, checklist)
        known = session.scalar(
            select(ChecklistRecord.id).where(ChecklistRecord.key == checklist["key"])
        )
        return (
            version_of(session, checklist["key"]) if known else make_version(session, checklist).id
        )

    def draft(self, task):
        with sessions.reading(self.engine) as session:
            return session.get(Draft, ASSIGNED.task(task).draft)

    def stored(self, task):
        """The answers of the draft."""
        draft = self.draft(task)
        return draft.answers if draft else {}

    def inspections(self):
        with sessions.reading(self.engine) as session:
            mine = Inspection.inspector_id == self.who.user_id
            return session.scalars(select(Inspection).where(mine).order_by(Inspection.id)).all()

    def evidence(self, inspection_id):
        with sessions.reading(self.engine) as session:
            found = select(Evidence).where(Evidence.inspection_id == inspection_id)
            return session.scalars(found.order_by(Evidence.id)).all()

    def state(self, task):
        with sessions.reading(self.engine) as session:
            return session.get_one(Assignment, task).state


class Pad:
    """The pad on a page."""

    def __init__(self, page: Page, task=None):
        self.page = page
        self.pressed = 0
        if task is not None:
            self.open(task)

    def open(self, task):
        self.page.goto(f"/score?assignment={task}")
        self.ready(task)

    def ready(self, task):
        self.page.wait_for_selector(f".pad[data-assignment='{task}'] .item.focus", timeout=SOON)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def focused(self):
        return self.page.locator(".item.focus").get_attribute("data-key")

    def item(self, key):
        return self.page.locator(f".item[data-key='{key}']")

    def chosen(self, key):
        """The keys shown on the buttons that are chosen."""
        return self.item(key).locator("[aria-checked=true] kbd").all_inner_texts()

    def status(self):
        return self.page.locator(".bar .status").inner_text()

    def saved(self):
        """Wait until nothing is left to save."""
        self.page.wait_for_selector(".bar .status[data-kind=saved]", timeout=SOON)

    def until(self, look):
        """Wait until `look()` says something; routed requests go on meanwhile."""
        deadline = time.monotonic() + SOON / 1000
        while not (seen := look()) and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        return seen

    def banner(self):
        self.page.wait_for_selector(".banner:visible", timeout=SOON)
        return self.page.locator(".banner").inner_text()

    def button(self, name):
        return self.page.locator(".pad").get_by_role("button", name=name)


@cache
def module(name):
    """The address of a module of the pad that imports nothing, to be tried alone."""
    path = ROOT / f"pages/ui/inspection/pad/js/{name}.js"
    return f"data:text/javascript,{quote(path.read_text(encoding='utf-8'))}"
