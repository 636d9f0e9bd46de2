"""Derived figures, updated in the submitting transaction and rebuilt by `python -m db rebuild`.

Every table counts valid inspections of record only. n counts those with a score; sums and sums of
squares are of `score` and of `score_before_critical`. The grain columns form the primary key.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Id, Key, Model, PersonalText, Words


class Grain:
    """What every rollup is also cut by."""

    checklist_version_id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Code] = mapped_column(primary_key=True)
    sample_class: Mapped[Code] = mapped_column(primary_key=True)


class Faceted:
    """What a rollup is cut by, too, where figures can be asked for by it; empty: not recorded."""

    business_line: Mapped[Code] = mapped_column(primary_key=True, default="")
    shift: Mapped[Code] = mapped_column(primary_key=True, default="")
    post: Mapped[Code] = mapped_column(primary_key=True, default="")
    language: Mapped[Code] = mapped_column(primary_key=True, default="")


class _Scores:
    """Sums from which means and variances follow. `unscored` had no score (all N/A)."""

    n: Mapped[int] = mapped_column(default=0)
    total: Mapped[float] = mapped_column(default=0.0)
    squares: Mapped[float] = mapped_column(default=0.0)
    total_before: Mapped[float] = mapped_column(default=0.0)
    squares_before: Mapped[float] = mapped_column(default=0.0)
    critical: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    unscored: Mapped[int] = mapped_column(default=0)


class StationDay(_Scores, Faceted, Grain, Model):
    __tablename__ = "rollup_station_day"
    __table_args__ = (
        Index("ix_rollup_station_day_day", "day"),
        Index(
            "ix_rollup_station_day_unfaceted",
            "shift",
            sqlite_where=text("shift = ''"),
            postgresql_where=text("shift = ''"),
        ),
    )

    station_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class _StationMonth(_Scores):
    """Also key-moment scores, of the inspections that have one, and how often items were N/A."""

    station_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    key_n: Mapped[int] = mapped_column(default=0)
    key_total: Mapped[float] = mapped_column(default=0.0)
    key_squares: Mapped[float] = mapped_column(default=0.0)
    answered: Mapped[int] = mapped_column(default=0)
    na: Mapped[int] = mapped_column(default=0)


class StationMonth(_StationMonth, Grain, Model):
    __tablename__ = "rollup_station_month"
    __table_args__ = (Index("ix_rollup_station_month_month", "month"),)


class FacetedStationMonth(_StationMonth, Faceted, Grain, Model):
    """The same by facets, apart, so that figures of everything read as few rows as before."""

    __tablename__ = "rollup_faceted_station_month"
    __table_args__ = (Index("ix_rollup_faceted_station_month_month", "month"),)


class StaffMonth(_Scores, Grain, Model):
    __tablename__ = "rollup_staff_month"
    __table_args__ = (Index("ix_rollup_staff_month_station", "station_id", "month"),)

    staff_id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)


class ScoreCell(_Scores, Faceted, Grain, Model):
    """What the ranking model reads: staff x inspector x month, with the sampling stratum.

    Figures of staff by facets are read from it, too: so fine a grain hardly grows by them.

    `weight` is the sum of 1 / inclusion probability of the scored inspections, `weighted` that of
    score before critical effects / inclusion probability.
    """

    __tablename__ = "rollup_score_cell"
    __table_args__ = (Index("ix_rollup_score_cell_month", "month"),)

    station_id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    stratum: Mapped[Code] = mapped_column(primary_key=True)
    weight: Mapped[float] = mapped_column(default=0.0)
    weighted: Mapped[float] = mapped_column(default=0.0)


class _StationSectionMonth:
    """Section scores (0..100, after critical effects)."""

    station_id: Mapped[int] = mapped_column(primary_key=True)
    section_key: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
    total: Mapped[float] = mapped_column(default=0.0)
    squares: Mapped[float] = mapped_column(default=0.0)


class StationSectionMonth(_StationSectionMonth, Grain, Model):
    __tablename__ = "rollup_station_section_month"
    __table_args__ = (Index("ix_rollup_station_section_month_month", "month"),)


class FacetedStationSectionMonth(_StationSectionMonth, Faceted, Grain, Model):
    __tablename__ = "rollup_faceted_station_section_month"
    __table_args__ = (Index("ix_rollup_faceted_station_section_month_month", "month"),)


class _StationItemMonth:
    """How often an item was answered, lost, N/A, and the form points it cost."""

    station_id: Mapped[int] = mapped_column(primary_key=True)
    item_key: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    section_key: Mapped[Code]
    answered: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    na: Mapped[int] = mapped_column(default=0)
    critical: Mapped[int] = mapped_column(default=0)
    points_lost: Mapped[float] = mapped_column(default=0.0)


class StationItemMonth(_StationItemMonth, Grain, Model):
    __tablename__ = "rollup_station_item_month"
    __table_args__ = (Index("ix_rollup_station_item_month_month", "month"),)


class FacetedStationItemMonth(_StationItemMonth, Faceted, Grain, Model):
    __tablename__ = "rollup_faceted_station_item_month"
    __table_args__ = (Index("ix_rollup_faceted_station_item_month_month", "month"),)


class InspectorItemMonth(Grain, Model):
    """How often an inspector answered an item, and how often called it N/A."""

    __tablename__ = "rollup_inspector_item_month"
    __table_args__ = (Index("ix_rollup_inspector_item_month_month", "month"),)

    inspector_id: Mapped[int] = mapped_column(primary_key=True)
    item_key: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    answered: Mapped[int] = mapped_column(default=0)
    na: Mapped[int] = mapped_column(default=0)


class _InspectorMonth:
    """An inspector's scores before critical effects, time and N/A.

    Times are summed as logarithms of seconds, because a few inspections take very long; `timed`
    counts the inspections whose time is known.
    """

    inspector_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
    unscored: Mapped[int] = mapped_column(default=0)
    total_before: Mapped[float] = mapped_column(default=0.0)
    squares_before: Mapped[float] = mapped_column(default=0.0)
    timed: Mapped[int] = mapped_column(default=0)
    log_seconds: Mapped[float] = mapped_column(default=0.0)
    log_squares: Mapped[float] = mapped_column(default=0.0)
    answered: Mapped[int] = mapped_column(default=0)
    na: Mapped[int] = mapped_column(default=0)


class InspectorMonth(_InspectorMonth, Grain, Model):
    __tablename__ = "rollup_inspector_month"
    __table_args__ = (Index("ix_rollup_inspector_month_month", "month"),)


class FacetedInspectorMonth(_InspectorMonth, Faceted, Grain, Model):
    __tablename__ = "rollup_faceted_inspector_month"
    __table_args__ = (Index("ix_rollup_faceted_inspector_month_month", "month"),)


class StationTarget(Model):
    """What a station is to reach by a measure from a day on, and who said so; never changed itself.

    Measures are those of core.results.targets; `value` is in points or percent, None where there is
    no target any more.
    """

    __tablename__ = "station_target"
    __table_args__ = (Index(None, "checklist_id", "effective_from"),)

    id: Mapped[Key]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    measure: Mapped[Code]
    value: Mapped[float | None]
    effective_from: Mapped[date]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


def _of_slice(table: str) -> UniqueConstraint:
    columns = ("first", "last", "checklist_id", "channel", "sample_class", "facets")
    return UniqueConstraint(*columns, name=f"uq_{table}_slice")


class RankingSnapshot(Model):
    """The ranking of a slice; `data_version` is that of the data it saw.

    `channel` and `sample_class` are empty for all, and so is `facets`, else the code of
    db.results.facets. `payload` is the data form of
    db.results.services.rankings,
    `drift` the inspectors' months, which only the page of inspectors reads.
    """

    __tablename__ = "ranking_snapshot"
    __table_args__ = (_of_slice("ranking_snapshot"),)

    id: Mapped[Key]
    first: Mapped[int]
    last: Mapped[int]
    checklist_id: Mapped[int]
    channel: Mapped[Code]
    sample_class: Mapped[Code]
    facets: Mapped[str] = mapped_column(Text, default="")
    data_version: Mapped[int] = mapped_column(Id)
    computed_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    drift: Mapped[list[Any]] = mapped_column(default=list, deferred=True)


class RankingRequest(Model):
    """A ranking that someone waits for; gone once it is computed. `problem` says why it failed."""

    __tablename__ = "ranking_request"
    __table_args__ = (_of_slice("ranking_request"),)

    id: Mapped[Key]
    first: Mapped[int]
    last: Mapped[int]
    checklist_id: Mapped[int]
    channel: Mapped[Code]
    sample_class: Mapped[Code]
    facets: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    problem: Mapped[str] = mapped_column(PersonalText(500), default="")


class TrendNote(Model):
    """What somebody noted of a day at a station, or everywhere (None), for the axis of trends."""

    __tablename__ = "trend_note"
    __table_args__ = (Index(None, "day"),)

    id: Mapped[Key]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    day: Mapped[date]
    words: Mapped[Words]
    written_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
