"""What every test may ask for: a clock and databases of both kinds."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from datetime import datetime

import hypothesis
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from db.migrations import migrate
from db.store import session as sessions
from tests import factories
from tests.factories import Seeded
from tests.support import engines, postgres, requirements
from tests.support.clock import NOW
from tests.support.databases import (
    Databases,
    PostgresDatabases,
    SqliteDatabases,
    quick_folder,
)
from tests.support.house.sample import SampledRun
from tests.support.requirements import need

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile(
    "portal",
    deadline=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("portal")

_BROWSER = "tests/browser/"
_GROUPS = (f"{_BROWSER}inspection/", _BROWSER)
_LONGEST = (*_GROUPS, "tests/integration/", "tests/app/")


@pytest.fixture(scope="session", autouse=True)
def learning_once() -> Iterator[None]:
    with engines.learning_once():
        yield


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[Databases]:
    folder = quick_folder("portal-sqlite-")
    yield SqliteDatabases(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    with ExitStack() as stack:
        url = os.environ.get("TEST_POSTGRES_URL")
        if not url:
            programs = requirements.postgres_programs()
            need(programs, "PostgreSQL (apt-get install postgresql, or set TEST_POSTGRES_URL)")
            assert programs
            url = stack.enter_context(postgres.server(programs))
        databases = PostgresDatabases(url)
        yield databases
        databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Both kinds, one after the other: a test that uses it, or what stands on it, runs twice."""
    kind = {"sqlite": "sqlite_databases", "postgresql": "postgres_databases"}[request.param]
    found: Databases = request.getfixturevalue(kind)
    return found


@pytest.fixture
def empty_engine(databases: Databases) -> Iterator[Engine]:
    """A database without tables."""
    with databases.empty() as engine:
        yield engine


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    """A migrated database without rows."""
    with databases.like("migrated", migrate.upgrade) as engine:
        yield engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on a migrated database without rows."""
    with sessions.transaction(engine) as session:
        yield session


@pytest.fixture
def seeded(databases: Databases) -> Iterator[Seeded]:
    """A database with the standards and the fixed cast, see tests/factories.py."""
    with factories.seeded_like(databases) as seeded:
        yield seeded


@pytest.fixture
def seeded_sqlite(sqlite_databases: Databases) -> Iterator[Seeded]:
    """As `seeded`, for tests in which the kind of database makes no difference."""
    with factories.seeded_like(sqlite_databases) as seeded:
        yield seeded


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """After pytest-randomly, whose seed draws what runs."""
    config.pluginmanager.register(SampledRun(config))


class _FilesTogether(LoadScopeScheduling):  # type: ignore[misc]  # xdist carries no types
    """A worker takes whole files, and one of two groups of browser tests, which share a portal."""

    def _split_scope(self, nodeid: str) -> str:
        group = next((group for group in _GROUPS if nodeid.startswith(group)), None)
        return group or nodeid.split("::", maxsplit=1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _FilesTogether:
    return _FilesTogether(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that both workers come to the end together."""
    items.sort(key=lambda item: [item.nodeid.startswith(room) for room in _LONGEST], reverse=True)
    for item in items:
        if item.nodeid.startswith(_BROWSER):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage takes seconds each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the portal's log beside a failure."""
    report = yield
    portal = getattr(item, "funcargs", {}).get("portal")
    if report.failed and portal:
        report.sections.append(("the portal's log", portal.log.read_text()[-8000:]))
    return report
