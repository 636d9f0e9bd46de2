"""A person's name in every column of people's words, in rows made from the tables themselves."""

from __future__ import annotations

import json
from datetime import date, datetime

from sqlalchemy import JSON, func, select, update

from db.inspection.models import Assignment, Draft
from db.inspection.tasks import ASSIGNED
from db.store.base import Model, PersonalJson, PersonalText, UtcDateTime
from tests.support.clock import NOW

_LISTS = ("evidence", "marked", "items", "sections", "case_sets", "posts", "events")


def personal_columns():
    return [
        column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, PersonalText | PersonalJson)
    ]


def name_everywhere(session, text):
    """Write a text into every such column of every row; a table without rows gets one first."""
    for column in personal_columns():
        if not session.scalar(select(func.count()).select_from(column.table)):
            _add_row(session, column.table)
        if isinstance(column.type, PersonalText):
            session.execute(update(column.table).values({column: text}))
            continue
        words = dict.fromkeys(column.type.words, text)
        for row in session.execute(select(column.table)).mappings().all():
            told = {"HELLO": words, "WORDS": {"value": text}} if column.name == "answers" else words
            value = [told] if isinstance(row[column.name], list) else told
            keys = [each == row[each.name] for each in column.table.primary_key.columns]
            session.execute(update(column.table).where(*keys).values({column: value}))


def holding(session, *values):
    """The columns, as table.column, in which one of the values stands."""
    return {
        f"{column.table.name}.{column.name}"
        for column in personal_columns()
        for stored in session.scalars(select(column))
        if any(value in json.dumps(stored, ensure_ascii=False) for value in values)
    }


def _add_row(session, table):
    values = {column.name: _anything(session, column) for column in table.columns}
    if table is Draft.__table__:  # what it is of, it names without a foreign key
        newest = session.scalar(select(func.max(Assignment.id)))
        values["kind"], values["task_id"] = ASSIGNED.task(newest).draft
    session.execute(
        table.insert().values({name: value for name, value in values.items() if value is not None})
    )


def _anything(session, column):
    """Something that the column takes: the newest row that it points at, else by its type."""
    if column.foreign_keys:
        (key,) = column.foreign_keys
        newest = select(func.max(key.column))
        if session.scalar(newest) is None and not column.nullable:
            _add_row(session, key.column.table)
        return session.scalar(newest)
    is_counted = column.primary_key and column.type.python_type is int
    if is_counted or column.nullable or column.default is not None:
        return None
    if isinstance(column.type, JSON | PersonalJson):
        return [] if column.name in _LISTS else {}
    if isinstance(column.type, PersonalText):
        return "x"
    kinds = {datetime: NOW, date: NOW.date(), int: 1, float: 1.0, bool: True, str: "x", bytes: b"x"}
    return NOW if isinstance(column.type, UtcDateTime) else kinds[column.type.python_type]
