"""Bring a backup back into an empty database and folder."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from db.cli.output import complain, say
from db.safekeeping.backups.restore import has_right_key, restore
from db.store.config import load_settings
from db.store.keys import key_file


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a finished backup")


def run(args: Namespace) -> int:
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
