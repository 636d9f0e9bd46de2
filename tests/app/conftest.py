"""The portal's pages run in this process, with a person signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core.access import Role
from pages.ui.kit import auth, cached_figures, days, wiring
from tests.factories import Seeded, identity, make_user, make_version
from tests.support.inspection.inspecting import SMALL, World
from tests.support.requirements import ROOT
from tests.support.sign_in.sessions import session_token

OpenApp = Callable[[str], AppTest]


@pytest.fixture(scope="session", autouse=True)
def packages_searched_once() -> Iterator[None]:
    """Each app that starts searches every installed package for components: most of its time."""
    there = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: there)
        yield


@pytest.fixture(autouse=True)
def one_zone_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever page a test opens, with times of two zones it fails."""
    line = days.zone_line

    def line_of_one(zones: list[str]) -> str:
        assert len(zones) == 1, f"times of {', '.join(zones)} on one page"
        return line(zones)

    monkeypatch.setattr(days, "zone_line", line_of_one)


@pytest.fixture
def wired(
    seeded_sqlite: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Seeded]:
    """The pages' own wiring, pointed at a seeded database."""
    monkeypatch.setenv("DATABASE_URL", seeded_sqlite.engine.url.render_as_string())
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    _forget_wiring()
    yield seeded_sqlite
    wiring.engine().dispose()
    _forget_wiring()


@pytest.fixture
def open_app(wired: Seeded, monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """`open_app("alice")` is the portal's script with alice signed in; "" is nobody."""

    def opened(username: str) -> AppTest:
        token = _session_of(username) if username else None
        monkeypatch.setattr(auth, "session_token", lambda: token)
        return AppTest.from_file(ROOT / "pages/portal.py", default_timeout=120)

    return opened


@pytest.fixture
def world(wired: Seeded) -> World:
    """The cast with a trainer, an auditor and the small checklist."""
    with wired.transaction() as session:
        make_version(session, SMALL)
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "otto", Role.AUDITOR)
    return World(wired)


@pytest.fixture
def known(wired: Seeded) -> Callable[..., Any]:
    """`known(question, name)`: what a query says to a person."""

    def asked(query: Callable[..., Any], name: str, *args: object, **values: object) -> Any:
        with wired.reading() as session:
            return query(session, identity(session, name), *args, **values)

    return asked


def _session_of(username: str) -> str:
    with wiring.transaction() as session:
        return session_token(session, username, now=wiring.now())


def _forget_wiring() -> None:
    figures = cached_figures._read
    for cached in (wiring.settings, wiring.keys, wiring.engine, wiring.files, figures):
        cached.cache_clear()
