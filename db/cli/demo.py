"""Load the demo into an empty database and print its accounts."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import say
from db.store.config import load_settings
from db.upkeep import prepare


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    with database.opened() as engine:
        accounts = prepare.load_demo(engine, load_settings())
    say(prepare.account_table(accounts))
    return 0
