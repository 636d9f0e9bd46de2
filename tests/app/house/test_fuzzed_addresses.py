"""Whatever stands in the address of a page, the page opens; part of `make fuzz`."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import PERMISSIONS, Role
from db.people.models import Staff
from pages.ui import menus
from tests.factories import make_user, make_version
from tests.support.inspection.inspecting import NO, SMALL, World
from tests.support.requirements import ROOT

CASES = max(12, int(os.environ.get("FUZZ", "600")) // 100)
ADDRESSES = [
    entry.path
    for entry in menus.entries()
    if entry.action in PERMISSIONS[Role.ADMINISTRATOR] | PERMISSIONS[Role.QUALITY_MANAGER]
]
NAMES = sorted(
    {
        name
        for path in (ROOT / "pages").rglob("*.py")
        for name in re.findall(
            r'query_params(?:\.get\(|\[)"(\w+)"|row_id\("(\w+)"'
            r'|(?:choices?|option|pick|pill|words|day)\(\s*_\("[^"]+"\),\s*"(\w+)"',
            path.read_text("utf-8"),
        )
        for name in name
        if name
    }
)
VALUES = st.text(max_size=12) | st.sampled_from(
    ["1", "0", "-1", "9" * 30, "nan", "2026-13-40", "2026-01", "a,b", "<b>", "' OR 1=1 --", "\x00"]
)


@pytest.fixture
def visitor(wired, open_app):
    with wired.transaction() as session:
        make_version(session, SMALL)
        make_user(session, "mona", Role.QUALITY_MANAGER, Role.ADMINISTRATOR)
        assert session.get(Staff, wired.staff_id)
    World(wired).scored(HELLO=NO)
    return open_app


@settings(
    max_examples=CASES,
    derandomize="FUZZ" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    address=st.sampled_from(ADDRESSES),
    query=st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=4),
)
def test_every_address_opens_its_page(visitor, address, query):
    app = visitor("mona").run()
    app.switch_page(f"{address}.py")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, (address, query, app.exception)
