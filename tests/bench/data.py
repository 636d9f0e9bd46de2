"""Databases of a given size with two people who look at them, made once for a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.access import Role
from db.checklists.services.standards import sync_standards
from db.inspection.models import Inspection
from db.migrations import migrate
from db.people.models import User
from db.store.session import make_engine, transaction
from tests.bench.generate import bench_now, generate
from tests.factories import identity, make_assignment, make_interaction, make_user
from tests.support.sign_in.sessions import session_token

MANAGER, INSPECTOR = "bench_manager", "bench_inspector"
_QUEUE = 60


@contextmanager
def folder() -> Iterator[Path]:
    """Where databases are made: BENCH_DIR, which keeps them, else a temporary folder."""
    with ExitStack() as stack:
        kept = os.environ.get("BENCH_DIR")
        place = Path(kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        place.mkdir(parents=True, exist_ok=True)
        yield place


@contextmanager
def database(place: Path, size: int) -> Iterator[Engine]:
    """A database with `size` inspections, a manager, and an inspector with a queue."""
    path = place / f"{size}.db"
    if not path.exists():
        _make(path, size)
    engine = make_engine(f"sqlite:///{path}")
    try:
        with transaction(engine) as session:
            _people(session)
        yield engine
    finally:
        engine.dispose()


def token(engine: Engine, username: str) -> str:
    """A new session of a person."""
    with transaction(engine) as session:
        return session_token(session, username, now=datetime.now(UTC))


def _make(path: Path, size: int) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    engine = make_engine(f"sqlite:///{unfinished}")
    migrate.upgrade(engine)
    with transaction(engine) as session:
        sync_standards(session, now=bench_now())
    generate(engine, size, now=bench_now())
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    unfinished.rename(path)


def _people(session: Session) -> None:
    if session.scalar(select(User.id).where(User.username == MANAGER)):
        return
    make_user(session, MANAGER, Role.QUALITY_MANAGER)
    make_user(session, INSPECTOR, Role.INSPECTOR)
    inspector = identity(session, INSPECTOR)
    versions = session.scalars(
        select(Inspection.checklist_version_id).where(Inspection.channel == "phone").limit(1)
    )
    version_id = versions.one()
    for number in range(_QUEUE):
        call = make_interaction(session, external_id=f"bench-queue-{number}")
        make_assignment(
            session, interaction=call, inspector=inspector, checklist_version_id=version_id
        )
