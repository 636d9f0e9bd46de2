"""Backups and restores beside what is there already, vanishes, or goes on at the same time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import InvalidInput
from core.settings import Settings
from db.safekeeping.backups import archive
from db.safekeeping.backups.backup import backup
from db.safekeeping.backups.restore import restore
from db.store.files import FolderFiles
from tests.support.databases import sqlite_only

pytestmark = sqlite_only


@pytest.fixture
def settings(world, tmp_path):
    """Of the portal that is saved, with a recording."""
    settings = Settings(database_url=str(world.seeded.engine.url), var_dir=tmp_path / "var")
    (settings.var_dir / "recordings").mkdir(parents=True)
    (settings.var_dir / "recordings" / "call.wav").write_bytes(b"sound")
    return settings


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_what_a_crashed_database_left_beside_it_is_not_read_into_the_restored_one(
    world, settings, tmp_path, ending
):
    """Its file was removed, its log was not; SQLite would put the log's pages over the backup's."""
    made = backup(world.seeded.engine, settings, tmp_path / "backups")
    target = tmp_path / "new.db"
    elsewhere = Settings(database_url=f"sqlite:///{target}", var_dir=tmp_path / "new")
    target.with_name(target.name + ending).write_bytes(b"pages")
    with pytest.raises(InvalidInput, match=f"{ending} exists already"):
        restore(elsewhere, made.folder)
    assert not target.exists()


def test_what_vanishes_while_it_is_saved_was_not_needed(world, settings, tmp_path, monkeypatch):
    """As a photo does whose draft is discarded."""
    opened = FolderFiles.open

    def vanishing(files, key):
        if key.name == "call.wav":
            files.remove([key])
        return opened(files, key)

    monkeypatch.setattr(FolderFiles, "open", vanishing)
    made = backup(world.seeded.engine, settings, tmp_path / "backups")
    archive.check(made)
    assert not any("recordings" in name for name in made.manifest.digests)


def test_a_backup_leaves_another_alone_that_still_goes_on(world, settings, tmp_path):
    going_on = archive.begin(tmp_path / "backups", datetime.now(UTC))
    backup(world.seeded.engine, settings, tmp_path / "backups")
    assert going_on.exists()
