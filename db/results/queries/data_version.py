"""How new the figures are: they change only when an inspection is submitted, amended or voided."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.inspection.models import Amendment, Inspection
from db.people.staff_list import staff_mark
from db.safekeeping.models import Erasure, RetentionRun
from db.store.base import Model, table_of


class DataVersion(NamedTuple):
    """The newest inspection and the newest amendment, 0 for none."""

    inspection: int
    amendment: int


class RowsVersion(NamedTuple):
    """What plain rows in memory depend on; they are read anew when it changes.

    The data, what was erased of it, and a digest of the staff list, whose names texts hide.
    """

    data: DataVersion
    erasure: int
    retention: int
    staff: str


def data_version(session: Session) -> DataVersion:
    return DataVersion(*_newest(session, Inspection, Amendment))


def rows_version(session: Session) -> RowsVersion:
    newest = _newest(session, Inspection, Amendment, Erasure, RetentionRun)
    inspection, amendment, erasure, retention = newest
    staff = hashlib.sha256(staff_mark(session).encode()).hexdigest()
    return RowsVersion(
        DataVersion(inspection=inspection, amendment=amendment),
        erasure=erasure,
        retention=retention,
        staff=staff,
    )


def _newest(session: Session, *tables: type[Model]) -> list[int]:
    """The newest id of each table, 0 for none."""
    newest = [select(func.max(table_of(table).c.id)).scalar_subquery() for table in tables]
    return [newest_id or 0 for newest_id in session.execute(select(*newest)).one()]
