"""Remove what is over its time of keeping; the worker does it every night."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import say
from db.safekeeping.retention import retain
from db.store.config import load_settings


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    with database.ready() as engine:
        removed = retain(engine, load_settings(), now=database.now())
    say(", ".join(f"{kind}: {count}" for kind, count in removed.items()))
    return 0
