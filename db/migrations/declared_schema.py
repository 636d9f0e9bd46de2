"""The schema of the newest revision, as models, guards and search index describe it."""

from __future__ import annotations

import re

from sqlalchemy import BigInteger, CheckConstraint, Column, MetaData, UniqueConstraint
from sqlalchemy import ForeignKey as ForeignKeyColumn
from sqlalchemy import Index as ModelIndex
from sqlalchemy import Table as ModelTable
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Dialect

from db.migrations import guards, schema_model, search
from db.migrations.schema_model import EXPRESSION, Schema, in_one_line, words_of
from db.store.base import Model

_SPELLINGS = {"varchar": "character varying", "char": "character", "float": "double precision"}
_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) .*?\bON (\w+)", re.DOTALL)
_FUNCTION = re.compile(r"CREATE FUNCTION (\w+)\(\).*?\$\$(.*)\$\$", re.DOTALL)
_EXECUTED = re.compile(r"EXECUTE FUNCTION (\w+)\(\)")
_SEARCH_POSTGRESQL = ModelTable(
    "search_document",
    MetaData(),
    Column(
        "interaction_id",
        BigInteger,
        ForeignKeyColumn("interaction.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("terms", TSVECTOR, nullable=False),
    ModelIndex("ix_search_document_terms", "terms"),
)
_SEARCH_SQLITE = ("search_document_data", "search_document_idx", "search_document_config")
"""What SQLite keeps the index in: without one of them it cannot be read."""


def declared_schema(dialect: Dialect) -> Schema:
    """What a database of this kind is to have."""
    tables = list(Model.metadata.tables.values())
    schema = Schema(triggers=_triggers(guards.AT_HEAD[dialect.name]))
    if dialect.name == "sqlite":
        (statement,) = search.CREATE["sqlite"]
        schema.virtual = {"search_document": in_one_line(statement)}
        schema.tables = {name: schema_model.SchemaTable() for name in _SEARCH_SQLITE}
    else:
        tables.append(_SEARCH_POSTGRESQL)
    schema.tables |= {table.name: _table(table, dialect) for table in tables}
    return schema


def _table(table: ModelTable, dialect: Dialect) -> schema_model.SchemaTable:
    indexes = [_index(index, dialect) for index in table.indexes]
    checks = set()
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            columns = tuple(column.name for column in constraint.columns)
            indexes.append(schema_model.Index(_name(constraint, dialect), columns, unique=True))
        elif isinstance(constraint, CheckConstraint):
            checks.add(_name(constraint, dialect))
    return schema_model.SchemaTable(
        columns={column.name: _column(column, dialect) for column in table.columns},
        primary_key=tuple(column.name for column in table.primary_key.columns),
        indexes=indexes,
        foreign_keys={
            schema_model.ForeignKey(
                tuple(constraint.column_keys),
                constraint.elements[0].target_fullname.split(".")[0],
                tuple(element.target_fullname.split(".")[1] for element in constraint.elements),
                (constraint.ondelete or "NO ACTION").upper(),
            )
            for constraint in table.foreign_key_constraints
        },
        checks=checks,
    )


def _column(column: Column[object], dialect: Dialect) -> schema_model.SchemaColumn:
    numbered = dialect.name != "sqlite" and column is column.table.autoincrement_column
    return schema_model.SchemaColumn(
        type=_type(column, dialect),
        nullable=bool(column.nullable),
        default=numbered or column.server_default is not None,
    )


def _type(column: Column[object], dialect: Dialect) -> str:
    compiled = column.type.compile(dialect).lower()
    if dialect.name == "sqlite":
        return compiled
    first, suffix = re.fullmatch(r"(\w+)(.*)", compiled, re.DOTALL).groups()  # type: ignore[union-attr]
    return _SPELLINGS.get(first, first) + suffix.replace(", ", ",")


def _index(index: ModelIndex, dialect: Dialect) -> schema_model.Index:
    condition = index.dialect_options[dialect.name]["where"]
    return schema_model.Index(
        name=_name(index, dialect),
        columns=tuple(
            expression.name if isinstance(expression, Column) else EXPRESSION
            for expression in index.expressions
        ),
        unique=index.unique,
        condition=words_of(None if condition is None else str(condition)),
    )


def _name(thing: ModelIndex | UniqueConstraint | CheckConstraint, dialect: Dialect) -> str:
    """The name in the database, which is shorter where the database takes no longer one."""
    preparer = dialect.identifier_preparer
    if isinstance(thing, ModelIndex):
        return preparer.format_index(thing).strip('"')
    return (preparer.format_constraint(thing) or "").strip('"')


def _triggers(statements: tuple[str, ...]) -> dict[tuple[str, str], str]:
    functions = filter(None, map(_FUNCTION.match, statements))
    bodies = {match[1]: match[2] for match in functions}
    triggers = {}
    for statement in statements:
        if match := _TRIGGER.match(statement):
            name, table = match.groups()
            executed = _EXECUTED.search(statement)
            body = bodies[executed[1]] if executed else ""
            triggers[table, name] = in_one_line(f"{statement} {body}")
    return triggers
