"""How long words take to find: common and rare ones, with filters, on both databases.

Asked are the count and the list, as the page of cases asks for them. The rare word stands in five
encounters. Each size is compared with the smallest, by the time of this process's own work, which
on PostgreSQL leaves out the server's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import product
from time import perf_counter

from sqlalchemy import Engine, update

from core.access import Identity, Role
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import cases, summary
from db.checklists.services.standards import sync_standards
from db.encounters.models import Turn
from db.encounters.search_index import reindex
from db.migrations import migrate
from db.store.session import reading, transaction
from tests.bench.both import Row, on_both
from tests.bench.data import MANAGER
from tests.bench.generate import bench_now, generate
from tests.bench.report import Table, Times, ms, ratio
from tests.factories import identity, make_user
from tests.support.databases import Databases

_BAR = 300
_REPEATS = 3
_RARE = "QZX70417"
_QUERIES = {
    "common": ("您好", "行李", "the"),
    "rare": (_RARE, "70417", "紫外線", "zebra"),
    "phrases, OR, exclusions": ('"thank you"', "行李 OR 機票", "您好 -行李", "-行李"),
}
_FILTERS = (
    CaseFilter(),
    CaseFilter(channel="phone"),
    CaseFilter(from_month=202605, to_month=202605, critical_only=True),
    CaseFilter(language="en", best_first=True),
)
_HEADER = (
    *("database", "inspections", "words", "median ms", "p95 ms", "of the processor, p95 ms"),
    *("processor / smallest", "bar 300"),
)


def run(sizes: Sequence[int]) -> Iterator[Table]:
    rows: list[Row] = []
    notes: list[str] = []
    first: dict[tuple[str, str], float] = {}
    for size in sizes:
        indexed, missing = on_both(partial(_measured, size, rows, first))
        notes += [f"{size:,}: {name} indexed in {seconds} s." for name, seconds in indexed]
        notes += missing
    yield Table("Count and list of cases by words, four filters", _HEADER, rows, notes)


def _measured(
    size: int,
    rows: list[Row],
    first: dict[tuple[str, str], float],
    name: str,
    databases: Databases,
) -> Row:
    with databases.empty() as engine:
        migrate.upgrade(engine)
        seconds, who = _filled(engine, size)
        for kind, typed in _QUERIES.items():
            times = _times(engine, who, typed)
            worked = sorted(times.worked)[int(0.95 * (len(times.worked) - 1))]
            compared = ratio(worked / first.setdefault((name, kind), worked))
            met = "met" if times.p95 <= _BAR else "missed"
            by_clock = (ms(times.median), ms(times.p95))
            rows.append([name, f"{size:,}", kind, *by_clock, ms(worked), compared, met])
    return [name, f"{seconds:.1f}"]


def _filled(engine: Engine, size: int) -> tuple[float, Identity]:
    """Seconds that indexing took, and who will search."""
    with transaction(engine) as session:
        sync_standards(session, now=bench_now())
    generate(engine, size, now=bench_now())
    with transaction(engine) as session:
        make_user(session, MANAGER, Role.QUALITY_MANAGER)
        rare = range(7, size, size // 5)
        having = (Turn.interaction_id.in_(rare), Turn.position == 1)
        session.execute(update(Turn).where(*having).values(text=f"{_RARE}."))
    start = perf_counter()
    with transaction(engine) as session:
        reindex(session, lambda _done, _total: None)
    seconds = perf_counter() - start
    with reading(engine) as session:
        return seconds, identity(session, MANAGER)


def _times(engine: Engine, who: Identity, typed: Sequence[str]) -> Times:
    times = Times()
    for words, narrowed, _ in product(typed, _FILTERS, range(_REPEATS)):
        with reading(engine) as session, times.measured():
            wanted = CaseFilter(**vars(narrowed) | {"words": words})
            figures = summary(session, who, wanted, 60)
            cases(session, who, wanted, known=figures)
    return times
