"""Backups: saving one, bringing it back, trying whether that would work."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from db.cli import database
from db.cli.command import Command, complain, say
from db.safekeeping.backups.backup import backup
from db.safekeeping.backups.restore import has_right_key, restore, try_restore
from db.store.config import load_settings
from db.store.keys import key_file


def _backup_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        f"{parser.description} The newest of the last 7 days, 4 weeks and 12 months"
        " are kept. The key stays out, so that a backup in wrong hands opens nothing: keep"
        " VAR_DIR/keys somewhere else."
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="instead of BACKUP_DIR")
    parser.add_argument("--with-key", action="store_true", help="put the key in as well")


def run_backup(args: Namespace) -> int:
    """Save database and files while the portal is in use."""
    settings = load_settings()
    with database.migrated() as engine:
        made = backup(engine, settings, args.to or settings.backups, with_key=args.with_key)
    say(f"{made.folder}: {sum(made.manifest.rows.values())} rows, {made.size} bytes")
    return 0


def _restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a finished backup")


def run_restore(args: Namespace) -> int:
    """Bring a backup back into an empty database and folder."""
    settings = load_settings()
    manifest = restore(settings, args.folder)
    if not has_right_key(settings, manifest):
        complain(
            f"{key_file(settings.var_dir)} is not the key this backup was made with: put the right"
            " one there before the portal starts."
        )
    complain("Erasures since then: python -m db person repeat (after the migration).")
    say(f"Restored as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC. Next: python -m db migrate")
    return 0


def _test_restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="place", type=Path, metavar="FOLDER", help="of BACKUP_DIR")


def run_test_restore(args: Namespace) -> int:
    """Restore the newest backup aside and compare it."""
    settings = load_settings()
    with database.ready() as engine:
        trial = try_restore(engine, settings, args.place or settings.backups)
    say(f"{trial.folder.name} comes back whole: {sum(trial.manifest.rows.values())} rows.")
    return 0


COMMANDS = {
    "backup": Command(run_backup, _backup_arguments),
    "restore": Command(run_restore, _restore_arguments),
    "test-restore": Command(run_test_restore, _test_restore_arguments),
}
