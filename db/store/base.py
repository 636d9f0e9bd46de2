"""What every table shares: names of constraints, types of columns."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    inspect,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.sql import operators
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

from core.safekeeping.masking import masked
from core.states import States

Json = JSON().with_variant(JSONB(), "postgresql")
Id = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, returned aware; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401  SQLAlchemy's signature
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"naive time {value!r}"
            raise ValueError(msg)
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  SQLAlchemy names it
    ) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class InState(TypeDecorator[StrEnum]):
    """The state of a record: one of its table of states, by which the kind is found."""

    impl = String(64)
    cache_ok = True

    def __init__(self, states: States) -> None:
        super().__init__()
        self.states = states
        self._state: Callable[[str], StrEnum] = type(states.first)

    def coerce_compared_value(self, op: OperatorType | None, value: object) -> Any:  # noqa: ANN401
        return String() if op is operators.concat_op else super().coerce_compared_value(op, value)

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002  SQLAlchemy names it
    ) -> str | None:
        """A word that is no state of this kind is a fault of the code: ValueError."""
        return None if value is None else self._state(value).value

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002  SQLAlchemy names it
    ) -> StrEnum | None:
        return None if value is None else self._state(value)


class PersonalText(TypeDecorator[str]):
    """Words that people typed and that may name somebody: masked whenever they are stored.

    Erasing, giving out and masking again find their columns by this type. `length` makes it a
    VARCHAR, else it is TEXT.
    """

    impl = Text
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(
        self,
        dialect: Dialect,  # noqa: ARG002  SQLAlchemy names it
    ) -> TypeEngine[Any]:
        return String(self.length) if self.length else Text()

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002  SQLAlchemy names it
    ) -> str | None:
        return None if value is None else masked(value)


class PersonalJson(TypeDecorator[Any]):
    """Data with people's words in it: what stands under the names `words` is masked when stored.

    What stands elsewhere (keys, options, times, names of files) is no words of people and could
    look like a number that is masked.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def coerce_compared_value(self, op: OperatorType | None, value: object) -> Any:  # noqa: ANN401
        return self.impl_instance.coerce_compared_value(op, value)

    def process_bind_param(
        self,
        value: Any,  # noqa: ANN401  any JSON value
        dialect: Dialect,  # noqa: ARG002  SQLAlchemy names it
    ) -> Any:  # noqa: ANN401
        return reworded_data(value, self.words, masked)


def reworded_data(data: Any, words: Collection[str], change: Callable[[str], str]) -> Any:  # noqa: ANN401  any JSON value
    """The data with every text changed that stands under one of the names `words`."""
    if isinstance(data, dict):
        return {
            name: change(member)
            if name in words and isinstance(member, str)
            else reworded_data(member, words, change)
            for name, member in data.items()
        }
    if isinstance(data, list):
        return [reworded_data(member, words, change) for member in data]
    return data


class Model(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012


def models() -> list[type[Model]]:
    """The model of every table, by the name of the table."""
    below: list[type[Model]] = [Model]
    for model in below:
        below += model.__subclasses__()
    mapped = [model for model in below if inspect(model, raiseerr=False) is not None]
    return sorted(mapped, key=lambda model: table_of(model).name)


def table_of(model: type[Model]) -> Table:
    """The table itself: rows that nobody looks at as objects go in faster without the mapper."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def state_of(states: States) -> MappedColumn[Any]:
    """The column `state` of a kind of record, which begins in the first."""
    return mapped_column(InState(states), default=states.first)


Key = Annotated[int, mapped_column(Id, primary_key=True, autoincrement=True)]
Code = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(200))]
Words = Annotated[str, mapped_column(PersonalText())]
Title = Annotated[str, mapped_column(PersonalText(200))]
