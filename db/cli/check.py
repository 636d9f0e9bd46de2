"""Say whether the database is up to date and as the models describe it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import complain, say
from db.migrations import migrate


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    with database.migrated() as engine:
        differences = migrate.differences(engine)
    for difference in differences:
        complain(difference)
    if not differences:
        say("The database is up to date and as described.")
    return 1 if differences else 0
