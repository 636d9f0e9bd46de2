"""Drawing encounters: what must be inspected, and a random draw from the rest by strata."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from core.errors import InvalidInput
from core.sampling import draw

_SHIFTS = ("night",) * 5 + ("early",) * 7 + ("late",) * 6 + ("evening",) * 6  # hour by hour


@dataclass(frozen=True)
class Plan:
    """How a month is sampled.

    Attributes:
        quota: random encounters per member of staff, spread over channels and shifts.
        cross_share: share given to inspectors from another region, so that severity can be told
            from quality (0..1).
        double_share: share scored twice, blind (0..1).
        lowest_rating: customer ratings in this lowest share of their scale must be inspected.
        new_staff_days: everything of people employed for fewer days must be inspected; 0: none.
        seed: repeats the draw.
    """

    quota: int = 4
    cross_share: float = 0.15
    double_share: float = 0.08
    lowest_rating: float = 0.2
    new_staff_days: int = 30
    seed: int = 1

    def check(self) -> None:
        """Refuse a plan that cannot be drawn.

        Raises:
            InvalidInput: names what is wrong.
        """
        if self.quota < 1:
            raise InvalidInput("At least one encounter per member of staff is needed.")
        if not all(0 <= s <= 1 for s in (self.cross_share, self.double_share, self.lowest_rating)):
            raise InvalidInput("Shares lie between 0 and 100 %.")
        if self.seed < 0 or self.new_staff_days < 0:
            raise InvalidInput("Seed and days cannot be negative.")


class Encounter(NamedTuple):
    """What the plan looks at; `occurred_at` is local time at the station."""

    interaction_id: int
    station_id: int
    staff_id: int | None
    channel: str
    occurred_at: datetime
    case_kind: str
    severity: str | None
    is_repeat: bool
    rating_share: float | None
    employed_from: date | None


class Chosen(NamedTuple):
    """A sampled encounter with what every later estimate needs."""

    encounter: Encounter
    sample_class: str
    stratum: str
    probability: float


def must_inspect(encounter: Encounter, plan: Plan) -> bool:
    """Urgent problems, major or repeated complaints, the lowest ratings, new staff."""
    is_complaint = encounter.case_kind == "complaint"
    if encounter.severity == "urgent" or (is_complaint and encounter.is_repeat):
        return True
    if is_complaint and encounter.severity == "important":
        return True
    if encounter.rating_share is not None and encounter.rating_share <= plan.lowest_rating:
        return True
    since = encounter.employed_from
    age = encounter.occurred_at.date() - since if since else None
    return age is not None and age < timedelta(days=plan.new_staff_days)


def choose(frame: Sequence[Encounter], plan: Plan) -> list[Chosen]:
    """Everything that must be inspected, then a random draw from the rest.

    The strata are person x channel x shift; a person's quota is spread over them in proportion to
    what the person served (largest remainder). Where nobody is named, the station stands for the
    person. The same frame in the same order and the same plan give the same sample.
    """
    plan.check()
    certain: list[Encounter] = []
    rest: list[Encounter] = []
    for row in frame:
        (certain if must_inspect(row, plan) else rest).append(row)
    strata = [_stratum(row) for row in rest]
    quotas = _quotas(Counter(strata), plan.quota)
    drawn = draw(strata, quotas, plan.seed)
    return [Chosen(row, "must_inspect", _stratum(row), 1.0) for row in certain] + [
        Chosen(rest[one.position], "random", str(one.stratum), one.probability) for one in drawn
    ]


def _stratum(row: Encounter) -> str:
    return f"{_person(row)}/{row.channel}/{_SHIFTS[row.occurred_at.hour]}"


def _person(row: Encounter) -> str:
    return f"p{row.staff_id}" if row.staff_id is not None else f"s{row.station_id}"


def _quotas(sizes: Mapping[str, int], quota: int) -> dict[str, int]:
    by_person: dict[str, list[str]] = {}
    for stratum in sorted(sizes):
        by_person.setdefault(stratum.split("/", 1)[0], []).append(stratum)
    quotas: dict[str, int] = {}
    for strata in by_person.values():
        quotas |= _largest_remainder({stratum: sizes[stratum] for stratum in strata}, quota)
    return quotas


def _largest_remainder(sizes: Mapping[str, int], seats: int) -> dict[str, int]:
    """Whole seats in proportion to sizes, never more than a stratum has."""
    total = sum(sizes.values())
    seats = min(seats, total)
    exact = {name: seats * size / total for name, size in sizes.items()}
    given = {name: int(share) for name, share in exact.items()}
    order = sorted(exact, key=lambda name: (given[name] - exact[name], name))
    for name in order[: seats - sum(given.values())]:
        given[name] += 1
    return given
