"""Work in the background: rankings on demand and, once a while, those that fell behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import PurePath

from huey import SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy import Engine

from core.periods import around
from core.settings import Settings
from db.inspection.services import photos
from db.results.queries import rankings, stations
from db.results.queries.data_version import data_version
from db.results.queries.stations import Slice
from db.results.services.rankings import compute_ranking, request_ranking
from db.safekeeping import nightly_duties
from db.store import session as sessions
from db.store.files import FileKind, files_of
from db.training.services.effects import refresh_effects

DEBOUNCE_SECONDS = 10
"""Submissions of this long are gathered before a ranking is computed anew."""
_OLD = timedelta(minutes=10)
_A_DAY = timedelta(days=1)
_STANDARD_LENGTHS = (1, 3, 12)


class Jobs:
    """The queue, seen from who asks and from who works; both name the same settings."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        settings.var_dir.mkdir(parents=True, exist_ok=True)
        self._engine = engine
        self._huey = SqliteHuey("portal", filename=str(settings.var_dir / "jobs.db"), results=False)
        self._compute = self._huey.task(name="compute_ranking")(self.compute)
        self._huey.periodic_task(crontab(), name="refresh_rankings")(self.refresh)
        self._huey.periodic_task(crontab(minute="41"), name="refresh_effects")(self.refresh_effects)
        self._files = files_of(settings)
        self._huey.periodic_task(crontab(minute="17"), name="drop_photos")(self.drop_photos)
        nightly_duties.register(self._huey, settings, engine)

    def ask_for_ranking(self, slice_: Slice, *, now: datetime, delay: int = 0) -> None:
        """Have a ranking computed, unless that is under way."""
        with sessions.transaction(self._engine) as session:
            is_new = request_ranking(session, slice_, now=now)
        if is_new:
            self._compute.schedule(args=(slice_,), delay=delay)

    def work(self) -> None:
        """Work off the queue until told to stop by a signal."""
        Consumer(self._huey, workers=1, max_delay=1.0).run()

    def compute(self, slice_: Slice) -> None:
        compute_ranking(self._engine, slice_, now=datetime.now(UTC))

    def refresh_effects(self) -> None:
        """Compute the effects of trainings that are missing or a day behind."""
        with sessions.transaction(self._engine) as session:
            refresh_effects(session, now=datetime.now(UTC))

    def refresh(self) -> None:
        """Ask for every standard ranking that is missing, or behind and old."""
        now = datetime.now(UTC)
        with sessions.reading(self._engine) as session:
            version = data_version(session)
            behind = []
            for slice_ in _standard(stations.covered(session)):
                ranking = rankings.snapshot(session, slice_)
                if ranking is None or (
                    ranking.version != version and now - ranking.computed_at > _OLD
                ):
                    behind.append(slice_)
        for slice_ in behind:
            self.ask_for_ranking(slice_, now=now)

    def drop_photos(self, now: datetime | None = None) -> None:
        """Remove photos that no evidence shows, and files that were never taken up."""
        before = (now or datetime.now(UTC)) - _A_DAY
        with sessions.transaction(self._engine) as session:
            lost = photos.drop_lost(session, before=before)
        self._files.remove(map(photos.photo_file, lost))
        stored = self._files.list(FileKind.PHOTOS)
        old = {PurePath(file.key.name).stem for file in stored if file.written_at < before}
        with sessions.reading(self._engine) as session:
            unknown = photos.unknown(session, old)
        self._files.remove(map(photos.photo_file, unknown))


def _standard(covered: tuple[stations.Covered, ...]) -> list[Slice]:
    """The newest month, quarter and year of every checklist's random sample."""
    newest: dict[int, int] = {}
    for row in covered:
        if row.sample_class == "random":
            newest[row.checklist_id] = max(row.last, newest.get(row.checklist_id, 0))
    return [
        Slice(around(last, length), checklist, sample_class="random")
        for checklist, last in newest.items()
        for length in _STANDARD_LENGTHS
    ]
