"""Save database and files while the portal is in use."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from db.cli import database
from db.cli.output import say
from db.safekeeping.backups.backup import backup
from db.store.config import load_settings


def add_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        f"{(__doc__ or '').splitlines()[0]} The newest of the last 7 days, 4 weeks and 12 months"
        " are kept. The key stays out, so that a backup in wrong hands opens nothing: keep"
        " VAR_DIR/keys somewhere else."
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="instead of BACKUP_DIR")
    parser.add_argument("--with-key", action="store_true", help="put the key in as well")


def run(args: Namespace) -> int:
    settings = load_settings()
    with database.migrated() as engine:
        made = backup(engine, settings, args.to or settings.backups, with_key=args.with_key)
    say(f"{made.folder}: {sum(made.manifest.rows.values())} rows, {made.size} bytes")
    return 0
