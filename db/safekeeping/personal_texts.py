"""The columns in which people's words stand, walked through chunk by chunk.

They are found by their types, PersonalText and PersonalJson, so that a new one is never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    func,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from core.checklist import Checklist
from core.scoring import reworded
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklists_of
from db.encounters import search_index
from db.inspection.models import Draft, Inspection
from db.inspection.task_kinds import version_of_draft
from db.store.base import Model, PersonalJson, PersonalText, models, reworded_data, table_of
from db.teaching.models import CaseSetMember, PracticeTask

Key = tuple[Any, ...]
_AT_ONCE = 500
_EMPTY = ("{}", "[]", "null")
_MOST = 200


class Rewritten(NamedTuple):
    """Rows read, the key of the last (None: there was none), and the texts before they changed."""

    read: int
    last: Key | None
    former: list[str]


def personal_models() -> list[type[Model]]:
    """The models with such columns, by the name of their table."""
    return [model for model in models() if personal_columns(model)]


def personal_columns(model: type[Model]) -> list[Column[Any]]:
    """The columns of a model in which people's words stand."""
    return _personal(table_of(model))


@cache
def _personal(table: Table) -> list[Column[Any]]:
    return [
        column for column in table.columns if isinstance(column.type, PersonalText | PersonalJson)
    ]


def count(session: Session, model: type[Model]) -> int:
    """How many rows have words in them."""
    return session.scalar(select(func.count()).select_from(model).where(_has_words(model))) or 0


def read(
    session: Session,
    model: type[Model],
    visit: Callable[[str, str], None],
    sought: Callable[[str], bool],
) -> None:
    """Call `visit(column, text)` for the texts of rows in which `sought` finds something."""
    after: Key | None = None
    while rows := session.execute(_chunk(model, after)).all():
        checklists = _checklists(session, rows)
        for row in (candidate for candidate in rows if sought(_joined(model, candidate))):
            for column in personal_columns(model):

                def seen(text: str, name: str = column.name) -> str:
                    visit(name, text)
                    return text

                _changed(checklists, row, column, seen)
        after = _key(model, rows[-1])


def rewrite(
    session: Session,
    model: type[Model],
    change: Callable[[str], str],
    after: Key | None = None,
    *,
    sought: Callable[[str], bool] = bool,
) -> Rewritten:
    """Change the texts of the next rows behind `after`.

    Rows whose texts, joined by line ends, `sought` does not take are passed over quickly.
    What nobody changes is not written. The search follows what was noted on encounters.
    """
    rows = session.execute(_chunk(model, after)).all()
    checklists = _checklists(session, rows)
    touched = [
        _key(model, row)
        for row in rows
        if sought(_joined(model, row)) and _changes(checklists, model, row, change)
    ]
    former: list[str] = []
    if touched:
        locked = _rows(model).where(_is_one_of(model, touched)).with_for_update(of=model)
        former = _store(session, model, session.execute(locked).all(), change)
    return Rewritten(len(rows), _key(model, rows[-1]) if rows else None, former)


def _store(
    session: Session, model: type[Model], rows: Sequence[Row[Any]], change: Callable[[str], str]
) -> list[str]:
    """Write what changes; the texts as they were."""
    former: list[str] = []

    def changing(text: str) -> str:
        if (new := change(text)) != text:
            former.append(text)
        return new

    encounters: list[int] = []
    if model is Inspection:
        keys = [row.id for row in rows]
        noted = select(Inspection.interaction_id).where(Inspection.id.in_(keys)).distinct()
        encounters = list(session.scalars(noted))
        search_index.forget(session, encounters)
    checklists = _checklists(session, rows)
    for row in rows:
        instance = session.get_one(model, _key(model, row), populate_existing=True)
        for name, value in _changes(checklists, model, row, changing).items():
            setattr(instance, name, value)
    session.flush()
    search_index.index_interactions(session, encounters)
    return former


def _joined(model: type[Model], row: Row[Any]) -> str:
    """Every text of a row, keys and options of answers too."""
    texts: set[str] = set()
    values = [getattr(row, column.name) for column in personal_columns(model)]
    while values:
        value = values.pop()
        if isinstance(value, str):
            texts.add(value)
        elif isinstance(value, dict):
            values += value.values()
        elif isinstance(value, list):
            values += value
    return "\n".join(texts)


def _checklists(session: Session, rows: Sequence[Row[Any]]) -> dict[int, Checklist]:
    versions = {row.checklist_version for row in rows}
    return checklists_of(session, versions - {None})


def _changes(
    checklists: dict[int, Checklist],
    model: type[Model],
    row: Row[Any],
    change: Callable[[str], str],
) -> dict[str, Any]:
    """The new values of the columns that are no longer what they were."""
    new_values = {
        column.name: _changed(checklists, row, column, change) for column in personal_columns(model)
    }
    return {
        name: _made_unique(row, value) if _is_unique(model, name) else value
        for name, value in new_values.items()
        if value != getattr(row, name)
    }


def _changed(
    checklists: dict[int, Checklist],
    row: Row[Any],
    column: Column[Any],
    change: Callable[[str], str],
) -> Any:  # noqa: ANN401  any JSON value
    value = getattr(row, column.name)
    if value is None or isinstance(value, str):
        return change(value) if value else value
    if column.name == "answers" and row.checklist_version is not None:
        return reworded(checklists[row.checklist_version], value, change)
    assert isinstance(column.type, PersonalJson)
    return reworded_data(value, column.type.words, change)


def _is_unique(model: type[Model], name: str) -> bool:
    return any(
        isinstance(constraint, UniqueConstraint) and name in constraint.columns
        for constraint in table_of(model).constraints
    )


def _made_unique(row: Row[Any], name: str) -> str:
    """A name made unique by the row's id: what was hidden in two of them may look alike."""
    end = f" {row.id}"
    return name[: _MOST - len(end)] + end


def _chunk(model: type[Model], after: Key | None) -> Select[Any]:
    keys = table_of(model).primary_key.columns
    query = _rows(model).where(_has_words(model)).order_by(*keys).limit(_AT_ONCE)
    if after is None:
        return query
    return query.where(tuple_(*keys) > tuple_(*after) if len(after) > 1 else keys[0] > after[0])


def _rows(model: type[Model]) -> Select[Any]:
    columns = [*table_of(model).primary_key.columns, *personal_columns(model)]
    return select(*columns, _version(model).label("checklist_version"))


def _version(model: type[Model]) -> ColumnElement[Any]:
    """The checklist version that a row's answers belong to."""
    versions: dict[type[Model], ColumnElement[Any] | ScalarSelect[Any]] = {
        Inspection: table_of(Inspection).c.checklist_version_id,
        Draft: version_of_draft(),
        PracticeTask: select(Inspection.checklist_version_id)
        .join(CaseSetMember, CaseSetMember.inspection_id == Inspection.id)
        .where(CaseSetMember.id == PracticeTask.member_id)
        .scalar_subquery(),
    }
    return versions.get(model, null())


def _has_words(model: type[Model]) -> ColumnElement[bool]:
    return or_(*(_is_filled(model, column) for column in personal_columns(model)))


def _is_filled(model: type[Model], column: Column[Any]) -> ColumnElement[bool]:
    if not isinstance(column.type, PersonalJson):
        return and_(column.is_not(None), column != "")
    if column.name == "answers":  # seldom with words; each is read for its notes or free texts
        as_text = cast(column, Text)
        noted = or_(*(as_text.contains(f'"{word}"') for word in column.type.words))
        free = select(ChecklistVersion.id).where(
            cast(ChecklistVersion.content, Text).contains('"text"')
        )
        return or_(noted, and_(as_text.not_in(_EMPTY), _version(model).in_(free)))
    return cast(column, Text).not_in(_EMPTY)


def _is_one_of(model: type[Model], keys: Sequence[Key]) -> ColumnElement[bool]:
    columns = table_of(model).primary_key.columns
    if len(columns) > 1:
        return tuple_(*columns).in_(keys)
    return columns[0].in_([key[0] for key in keys])


def _key(model: type[Model], row: Row[Any]) -> Key:
    return tuple(getattr(row, column.name) for column in table_of(model).primary_key.columns)
