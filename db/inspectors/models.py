"""How alike two inspectors judged the same encounter, summed up as in `db.results.models`.

A pair is an inspection of record and a second scoring of the same encounter with the same checklist
version, both valid; its month, channel, sample class and facets are those of the record. And what
stood out of an inspector's answers, and of whom they were harder or easier on.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.results.models import Faceted, Grain
from db.store.base import Code, Key, Model


class _DoubleItemMonth:
    """How often an item got which two ratings.

    A rating is the share of the item's points in whole percent, or
    core.inspectors.double_scorings.NOT_APPLICABLE.
    """

    item_key: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[int] = mapped_column(primary_key=True)
    second: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class DoubleItemMonth(_DoubleItemMonth, Grain, Model):
    __tablename__ = "rollup_double_item_month"
    __table_args__ = (Index("ix_rollup_double_item_month_month", "month"),)


class FacetedDoubleItemMonth(_DoubleItemMonth, Faceted, Grain, Model):
    __tablename__ = "rollup_faceted_double_item_month"
    __table_args__ = (Index("ix_rollup_faceted_double_item_month_month", "month"),)


class _DoubleInspectorMonth:
    """An inspector beside the colleagues who judged the same encounters.

    Each pair counts for both its inspectors, once with `is_record`. `n` pairs have two scores;
    their sums follow (before critical effects). `cases` pairs have items in common; per pair
    `alike` is the share of them judged alike, `lost` and `na` the mean share lost and N/A, and what
    follows are the sums of their squares and products.
    """

    inspector_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    is_record: Mapped[bool] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
    own: Mapped[float] = mapped_column(default=0.0)
    other: Mapped[float] = mapped_column(default=0.0)
    own_squares: Mapped[float] = mapped_column(default=0.0)
    other_squares: Mapped[float] = mapped_column(default=0.0)
    product: Mapped[float] = mapped_column(default=0.0)
    cases: Mapped[int] = mapped_column(default=0)
    alike: Mapped[float] = mapped_column(default=0.0)
    lost: Mapped[float] = mapped_column(default=0.0)
    na: Mapped[float] = mapped_column(default=0.0)
    alike_squares: Mapped[float] = mapped_column(default=0.0)
    lost_squares: Mapped[float] = mapped_column(default=0.0)
    na_squares: Mapped[float] = mapped_column(default=0.0)
    alike_lost: Mapped[float] = mapped_column(default=0.0)
    alike_na: Mapped[float] = mapped_column(default=0.0)
    lost_na: Mapped[float] = mapped_column(default=0.0)


class DoubleInspectorMonth(_DoubleInspectorMonth, Grain, Model):
    __tablename__ = "rollup_double_inspector_month"
    __table_args__ = (Index("ix_rollup_double_inspector_month_month", "month"),)


class FacetedDoubleInspectorMonth(_DoubleInspectorMonth, Faceted, Grain, Model):
    __tablename__ = "rollup_faceted_double_inspector_month"
    __table_args__ = (Index("ix_rollup_faceted_double_inspector_month_month", "month"),)


class AnswerPattern(Model):
    """The same answer all through, faster than can be read, more often than with colleagues.

    Of an inspector's evaluations of three months, the last of which is `month`; `basis` and the
    counts are those of `core.inspectors.straight_lining.Comparison`. The inspector is shown it
    first, at `shown_at`; nobody else reads it before.
    """

    __tablename__ = "answer_pattern"
    __table_args__ = (UniqueConstraint("user_id", "month"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    month: Mapped[int]
    basis: Mapped[Code]
    evaluations: Mapped[int]
    straight: Mapped[int]
    others: Mapped[int]
    others_straight: Mapped[int]
    computed_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]


class InspectorLean(Model):
    """A group that an inspector is harder on than colleagues are, or easier.

    Of six months, the last of which is `month`; figures are those of `core.inspectors.leans.Lean`,
    `looked_at` counts inspectors and groups that were looked at together. The inspector is shown it
    first, at `shown_at`; nobody else reads it before.
    """

    __tablename__ = "inspector_lean"
    __table_args__ = (UniqueConstraint("user_id", "month", "facet", "facet_value"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    month: Mapped[int]
    facet: Mapped[Code]
    facet_value: Mapped[Code]
    own: Mapped[int]
    own_others: Mapped[int]
    colleagues: Mapped[int]
    theirs: Mapped[int]
    points: Mapped[float]
    low: Mapped[float | None]
    high: Mapped[float | None]
    looked_at: Mapped[int]
    computed_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
