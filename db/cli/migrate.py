"""Bring the database up to date."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db import migrate
from db.cli import database
from db.cli.output import say


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    with database.opened() as engine:
        if migrate.is_current(engine):
            say("The database is up to date.")
        else:
            migrate.upgrade(engine)
            say("The database has been brought up to date.")
    return 0
