"""No page sends the name of a member of staff to a reader who may not know names.

What is looked through is what goes over the websocket: the bytes of every element, data of
components and charts included, as they are and as JSON escapes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.access import PERMISSIONS, Role
from db.teaching.models import CaseSet
from pages.ui import menus
from tests.factories import make_version
from tests.support.inspection.inspecting import SMALL, World
from tests.support.people.named import SIGNS, Named
from tests.support.requirements import ROOT

ROLES = {"tina": Role.TRAINER, "sam": Role.STAFF, "charlie": Role.STAFF, "irma": Role.AUDITOR}
NOT_TRIED = {
    "observe",  # an inspector's and nobody else's
    "score",  # who scores an encounter reads it as it was
}


@pytest.fixture
def named(wired) -> Named:
    with wired.transaction() as session:
        make_version(session, SMALL)
    return Named(World(wired))


def addresses(named: Named, page: str, reader: str) -> Iterator[dict[str, Any]]:
    yield {}
    yield from {
        "case": [{"id": named.case}, {"id": named.case, "words": "客服"}, {"id": named.amended}],
        "cases": [{"words": "我是客服"}, {"words": "麗華"}, {"item": "HELLO"}],
        "case_set": [{"id": named.set_id}],
        "practice": [{"round": named.round}],
        "my_practice": [{"round": named.round}],
        "practise": [{"task": named.tasks[reader]}] if named.tasks[reader] else [],
        "station": [{"station": named.world.seeded.station_id}],
        "appeal": [{"id": 1}],
    }.get(page, [])


def sent(app: AppTest) -> bytes:
    """All that the last run sent to the browser."""
    found: list[bytes] = []

    def walk(node: Any) -> None:
        proto = getattr(node, "proto", None)
        if proto is not None and hasattr(proto, "SerializeToString"):
            found.append(proto.SerializeToString())
        for child in (getattr(node, "children", None) or {}).values():
            walk(child)

    walk(app._tree)
    return b"\n".join(found)


def signs_in(data: bytes) -> list[str]:
    return [
        sign
        for sign in SIGNS
        if sign.encode() in data or json.dumps(sign).strip('"').encode() in data
    ]


def visited(app: AppTest, page: str, query: dict[str, Any]) -> bytes:
    app.query_params.clear()
    for key, value in query.items():
        app.query_params[key] = str(value)
    app.switch_page(f"{page}.py").run()
    assert list(app.exception) == [], page
    return sent(app)


@pytest.mark.parametrize("reader", ROLES)
def test_no_page_sends_a_name(named: Named, open_app, reader: str) -> None:
    app = open_app(reader).run()
    pages = [
        entry.path
        for entry in menus.entries()
        if entry.action in PERMISSIONS[ROLES[reader]]
        and entry.path not in NOT_TRIED
        and (ROOT / f"pages/{entry.path}.py").exists()
    ]
    leaks = {
        (page, *query.items()): signs
        for page in pages
        for query in addresses(named, page, reader)
        if (signs := signs_in(visited(app, page, query)))
    }
    assert leaks == {}


def test_training_pages_send_no_name(named: Named, open_app) -> None:
    app = open_app("tina").run()
    for tab in ("Status", "Runs", "Courses", "Yearly plan"):
        app.session_state["training_tab"] = tab
        assert not signs_in(visited(app, "training", {})), tab
        assert not signs_in(visited(app, "training", {"run": named.run})), tab


def test_a_manager_is_sent_the_names(named: Named, open_app) -> None:
    """The looking-through itself works."""
    with named.world.seeded.transaction() as session:
        session.get_one(CaseSet, named.set_id).shared = True
    app = open_app("bob").run()
    assert signs_in(visited(app, "case", {"id": named.case})) == list(SIGNS)
    assert signs_in(visited(app, "cases", {"words": SIGNS[0]}))
    assert signs_in(visited(app, "case_set", {"id": named.set_id}))
