"""Databases for tests: prepared once as a template, copied for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString, TypeVar
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, make_url

from db.store.session import make_engine

_ROOM = 2 * 1024**3
Fact = TypeVar("Fact")

sqlite_only = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
postgres_only = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


def quick_folder(prefix: str) -> Path:
    """A new folder in memory where there is room: most of a test's time is making files."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if has_room else None))


class Databases:
    """Makes and drops databases of one kind, and remembers the templates."""

    def __init__(self) -> None:
        self._templates: dict[str, str] = {}
        self._facts: dict[str, Any] = {}

    @contextmanager
    def like(self, name: str, prepare: Callable[[Engine], object]) -> Iterator[Engine]:
        """A database as `prepare` leaves it, which it does only once for a name."""
        if name not in self._templates:
            self._templates[name] = self._prepared(prepare)
        with self._opened(self.create(self._templates[name])) as engine:
            yield engine

    def fact(self, name: str, ask: Callable[[], Fact]) -> Fact:
        """What is the same in every database of a template, which is asked only once."""
        if name not in self._facts:
            self._facts[name] = ask()
        fact: Fact = self._facts[name]
        return fact

    @contextmanager
    def empty(self) -> Iterator[Engine]:
        with self._opened(self.create()) as engine:
            yield engine

    def close(self) -> None:
        for url in self._templates.values():
            self.drop(url)

    def create(self, template: str | None = None) -> str:
        raise NotImplementedError

    def drop(self, url: str) -> None:
        raise NotImplementedError

    def _prepared(self, prepare: Callable[[Engine], object]) -> str:
        url = self.create()
        engine = make_engine(url)
        try:
            prepare(engine)
        finally:
            engine.dispose()
        return url

    @contextmanager
    def _opened(self, url: str) -> Iterator[Engine]:
        engine = make_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()
            self.drop(url)


class SqliteDatabases(Databases):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def create(self, template: str | None = None) -> str:
        path = self._folder / f"{uuid4().hex}.db"
        if template:
            shutil.copyfile(_file(template), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self._folder.glob(f"{_file(url).name}*"):
            path.unlink()


class PostgresDatabases(Databases):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = make_url(url)
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._server = psycopg.connect(address, autocommit=True)
        copies_files = self._server.info.server_version >= 150_000  # before, it did nothing else
        self._copying: LiteralString = " STRATEGY FILE_COPY" if copies_files else ""

    def create(self, template: str | None = None) -> str:
        name = f"portal_test_{uuid4().hex}"
        source = _database(template) if template else "template1"
        self._run("CREATE DATABASE {} TEMPLATE {}" + self._copying, name, source)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._run("DROP DATABASE {} WITH (FORCE)", _database(url))

    def close(self) -> None:
        super().close()
        self._server.close()

    def _run(self, statement: LiteralString, *names: str) -> None:
        self._server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _file(url: str) -> Path:
    return Path(_database(url))


def _database(url: str) -> str:
    name = make_url(url).database
    assert name
    return name
