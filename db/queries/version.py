"""How new the figures are: they change only when an inspection is submitted, amended or voided."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Amendment, Inspection


class DataVersion(NamedTuple):
    """The newest inspection and the newest amendment, 0 for none."""

    inspection: int
    amendment: int


def data_version(session: Session) -> DataVersion:
    newest = [select(func.max(table.id)).scalar_subquery() for table in (Inspection, Amendment)]
    inspection, amendment = session.execute(select(*newest)).one()
    return DataVersion(inspection or 0, amendment or 0)
