"""Measures that somebody else computed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Key, Model

_OF_COMPANY = text("station_id IS NULL")


class GivenMeasure(Model):
    """A value of a measure of a station, or of the company (None), as `source` gave it.

    `first` and `last` are months (yyyymm), both included. `n` is what it is made of, `low` and
    `high` its interval, None where nobody said.
    """

    __tablename__ = "given_measure"
    __table_args__ = (
        Index(
            "uq_given_measure_of_station",
            *("station_id", "measure", "first", "last", "source"),
            unique=True,
        ),
        Index(
            "uq_given_measure_of_company",
            *("measure", "first", "last", "source"),
            unique=True,
            sqlite_where=_OF_COMPANY,
            postgresql_where=_OF_COMPANY,
        ),
    )

    id: Mapped[Key]
    measure: Mapped[Code]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    first: Mapped[int]
    last: Mapped[int]
    value: Mapped[float]
    n: Mapped[int | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    source: Mapped[Code]
    changed_at: Mapped[datetime]
