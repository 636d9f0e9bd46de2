"""In which ways a database is not what it should be, one line for each, in plain words.

What is lacking or other than it should be counts, and of what is there besides, only what may
refuse the rows that the portal writes: columns, unique indexes, foreign keys and checks of the
portal's own tables. Other tables, indexes, views and triggers are the operator's business.
"""

from __future__ import annotations

from collections.abc import Iterator

from db.migrations.schema_model import ForeignKey, Index, Schema, SchemaColumn, SchemaTable


def differences(declared: Schema, actual: Schema) -> list[str]:
    """The lines, sorted by table; none when the portal can work with the database."""
    lines: list[str] = []
    for name in sorted(declared.tables.keys() | declared.virtual):
        if name in declared.virtual:
            lines += _of_virtual(name, declared, actual)
        elif name not in actual.tables:
            lines.append(f"table {name} is missing")
        elif declared.tables[name].columns:
            lines += (
                f"table {name}: {line}"
                for line in _of_table(declared.tables[name], actual.tables[name])
            )
    return [*lines, *_of_triggers(declared, actual)]


def _of_virtual(name: str, declared: Schema, actual: Schema) -> Iterator[str]:
    if name not in actual.virtual:
        yield f"table {name} is missing"
    elif actual.virtual[name] != declared.virtual[name]:
        yield f"table {name} is not the search index of this version"


def _of_triggers(declared: Schema, actual: Schema) -> Iterator[str]:
    for (table, name), definition in sorted(declared.triggers.items()):
        if table not in actual.tables:
            continue
        if (table, name) not in actual.triggers:
            yield f"table {table}: trigger {name} is missing"
        elif not actual.triggers[table, name]:
            yield f"table {table}: trigger {name} is switched off"
        elif actual.triggers[table, name] != definition:
            yield f"table {table}: trigger {name} does something else"


def _of_table(declared: SchemaTable, actual: SchemaTable) -> Iterator[str]:
    yield from _of_columns(declared.columns, actual.columns)
    if actual.primary_key != declared.primary_key:
        yield (
            f"the primary key is {_listed(actual.primary_key)} instead of"
            f" {_listed(declared.primary_key)}"
        )
    yield from _of_indexes(declared.indexes, actual.indexes)
    for key in _ordered(declared.foreign_keys - actual.foreign_keys):
        yield f"{_foreign_key(key)} is missing"
    for key in _ordered(actual.foreign_keys - declared.foreign_keys):
        yield f"{_foreign_key(key)} does not belong there"
    for check in sorted(declared.checks ^ actual.checks):
        is_missing = check in declared.checks
        yield f"check {check} {'is missing' if is_missing else 'does not belong there'}"


def _of_columns(
    declared: dict[str, SchemaColumn], actual: dict[str, SchemaColumn]
) -> Iterator[str]:
    for name, column in declared.items():
        if name not in actual:
            yield f"column {name} is missing"
        else:
            yield from _of_column(name, column, actual[name])
    for name in sorted(actual.keys() - declared):
        yield f"column {name} does not belong there"


def _of_column(name: str, declared: SchemaColumn, actual: SchemaColumn) -> Iterator[str]:
    if actual.type != declared.type:
        yield f"column {name} is {actual.type or 'of no type'} instead of {declared.type}"
    if actual.nullable and not declared.nullable:
        yield f"column {name} may be empty"
    elif declared.nullable and not actual.nullable:
        yield f"column {name} must not be empty, but should be allowed to"
    if declared.default and not actual.default:
        yield f"column {name} has no default"


def _of_indexes(declared: list[Index], actual: list[Index]) -> Iterator[str]:
    """An index under another name serves as well."""
    contents = {index.content for index in actual}
    named = {index.name: index for index in actual}
    replaced = set()
    for index in declared:
        if index.content in contents:
            continue
        if index.name in named:
            replaced.add(index.name)
            yield f"index {index.name} is {_content(named[index.name])}, not {_content(index)}"
        else:
            yield f"{'unique ' * index.unique}index {index.name} is missing"
    expected = {index.content for index in declared}
    for index in actual:
        if index.unique and index.content not in expected and index.name not in replaced:
            yield f"unique index {index.name} {_listed(index.columns)} does not belong there"


def _content(index: Index) -> str:
    parts = ["unique"] * index.unique + [f"on {_listed(index.columns)}"]
    if index.condition:
        parts.append(f"where {' '.join(sorted(index.condition))}")
    return " ".join(parts)


def _foreign_key(key: ForeignKey) -> str:
    deleting = "" if key.on_delete == "NO ACTION" else f" on delete {key.on_delete.lower()}"
    return f"foreign key {_listed(key.columns)} to {key.table} {_listed(key.targets)}{deleting}"


def _ordered(keys: set[ForeignKey]) -> list[ForeignKey]:
    return sorted(keys, key=lambda key: (key.columns, key.table, key.on_delete))


def _listed(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)})"
