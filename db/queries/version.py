"""How new the figures are: they change only when an inspection is submitted, amended or voided."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Amendment, Erasure, Inspection, Model, RetentionRun, table_of


class DataVersion(NamedTuple):
    """The newest inspection and the newest amendment, 0 for none."""

    inspection: int
    amendment: int


class Kept(NamedTuple):
    """What plain rows that are kept in memory depend on: the data, and what was erased of it."""

    data: DataVersion
    erasure: int
    retention: int


def data_version(session: Session) -> DataVersion:
    return DataVersion(*_newest(session, Inspection, Amendment))


def kept_version(session: Session) -> Kept:
    inspection, amendment, *erased = _newest(session, Inspection, Amendment, Erasure, RetentionRun)
    return Kept(DataVersion(inspection, amendment), *erased)


def _newest(session: Session, *tables: type[Model]) -> list[int]:
    """The newest id of each table, 0 for none."""
    newest = [select(func.max(table_of(table).c.id)).scalar_subquery() for table in tables]
    return [found or 0 for found in session.execute(select(*newest)).one()]
