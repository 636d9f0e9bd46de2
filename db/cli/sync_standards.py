"""Bring the shipped standards and checklists into the database."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.checklists.services.standards import sync_standards
from db.cli import database
from db.cli.output import say
from db.store.session import transaction


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    with database.ready() as engine, transaction(engine) as session:
        synced = sync_standards(session, now=database.now())
    say(
        f"{synced.items} items written, {synced.checklists} checklists new, "
        f"{synced.versions} versions new or changed."
    )
    return 0
