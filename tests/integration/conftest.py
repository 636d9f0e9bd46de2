"""What tests of services share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access import Identity
from db.__main__ import main
from db.safekeeping.database_key import take_over
from tests.factories import Seeded, identity, seeded_in, seeded_like
from tests.support.appeals.appealing import raised
from tests.support.databases import Databases
from tests.support.importing.files import Desk, call, jsonl
from tests.support.inspection.inspecting import NO, PIN, World, make_world
from tests.support.inspection.pads import Browser, wired_to
from tests.support.ranking.crossed import make_crossed
from tests.support.results.busy import make_busy
from tests.support.safekeeping.nora import ROW, PortalWithNora
from tests.support.teaching import case_sets


@pytest.fixture
def seeded(databases: Databases, request: pytest.FixtureRequest) -> Iterator[Seeded]:
    """As everywhere; what makes the world of a test is in its database already."""
    template = ("world", make_world) if "world" in request.fixturenames else ()
    with seeded_like(databases, *template) as seeded:
        yield seeded


@pytest.fixture
def world(seeded: Seeded, databases: Databases) -> World:
    """The cast with a small checklist and one call of charlie's in alice's queue."""
    return World.made(seeded, databases)


@pytest.fixture
def trainer(world: World) -> Identity:
    return case_sets.trainer(world, "tina")


@pytest.fixture
def wired(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The routes' own wiring, pointed at the world."""
    with wired_to(world.seeded.engine, tmp_path, monkeypatch):
        yield world


@pytest.fixture
def alice(wired: World) -> Browser:
    """Her browser, at the pad of the call in her queue."""
    return Browser(wired, "alice")


@pytest.fixture
def who(session: Session) -> Callable[[str], Identity]:
    """`who("tina")`: a person as a service asks for them."""
    return lambda name: identity(session, name)


@pytest.fixture
def crossed(databases: Databases) -> Iterator[World]:
    """A world in which stations can be ranked."""
    with databases.like("crossed", make_crossed) as engine:
        yield World(seeded_in(engine))


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    """Files are imported there."""
    return Desk(engine, tmp_path)


@pytest.fixture
def busy(databases: Databases) -> Iterator[World]:
    """A world with figures of four months."""
    with databases.like("busy", make_busy) as engine:
        yield World(seeded_in(engine))


@pytest.fixture
def contested(world: World) -> tuple[int, int]:
    """HELLO lost, 80 points, and charlie's appeal against that."""
    inspection_id = world.scored(HELLO=NO, evidence=[PIN])
    return inspection_id, raised(world, inspection_id)


@pytest.fixture
def nora(world: World, tmp_path: Path) -> PortalWithNora:
    return PortalWithNora(world, tmp_path)


@pytest.fixture
def keyed(nora: PortalWithNora, monkeypatch: pytest.MonkeyPatch) -> PortalWithNora:
    """A database that knows its key, with encrypted values; commands find it."""
    monkeypatch.setenv("DATABASE_URL", nora.settings.database_url)
    monkeypatch.setenv("VAR_DIR", str(nora.settings.var_dir))
    monkeypatch.setenv("PORTAL_PASSWORD", "three blue parcels")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")  # so that the worker need not start over
    take_over(nora.engine, nora.settings.var_dir)
    return nora


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Run a command with a folder of files; gives status and what it says on standard error."""

    def run(var_dir: Path, name: str, *arguments: str) -> tuple[int, str]:
        (tmp_path / "rows.jsonl").write_bytes(jsonl(call(**ROW | {"external_id": "another"})))
        monkeypatch.setenv("VAR_DIR", str(var_dir))
        status = main([name, *(text.replace("FOLDER", str(tmp_path)) for text in arguments)])
        return status, capsys.readouterr().err

    return run
