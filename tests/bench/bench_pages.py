"""Server time of a rerun of the main pages, run in this process with a person signed in.

Nothing is subtracted: an empty page is measured beside them, and the sizes take turns.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from core.settings import Settings
from db.inspection.models import Finding, Inspection
from db.results.queries import rankings, stations
from db.results.queries.data_version import data_version
from db.results.services.rankings import compute_ranking
from db.store.session import reading
from db.upkeep import jobs
from pages.ui.kit import auth, cached_figures, wiring
from tests.bench import data
from tests.bench.report import Table, Times, ms, ratio
from tests.support.requirements import ROOT

REPEATS = 15
FIRSTS = 5
BAR = 60.0
PAGES = ("stations", "station", "network", "inspectors", "cases", "case", "my_work")
EMPTY = "empty page"


@dataclass(frozen=True)
class Subject:
    """A portal of one size: its data, who looks, and at which station and case."""

    size: int
    engine: Engine
    settings: Settings
    tokens: dict[str, str]
    station: int
    case: int

    def query(self, page: str) -> dict[str, str]:
        asked = {"station": ("station", self.station), "case": ("id", self.case)}
        return {asked[page][0]: str(asked[page][1])} if page in asked else {}


def run(sizes: tuple[int, ...]) -> Iterator[Table]:
    with ExitStack() as stack:
        place = stack.enter_context(data.folder())
        subjects = [stack.enter_context(subject(place, size)) for size in sizes]
        for each in subjects:
            rank(each)
        gc.collect()
        gc.freeze()  # as the server does when it starts
        stack.callback(gc.unfreeze)
        found = {page: _measured(page, subjects) for page in (EMPTY, *PAGES)}
    again = {page: [times.again for times in by_size] for page, by_size in found.items()}
    first = {page: [times.first for times in by_size] for page, by_size in found.items()}
    yield _table(f"rerun, median of {REPEATS}", sizes, again)
    yield _table(f"first run after a submission, median of {FIRSTS}", sizes, first)


@contextmanager
def subject(place: Path, size: int) -> Iterator[Subject]:
    with data.database(place, size) as engine, reading(engine) as session:
        found = select(Inspection.station_id, Inspection.id)
        finding = select(Finding.inspection_id).where(Finding.points_lost > 0).limit(1)
        station, case = session.execute(found.where(Inspection.id.in_(finding))).one()
        session.rollback()
        tokens = {name: data.token(engine, name) for name in (data.MANAGER, data.INSPECTOR)}
        url = engine.url.render_as_string(hide_password=False)
        var_dir = place / f"var-{size}"
        var_dir.mkdir(exist_ok=True)
        settings = Settings(database_url=url, var_dir=var_dir)
        yield Subject(size, engine, settings, tokens, station, case)


@contextmanager
def looking(at: Subject, name: str) -> Iterator[None]:
    """The pages' wiring and identity, pointed at one portal and person."""
    with (
        patch.object(wiring, "engine", lambda: at.engine),
        patch.object(wiring, "settings", lambda: at.settings),
        patch.object(auth, "session_token", lambda: at.tokens[name]),
    ):
        yield


def rank(at: Subject) -> None:
    """Compute the rankings that the worker would otherwise compute meanwhile."""
    with reading(at.engine) as session:
        version = data_version(session)
        missing = [
            part
            for part in jobs._standard(stations.covered(session))
            if (found := rankings.snapshot(session, part)) is None or found.version != version
        ]
    for part in missing:
        compute_ranking(at.engine, part, now=wiring.now())


@dataclass
class _Taken:
    again: Times
    first: Times


def _measured(page: str, subjects: list[Subject]) -> list[_Taken]:
    name = data.INSPECTOR if page == "my_work" else data.MANAGER
    apps, taken = [], [_Taken(Times(), Times()) for _ in subjects]
    for each in subjects:
        with looking(each, name):
            apps.append(opened(page, each))
    for number in range(FIRSTS + REPEATS):
        for each, app, times in zip(subjects, apps, taken, strict=True):
            if number < FIRSTS:
                cached_figures._read.cache_clear()
            with looking(each, name), (times.first if number < FIRSTS else times.again).measured():
                app.run()
            assert not app.exception, app.exception
    return taken


def opened(page: str, at: Subject) -> AppTest:
    if page == EMPTY:
        return AppTest.from_string("import streamlit as st\nst.title('empty')").run()
    app = AppTest.from_file(ROOT / "pages/portal.py", default_timeout=120).run()
    app.switch_page(f"{page}.py")
    for key, value in at.query(page).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def _table(what: str, sizes: tuple[int, ...], found: dict[str, list[Times]]) -> Table:
    rows = []
    for page, by_size in found.items():
        worked = [statistics.median(times.worked) for times in by_size]
        shown = [
            f"{ms(times.median)} ({ms(own)})" for times, own in zip(by_size, worked, strict=True)
        ]
        rows.append([page, *shown, ratio(max(worked) / min(worked)), f"{BAR:.0f}"])
    return Table(
        f"Server time of a page in ms, {what}: by the clock (of the processor)",
        ("page", *(f"{size:,}" for size in sizes), "processor: largest / smallest", "bar"),
        rows,
    )
