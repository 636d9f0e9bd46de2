"""Restore the newest backup aside and compare it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from db.cli import database
from db.cli.output import say
from db.safekeeping.backups.restore import try_restore
from db.store.config import load_settings


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="place", type=Path, metavar="FOLDER", help="of BACKUP_DIR")


def run(args: Namespace) -> int:
    settings = load_settings()
    with database.ready() as engine:
        trial = try_restore(engine, settings, args.place or settings.backups)
    say(f"{trial.folder.name} comes back whole: {sum(trial.manifest.rows.values())} rows.")
    return 0
