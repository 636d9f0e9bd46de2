"""Backups of a portal in use come back as it was, on both databases."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.errors import InvalidInput
from core.safekeeping.retention import backups_to_keep
from core.settings import Settings
from db.__main__ import main
from db.inspection.models import Inspection
from db.inspection.services.drafts import Work
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.migrations import migrate
from db.safekeeping.backups import archive
from db.safekeeping.backups.backup import backup
from db.safekeeping.backups.dumps import DumpFailed
from db.safekeeping.backups.restore import has_right_key, restore, try_restore
from db.safekeeping.models import BackupRun
from db.sign_in.models import LoginSession
from db.store.keys import load_keys
from db.store.session import make_engine
from tests.factories import Seeded
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import PIN, World, answers
from tests.support.sign_in.sessions import session_token

pytestmark = pytest.mark.both

WRITERS, TASKS = 3, 24


@pytest.fixture
def settings(world, tmp_path):
    """Of the portal that is saved, with a key and a recording."""
    settings = Settings(database_url=url_of(world.seeded.engine), var_dir=tmp_path / "var")
    load_keys(settings.var_dir)
    (settings.var_dir / "recordings").mkdir()
    (settings.var_dir / "recordings" / "call.wav").write_bytes(b"sound")
    return settings


@pytest.fixture
def elsewhere(databases, tmp_path):
    """An empty database and folder to restore into."""
    url = databases.create()
    engine = make_engine(url)
    engine.dispose()
    yield Settings(database_url=url, var_dir=tmp_path / "new")
    databases.drop(url)


def url_of(engine):
    return engine.url.render_as_string(hide_password=False)


def test_under_load_exactly_what_was_acknowledged_comes_back(world, settings, elsewhere, tmp_path):
    tasks = [world.assigned() for _ in range(TASKS)]
    begun, acknowledged, saved = set(), {}, threading.Event()

    def work(share):
        for task in share:
            begun.add(task)
            entered = Work(answers(FAST={"value": "no"}), [PIN])
            world.do(submit, world.alice, task=ASSIGNED.task(task), version=0, work=entered)
            acknowledged[task] = saved.is_set()
            if saved.is_set():
                return

    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(work, tasks[number::WRITERS]) for number in range(WRITERS)]
        while len(acknowledged) < WRITERS:
            pass
        before = set(acknowledged)
        made = backup(world.seeded.engine, settings, tmp_path / "backups")
        later = set(begun)
        saved.set()
        [each.result() for each in running]
    restore(elsewhere, made.folder)
    with restored(elsewhere, world) as copy:
        stored = [row.assignment_id for row in copy.all(Inspection.assignment_id)]
        assert before <= set(stored) <= later
        assert len(stored) == len(set(stored))
        assert copy.derived() == copy.rebuilt()
        assert made.manifest.rows["inspection"] == len(stored)
    assert (elsewhere.var_dir / "recordings" / "call.wav").read_bytes() == b"sound"


@sqlite_only
def test_a_backup_opens_nothing_without_the_key_which_it_leaves_out(
    world, settings, elsewhere, tmp_path
):
    made = backup(world.seeded.engine, settings, tmp_path / "backups")
    assert not [path for path in made.folder.rglob("*") if "key" in path.name]
    restore(elsewhere, made.folder)
    assert not has_right_key(elsewhere, made)
    with_key = backup(world.seeded.engine, settings, tmp_path / "backups", with_key=True)
    assert (with_key.folder / "files/keys/portal.key").exists()


@sqlite_only
def test_who_was_signed_in_signs_in_again_after_a_restore(world, settings, elsewhere, tmp_path):
    with world.seeded.transaction() as session:
        session_token(session, "alice", now=NOW)
    made = backup(world.seeded.engine, settings, tmp_path / "backups")
    restore(elsewhere, made.folder)
    with restored(elsewhere, world) as copy:
        assert copy.all(LoginSession.id)
        assert all(row.revoked_at for row in copy.all(LoginSession.revoked_at))


def test_only_an_empty_place_is_restored_into(world, settings, elsewhere, tmp_path):
    made = backup(world.seeded.engine, settings, tmp_path / "backups")
    with pytest.raises(InvalidInput, match="exists already"):
        restore(settings, made.folder)
    (settings.var_dir / "recordings" / "call.wav").unlink()
    with pytest.raises(InvalidInput, match="not empty"):
        restore(settings, made.folder)


@sqlite_only
@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_a_backup_that_was_harmed_is_refused(world, settings, elsewhere, tmp_path, harm):
    made = backup(world.seeded.engine, settings, tmp_path / "backups")
    path = made.folder / "files/recordings/call.wav"
    path.unlink() if harm == "gone" else path.write_bytes(b"soun")
    with pytest.raises(InvalidInput, match=r"call\.wav in the backup"):
        restore(elsewhere, made.folder)
    engine = make_engine(elsewhere.database_url)
    assert migrate.revision(engine) is None
    engine.dispose()


def test_the_newest_backup_is_tried_out_and_the_outcome_noted(world, settings, tmp_path):
    place = tmp_path / "backups"
    with pytest.raises(InvalidInput, match="no backup"):
        try_restore(world.seeded.engine, settings, place)
    made = backup(world.seeded.engine, settings, place)
    assert try_restore(world.seeded.engine, settings, place).folder == made.folder
    lie = json.loads((made.folder / "manifest.json").read_text())
    lie["rows"]["turn"] += 1
    (made.folder / "manifest.json").write_text(json.dumps(lie))
    with pytest.raises(InvalidInput, match="turn"):
        try_restore(world.seeded.engine, settings, place)
    rows = world.all(BackupRun.kind, BackupRun.problem)
    assert [(kind, bool(problem)) for kind, problem in rows] == [
        ("restore_test", True),
        ("backup", False),
        ("restore_test", False),
        ("restore_test", True),
    ]


@sqlite_only
def test_a_backup_that_fails_leaves_nothing_and_is_noted(world, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("db.safekeeping.backups.dumps.save", failing)
    with pytest.raises(DumpFailed):
        backup(world.seeded.engine, settings, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []
    assert world.all(BackupRun.problem) == [("The disk is full.",)]


def failing(_engine, _folder):
    raise DumpFailed("The disk is full.")


def test_days_weeks_and_months_are_kept():
    """Two a day for 500 days: 7 days, 4 weeks, 12 months, some of them the same backup."""
    newest = datetime(2026, 3, 16, 20, tzinfo=UTC)
    made = [newest - timedelta(hours=12 * step) for step in range(1000)]
    found = backups_to_keep(made)
    expected_days = {newest - timedelta(days=back) for back in range(7)}
    sundays = {datetime(2026, 3, day, 20, tzinfo=UTC) for day in (15, 8, 1)}
    assert expected_days | sundays <= found
    assert len({(at.year, at.month) for at in found}) == 12
    assert len(found) == 7 + 2 + 11  # 16 March is also its week's and month's newest
    assert min(found) == datetime(2025, 4, 30, 20, tzinfo=UTC)
    assert backups_to_keep([]) == frozenset()


@sqlite_only
def test_backups_beyond_the_rotation_and_unfinished_ones_are_removed(world, settings, tmp_path):
    place = tmp_path / "backups"
    made = backup(world.seeded.engine, settings, place)
    (place / "20200101T000000000000Z.part").mkdir()
    again = backup(world.seeded.engine, settings, place)
    assert [each.folder for each in archive.archives(place)] == [again.folder]
    assert sorted(path.name for path in place.iterdir()) == [again.folder.name]
    assert made.folder != again.folder


def test_the_commands_save_try_and_bring_back(world, settings, elsewhere, monkeypatch, capsys):
    use(monkeypatch, settings)
    assert main(["backup"]) == 0
    (made,) = archive.archives(settings.backups)
    assert str(made.folder) in capsys.readouterr().out
    assert main(["test-restore"]) == 0
    use(monkeypatch, elsewhere)
    assert main(["restore", str(made.folder)]) == 0
    told = capsys.readouterr()
    assert "is not the key" in told.err
    assert "Restored as of" in told.out
    assert main(["restore", str(made.folder / "files")]) == 2
    assert "not a finished backup" in capsys.readouterr().err


@sqlite_only
def test_the_note_of_a_backup_is_written_after_it(world, settings, tmp_path):
    made = backup(world.seeded.engine, settings, tmp_path / "backups")
    assert made.manifest.rows["backup_run"] == 0
    assert world.one(lambda session: session.scalar(select(BackupRun.size))) == made.size


def use(monkeypatch, settings):
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))


class restored:  # noqa: N801  read as a word: with restored(...)
    """The restored database, looked at with the same short names."""

    def __init__(self, settings, world):
        self.engine = make_engine(settings.database_url)
        self.copy = object.__new__(World)
        values = {**vars(world.seeded), "engine": self.engine}
        self.copy.__dict__.update(vars(world) | {"seeded": Seeded(**values)})

    def __enter__(self):
        return self.copy

    def __exit__(self, *_exception):
        self.engine.dispose()
