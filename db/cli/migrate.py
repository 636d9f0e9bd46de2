"""Bring the database up to date."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import say
from db.migrations import migrate


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    with database.opened() as engine:
        changed = migrate.bring_up_to_date(engine)
    say(f"The database {'has been brought' if changed else 'is'} up to date.")
    return 0
