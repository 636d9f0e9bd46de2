"""Mask stored texts again, after an update brought new rules."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import ProgressLine, say
from db.safekeeping.remasking import remask
from db.store import audit
from db.store.session import transaction


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    line = ProgressLine()
    with database.ready() as engine:
        done = remask(
            engine, database.keys(engine), lambda read, total: line.show(read / max(1, total), read)
        )
        with transaction(engine) as session:
            audit.record(
                session,
                None,
                "remask",
                ("interaction", ""),
                now=database.now(),
                read=done.read,
                texts=done.texts,
            )
    line.end()
    say(
        f"{done.read} encounters and {done.texts} other texts read, "
        f"{done.hidden} stretches hidden besides."
    )
    return 0
