"""Every measure there is, by its key: title, unit, which way is better, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from core.errors import InvalidInput
from core.i18n import N_


class Form(StrEnum):
    """How the value and its interval follow from the evidence."""

    MEAN = auto()
    SHARE = auto()
    RATE = auto()
    MEDIAN = auto()
    COUNT = auto()
    GIVEN = auto()


class Unit(StrEnum):
    """What a value is counted in; shares are in percent."""

    POINTS = auto()
    PERCENT = auto()
    PER_THOUSAND = auto()
    HOURS = auto()
    SECONDS = auto()
    FILES = auto()
    MONEY = auto()


class Source(StrEnum):
    """What a measure is read from; outside: imported as somebody else computed it."""

    INSPECTIONS = auto()
    FILES = auto()
    ENCOUNTERS = auto()
    OUTSIDE = auto()


@dataclass(frozen=True)
class Measure:
    """A named figure.

    Attributes:
        title: in English, translated where it is shown.
        more_is_better: whether a higher value is the better one.
        fewest: of what is counted, below which there is no value.
    """

    key: str
    title: str
    unit: Unit
    more_is_better: bool
    form: Form
    fewest: int
    source: Source

    @property
    def is_share(self) -> bool:
        """Whether values lie from 0 to 100."""
        return self.unit is Unit.PERCENT


def _of_inspections(key: str, title: str, form: Form, *, more: bool) -> Measure:
    unit = Unit.POINTS if form is Form.MEAN else Unit.PERCENT
    return Measure(
        key=key,
        title=title,
        unit=unit,
        more_is_better=more,
        form=form,
        fewest=30,
        source=Source.INSPECTIONS,
    )


def _of_files(key: str, title: str, unit: Unit, form: Form, fewest: int) -> Measure:
    """Of what goes wrong with files, the less the better."""
    return Measure(
        key=key,
        title=title,
        unit=unit,
        more_is_better=False,
        form=form,
        fewest=fewest,
        source=Source.FILES,
    )


def _in_time(key: str, title: str) -> Measure:
    return Measure(
        key=key,
        title=title,
        unit=Unit.PERCENT,
        more_is_better=True,
        form=Form.SHARE,
        fewest=10,
        source=Source.FILES,
    )


def _given(key: str, title: str, unit: Unit, *, more: bool) -> Measure:
    return Measure(
        key=key,
        title=title,
        unit=unit,
        more_is_better=more,
        form=Form.GIVEN,
        fewest=0,
        source=Source.OUTSIDE,
    )


_ALL = (
    _of_inspections("score", N_("Score"), Form.MEAN, more=True),
    _of_inspections("key_moment", N_("Key moments"), Form.MEAN, more=True),
    _of_inspections("pass_rate", N_("Pass rate"), Form.SHARE, more=True),
    _of_inspections("critical_rate", N_("Critical failures"), Form.SHARE, more=False),
    _in_time("responded_in_time", N_("First answers in time")),
    _in_time("finished_in_time", N_("Handled in time")),
    _in_time("told_in_time", N_("Customers told in time")),
    _of_files("overdue_now", N_("Overdue now"), Unit.FILES, Form.COUNT, 0),
    _of_files("hours_to_finish", N_("Median hours to handling"), Unit.HOURS, Form.MEDIAN, 10),
    _of_files(
        "complaint_rate", N_("Complaints per 1,000 encounters"), Unit.PER_THOUSAND, Form.RATE, 200
    ),
    _of_files("repeat_share", N_("Repeated files"), Unit.PERCENT, Form.SHARE, 20),
    Measure(
        key="rating",
        title=N_("Customer rating"),
        unit=Unit.PERCENT,
        more_is_better=True,
        form=Form.MEAN,
        fewest=30,
        source=Source.ENCOUNTERS,
    ),
    _given("csat", N_("Satisfied customers"), Unit.PERCENT, more=True),
    _given("nps", N_("Net promoter score"), Unit.POINTS, more=True),
    _given("department_score", N_("Rating by departments"), Unit.POINTS, more=True),
    _given("work_order_score", N_("Score of work orders"), Unit.POINTS, more=True),
    _given("query_seconds", N_("Seconds to an answer from the system"), Unit.SECONDS, more=False),
    _given("repurchase_rate", N_("Customers who buy again"), Unit.PERCENT, more=True),
    _given("service_cost", N_("Cost of a service"), Unit.MONEY, more=False),
)
MEASURES: dict[str, Measure] = {measure.key: measure for measure in _ALL}
"""All but those of single items, see `item_lost`."""
_ITEM_LOST = "item_lost:"


def item_lost(item_key: str) -> Measure:
    """How often an item of the standards was lost among its answers that were not N/A."""
    return _of_inspections(f"{_ITEM_LOST}{item_key}", N_("Item lost"), Form.SHARE, more=False)


def item_of(key: str) -> str:
    """The item that a measure is of; empty where it is of none."""
    return key.removeprefix(_ITEM_LOST) if key.startswith(_ITEM_LOST) else ""


def measure_of(key: str) -> Measure:
    """The measure with a key, such as `score`, or `item_lost:` with the key of an item.

    Raises:
        InvalidInput: there is none.
    """
    if item := item_of(key):
        return item_lost(item)
    if key not in MEASURES:
        raise InvalidInput("There is no measure called {key}.", key=key)
    return MEASURES[key]
