"""Drawing encounters: what must be inspected, and a random draw from the rest by strata."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from core.checklist.choice import EncounterKind
from core.checklist.model import BOT
from core.errors import InvalidInput
from core.inspection.facets import shift_of
from core.sampling import draw

_BOTS = 10**15


@dataclass(frozen=True)
class Plan:
    """How a month is sampled.

    Attributes:
        quota: random encounters per member of staff, spread over stations, channels and shifts.
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


class FrameEncounter(NamedTuple):
    """What the plan looks at; `occurred_at` is local time at the station.

    `team_id` is the station that the person belongs to now, `checklist` the key that came with it.
    `is_marked`: it is to be inspected whatever else is known of it. `handled_by`: the accounts that
    had a hand in the file that it was.
    """

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
    team_id: int | None = None
    business_line: str = "airline"
    checklist: str = ""
    is_marked: bool = False
    handled_by: frozenset[int] = frozenset()

    @property
    def kind(self) -> EncounterKind:
        return EncounterKind(
            channel=self.channel,
            case_kind=self.case_kind,
            business_line=self.business_line,
            named=self.checklist,
        )


class SampledEncounter(NamedTuple):
    """A sampled encounter with what every later estimate needs.

    Person and station belong to the stratum, but not to its name: they stand in the encounter, and
    rankings, which compare within strata of one name, could then compare nobody.
    """

    encounter: FrameEncounter
    sample_class: str
    stratum: str
    probability: float


def must_inspect(encounter: FrameEncounter, plan: Plan) -> bool:
    """Urgent problems, major or repeated complaints, what is marked, lowest ratings, new staff."""
    if encounter.is_marked:
        return True
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


def scored_person(staff_id: int | None, station_id: int, channel: str) -> int:
    """Whom a quota is for: a member of staff, or minus the station where nobody is named.

    What a bot said is of nobody else's quota: a station's bots have a number beyond all others.
    """
    if channel == BOT:
        return -station_id - _BOTS
    return -station_id if staff_id is None else staff_id


def choose(
    frame: Sequence[FrameEncounter], plan: Plan, already: Mapping[int, int] | None = None
) -> list[SampledEncounter]:
    """Everything that must be inspected, then a random draw from the rest.

    The strata are person x station x channel x shift; a person's quota is spread over them in
    proportion to what the person served. Rare ones get their turn by chance, so that each of a
    person's encounters has the same probability, quota / encounters. Where nobody is named, the
    station stands for the person. The same frame in the same order and the same plan give the same
    sample.

    Args:
        already: how many were drawn before, by `scored_person`; only what a quota lacks is drawn.
    """
    plan.check()
    certain: list[FrameEncounter] = []
    others: list[FrameEncounter] = []
    for row in frame:
        (certain if must_inspect(row, plan) else others).append(row)
    strata = [_stratum(row) for row in others]
    sizes = Counter(strata)
    quotas = _quotas(sizes, plan, already or {})
    shares = _shares(sizes, quotas)
    drawn = draw(strata, quotas, plan.seed)
    return [
        SampledEncounter(
            row, sample_class="must_inspect", stratum=_name(_stratum(row)), probability=1.0
        )
        for row in certain
    ] + [
        SampledEncounter(
            others[one.position],
            sample_class="random",
            stratum=_name(stratum),
            probability=shares[_person(stratum)],
        )
        for one in drawn
        for stratum in (strata[one.position],)
    ]


def stratum_name(encounter: FrameEncounter) -> str:
    """The name under which an encounter's stratum is stored: channel and shift."""
    return _name(_stratum(encounter))


def _stratum(row: FrameEncounter) -> str:
    """As a text, of which garbage collection takes no notice when there are a million."""
    person = scored_person(row.staff_id, row.station_id, row.channel)
    return f"{person}/{row.station_id}/{row.channel}/{shift_of(row.occurred_at.hour)}"


def _person(stratum: str) -> int:
    return int(stratum.split("/", 1)[0])


def _name(stratum: str) -> str:
    return stratum.split("/", 2)[2]


def _quotas(sizes: Mapping[str, int], plan: Plan, already: Mapping[int, int]) -> dict[str, int]:
    by_person: dict[int, dict[str, int]] = {}
    for stratum in sorted(sizes):
        by_person.setdefault(_person(stratum), {})[stratum] = sizes[stratum]
    quotas: dict[str, int] = {}
    for person, strata in by_person.items():
        rng = random.Random(f"{plan.seed}/{person}")  # noqa: S311  repeatable on purpose
        quota = max(0, plan.quota - already.get(person, 0))
        quotas |= _seats(strata, quota, rng.random())
    return quotas


def _shares(sizes: Mapping[str, int], quotas: Mapping[str, int]) -> dict[int, float]:
    """By person: which share of the encounters is drawn."""
    served, drawn = Counter[int](), Counter[int]()
    for stratum, size in sizes.items():
        served[_person(stratum)] += size
        drawn[_person(stratum)] += quotas[stratum]
    return {person: drawn[person] / size for person, size in served.items()}


def _seats(sizes: Mapping[str, int], seats: int, start: float) -> dict[str, int]:
    """Whole seats at equal distances from a random start (0 to 1): a systematic sample.

    A stratum's share of the seats, rounded up or down by chance, is right on average.
    """
    total = sum(sizes.values())
    seats = min(seats, total)
    ends = list(accumulate(sizes.values()))
    positions = (min(total - 1, int((number + start) * total / seats)) for number in range(seats))
    filled = Counter(bisect_right(ends, position) for position in positions)
    return {stratum: filled[number] for number, stratum in enumerate(sizes)}
