"""Engines that know what the first of their kind has learnt.

A process of the portal has one engine, a test run thousands. Each would ask its database about
itself and compile every statement anew, which is a quarter of what a test costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Connection, Dialect, Engine, event

_dialects: dict[str, Dialect] = {}
_statements: defaultdict[str, dict[Any, Any]] = defaultdict(dict)


@contextmanager
def learning_once() -> Iterator[None]:
    """Until the block ends, the portal's engines of a kind share dialect and statements."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("db.store.session.create_engine", _create_engine)
        yield


def _create_engine(*arguments: Any, **options: Any) -> Engine:
    """As SQLAlchemy's own; the dialect is that of the first engine that reached its database."""
    engine = sqlalchemy.create_engine(*arguments, **options)
    kind = engine.dialect.name
    engine.update_execution_options(compiled_cache=_statements[kind])
    if kind in _dialects:
        pytest.MonkeyPatch().setattr(engine.dialect, "initialize", _ask_nothing)
        engine.dialect = _dialects[kind]
    else:
        event.listen(engine, "engine_connect", _remember)
    return engine


def _ask_nothing(_connection: Connection) -> None:
    """The dialect that stands for this one has asked."""


def _remember(connection: Connection) -> None:
    _dialects.setdefault(connection.dialect.name, connection.dialect)
