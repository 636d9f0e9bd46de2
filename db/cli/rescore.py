"""Score every inspection again and store what comes out differently; can be interrupted."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import ProgressLine, say
from db.store import audit
from db.store.session import transaction
from db.upkeep.rescore import rescore


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    line = ProgressLine()
    with database.ready() as engine:
        tally = rescore(engine, lambda done, total: line.show(done / max(1, total), done))
        with transaction(engine) as session:
            audit.record(
                *(session, None, "rescore", ("inspections", "")),
                now=database.now(),
                read=tally.read,
                changed=tally.changed,
            )
    line.end()
    if tally.after:
        say(f"It went on after inspection {tally.after}, where a run had been interrupted.")
    say(f"{tally.read} inspections scored again, {tally.changed} scores changed.")
    if tally.changed:
        say("Findings and rollups follow with: python -m db rebuild")
    return 0
