"""The schema that a database has, read from its own catalogue in a few statements."""

from __future__ import annotations

import re
from collections import defaultdict

from sqlalchemy import Connection, text

from db.migrations.schema_model import (
    EXPRESSION,
    ForeignKey,
    Index,
    Schema,
    SchemaColumn,
    SchemaTable,
    in_one_line,
    words_of,
)

_CHECK = re.compile(r"\bCONSTRAINT\s+\"?(\w+)\"?\s+CHECK\b", re.IGNORECASE)
_WHERE = re.compile(r"\bWHERE\b(.*)", re.IGNORECASE | re.DOTALL)

_SQLITE_NAMES = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_SQLITE_COLUMNS = """SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
    FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c
    WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY t.name, c.pk"""
_SQLITE_INDEXES = """SELECT t.name, l.name, l."unique", x.name, i.sql
    FROM sqlite_master t JOIN pragma_index_list(t.name) l JOIN pragma_index_xinfo(l.name) x
    LEFT JOIN sqlite_master i ON i.type = 'index' AND i.name = l.name
    WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND l.origin <> 'pk' AND x.key
    ORDER BY t.name, l.name, x.seqno"""
_SQLITE_FOREIGN_KEYS = """SELECT t.name, f.id, f."from", f."table", f."to", f.on_delete
    FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
    WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY t.name, f.id, f.seq"""

_POSTGRESQL_COLUMNS = """SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    a.attnotnull, a.atthasdef OR a.attidentity <> ''
    FROM pg_class t LEFT JOIN pg_attribute a
    ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE pg_table_is_visible(t.oid) AND t.relkind IN ('r', 'p')
    AND t.relnamespace <> 'pg_catalog'::regnamespace"""
_POSTGRESQL_INDEXES = """SELECT t.relname, i.relname, x.indisunique,
    pg_get_expr(x.indpred, x.indrelid),
    (SELECT array_agg(a.attname::text ORDER BY k.place)
        FROM unnest(x.indkey) WITH ORDINALITY k (number, place)
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number <> 0
        WHERE k.place <= x.indnkeyatts)
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE pg_table_is_visible(t.oid) AND t.relkind IN ('r', 'p')
    AND t.relnamespace <> 'pg_catalog'::regnamespace AND x.indisvalid AND NOT x.indisprimary"""
_POSTGRESQL_CONSTRAINTS = """SELECT t.relname, c.contype::text, c.conname,
    (SELECT array_agg(a.attname::text ORDER BY k.place)
        FROM unnest(c.conkey) WITH ORDINALITY k (number, place)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number),
    r.relname, (SELECT array_agg(a.attname::text ORDER BY k.place)
        FROM unnest(c.confkey) WITH ORDINALITY k (number, place)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number),
    c.confdeltype::text
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    LEFT JOIN pg_class r ON r.oid = c.confrelid
    WHERE pg_table_is_visible(t.oid) AND t.relkind IN ('r', 'p')
    AND t.relnamespace <> 'pg_catalog'::regnamespace AND c.contype IN ('p', 'f', 'c')"""
_POSTGRESQL_TRIGGERS = """SELECT t.relname, g.tgname, pg_get_triggerdef(g.oid, true), p.prosrc,
    g.tgenabled IN ('O', 'A')
    FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid
    WHERE pg_table_is_visible(t.oid) AND t.relkind IN ('r', 'p')
    AND t.relnamespace <> 'pg_catalog'::regnamespace AND NOT g.tgisinternal"""
_ON_DELETE = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}


def read(connection: Connection) -> Schema:
    """What the database has, whoever made it."""
    return _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)


def _sqlite(connection: Connection) -> Schema:
    schema, tables = Schema(), defaultdict[str, SchemaTable](SchemaTable)
    for kind, name, table, sql in connection.execute(text(_SQLITE_NAMES)):
        if kind == "trigger":
            schema.triggers[table, name] = in_one_line(sql)
        elif kind == "table" and sql.upper().startswith("CREATE VIRTUAL"):
            schema.virtual[name] = in_one_line(sql)
        elif kind == "table":
            tables[name].checks = set(_CHECK.findall(sql))
    for table, name, spelled, filled, default, key in connection.execute(text(_SQLITE_COLUMNS)):
        column = SchemaColumn(spelled.lower(), nullable=not filled, default=default is not None)
        tables[table].columns[name] = column
        if key:
            tables[table].primary_key += (name,)
    _sqlite_indexes(connection, tables)
    _sqlite_foreign_keys(connection, tables)
    schema.tables = dict(tables)
    return schema


def _sqlite_indexes(connection: Connection, tables: dict[str, SchemaTable]) -> None:
    columns = defaultdict[tuple[str, str, bool, str | None], list[str]](list)
    for table, name, unique, column, sql in connection.execute(text(_SQLITE_INDEXES)):
        columns[table, name, bool(unique), sql].append(column or EXPRESSION)
    for (table, name, unique, sql), names in columns.items():
        condition = _WHERE.search(sql or "")
        words = words_of(condition[1] if condition else None)
        tables[table].indexes.append(Index(name, tuple(names), unique, words))


def _sqlite_foreign_keys(connection: Connection, tables: dict[str, SchemaTable]) -> None:
    pairs = defaultdict[tuple[str, int, str, str], list[tuple[str, str]]](list)
    for table, key, column, target, to, on_delete in connection.execute(text(_SQLITE_FOREIGN_KEYS)):
        pairs[table, key, target, on_delete].append((column, to or ""))
    for (table, _, target, on_delete), columns in pairs.items():
        names, targets = zip(*columns, strict=True)
        tables[table].foreign_keys.add(ForeignKey(names, target, targets, on_delete.upper()))


def _postgresql(connection: Connection) -> Schema:
    schema, tables = Schema(), defaultdict[str, SchemaTable](SchemaTable)
    for table, name, spelled, filled, default in connection.execute(text(_POSTGRESQL_COLUMNS)):
        columns = tables[table].columns
        if name is not None:
            columns[name] = SchemaColumn(spelled, nullable=not filled, default=default)
    for table, name, unique, condition, names in connection.execute(text(_POSTGRESQL_INDEXES)):
        column_names = tuple(column or EXPRESSION for column in names)
        tables[table].indexes.append(Index(name, column_names, unique, words_of(condition)))
    for table, kind, name, names, target, targets, on_delete in connection.execute(
        text(_POSTGRESQL_CONSTRAINTS)
    ):
        if kind == "p":
            tables[table].primary_key = tuple(names)
        elif kind == "c":
            tables[table].checks.add(name)
        else:
            key = ForeignKey(tuple(names), target, tuple(targets), _ON_DELETE[on_delete])
            tables[table].foreign_keys.add(key)
    for table, name, statement, body, is_on in connection.execute(text(_POSTGRESQL_TRIGGERS)):
        schema.triggers[table, name] = in_one_line(f"{statement} {body}") if is_on else ""
    schema.tables = dict(tables)
    return schema
