"""Copying a portal's database from SQLite to PostgreSQL, row by row, and comparing both."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session
from sqlalchemy.schema import AddConstraint, DropConstraint
from sqlalchemy.types import JSON, TypeEngine

from core.errors import InvalidInput, PortalError
from db.encounters.search_index import reindex
from db.migrations import migrate
from db.store.base import Model, PersonalJson, PersonalText
from db.store.session import dialect_of, reading

_AT_ONCE = 2_000
_IN_USE = ("user_account", "interaction", "audit_event")
Progress = Callable[[int, int], None]
Row = tuple[Any, ...]


class CopyDiffers(PortalError):
    """A table of the copy is not what was copied; the copy was undone."""


class _JsonText(TypeDecorator[str]):
    """JSON as the text it is stored as, so that nothing is changed on its way."""

    impl = Text
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:  # noqa: ANN401  SQLAlchemy's signature
        return cast(bindvalue, JSONB)


def copy_database(source: Engine, target: Engine, progress: Progress) -> dict[str, int]:
    """Fill an empty PostgreSQL database with everything of a SQLite one.

    The state that is copied is that of one moment; what is written to the source afterwards is not
    in the copy. All of it arrives, or nothing.

    Args:
        progress: called with the rows copied and the rows there are.

    Returns:
        The rows of each table, as counted and compared on both sides.

    Raises:
        InvalidInput: the databases are of other kinds, or the target is in use.
        CopyDiffers: a row came out differently.
    """
    if (source.dialect.name, target.dialect.name) != ("sqlite", "postgresql"):
        raise InvalidInput("A portal is copied from SQLite to PostgreSQL only.")
    migrate.bring_up_to_date(target)
    tables = [_bare(table) for table in Model.metadata.sorted_tables]
    with reading(source) as here, Session(target) as there, there.begin():
        _refuse_in_use(there)
        counts = {table.name: _count(here, table) for table in tables}
        total, done = sum(counts.values()), 0
        with _without_foreign_keys(there.connection()):
            for table in tables:
                there.execute(delete(table))
                for rows in _read(here, table):
                    named = [dict(zip(table.c.keys(), row, strict=True)) for row in rows]
                    _insert(there, table, named)
                    done += len(rows)
                    progress(done, total)
                _compare(here, there, table)
                _go_on_counting(there, table)
        reindex(there, lambda _done, _total: None)
    return counts


def _read(here: Session, table: Table) -> Iterator[Sequence[Row]]:
    """The rows to copy; SQLite holds whatever was put into a column, also what is no time."""
    try:
        yield from _chunks(here, table)
    except ValueError as error:
        raise CopyDiffers(
            "Table {table} holds what cannot be read, so nothing was copied: {problem}.",
            table=table.name,
            problem=error,
        ) from error


def _insert(there: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows; SQLite holds longer texts and larger numbers than were declared."""
    try:
        there.execute(insert(table), rows)
    except DataError as error:
        raise CopyDiffers(
            "Table {table} holds what PostgreSQL does not take, so nothing was copied: {problem}.",
            table=table.name,
            problem=str(error.orig).partition("\n")[0],
        ) from error


def _bare(table: Table) -> Table:
    """The table with types that change nothing: what is masked already is not masked again."""
    columns = [
        Column(column.name, _bare_type(column.type), primary_key=column.primary_key)
        for column in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


def _bare_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, PersonalText):
        return Text()
    if isinstance(kind, JSON | PersonalJson):
        return _JsonText()
    return kind


def _refuse_in_use(there: Session) -> None:
    for name in _IN_USE:
        if _count(there, Model.metadata.tables[name]):
            raise InvalidInput("The database to copy to is in use: an empty one is needed.")


def _count(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _chunks(session: Session, table: Table) -> Iterator[Sequence[Row]]:
    """All rows in the order of the primary key, which is the same on both databases."""
    is_postgres = dialect_of(session) == "postgresql"
    order = [
        column.collate("C") if is_postgres and isinstance(column.type, String) else column
        for column in table.primary_key
    ]
    columns = [
        literal_column(f'"{column.name}"::text', Text).label(column.name)
        if is_postgres and isinstance(column.type, _JsonText)
        else column
        for column in table.columns
    ]
    query = select(*columns).select_from(table).order_by(*order)
    for rows in session.execute(query.execution_options(yield_per=_AT_ONCE)).partitions():
        yield [tuple(row) for row in rows]


def _compare(here: Session, there: Session, table: Table) -> None:
    """Read both sides again, row by row."""
    documents = [
        place for place, column in enumerate(table.columns) if isinstance(column.type, _JsonText)
    ]
    names = table.c.keys()
    for chunk_before, chunk_after in zip(_chunks(here, table), _chunks(there, table), strict=True):
        before, after = _readable(chunk_before, documents), _readable(chunk_after, documents)
        if before != after:
            columns = [
                name
                for place, name in enumerate(names)
                if [row[place] for row in before] != [row[place] for row in after]
            ]
            raise CopyDiffers(
                "Table {table} came out differently, so nothing was copied; it is about {columns}.",
                table=table.name,
                columns=", ".join(columns),
            )


def _readable(rows: Sequence[Row], documents: Sequence[int]) -> list[Row]:
    """The rows with JSON read: each database writes it in its own way, as 1e23 with 24 digits."""
    if not documents:
        return list(rows)
    return [
        tuple(
            json.loads(value, parse_float=Decimal, parse_int=Decimal)
            if place in documents and value is not None
            else value
            for place, value in enumerate(row)
        )
        for row in rows
    ]


def _go_on_counting(there: Session, table: Table) -> None:
    """The next row gets the number after the last one."""
    key = next(iter(table.primary_key), None)
    if len(table.primary_key) != 1 or key is None or not isinstance(key.type, Integer):
        return
    sequence = there.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
    last = there.scalar(select(func.max(key)))
    if sequence and last:
        there.execute(select(func.setval(sequence, last)))


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Rows may come before those they refer to; in the end every reference is checked."""
    keys: list[ForeignKeyConstraint] = [
        key
        for table in Model.metadata.sorted_tables
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    ]
    for key in keys:
        connection.execute(DropConstraint(key))
    yield
    for key in keys:
        connection.execute(AddConstraint(key, isolate_from_table=False))
