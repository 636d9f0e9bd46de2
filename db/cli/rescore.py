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
        found = rescore(engine, lambda done, total: line.show(done / max(1, total), done))
        with transaction(engine) as session:
            audit.record(
                *(session, None, "rescore", ("inspections", "")),
                now=database.now(),
                read=found.read,
                changed=found.changed,
            )
    line.end()
    if found.after:
        say(f"It went on after inspection {found.after}, where a run had been interrupted.")
    say(f"{found.read} inspections scored again, {found.changed} scores changed.")
    if found.changed:
        say("Findings and rollups follow with: python -m db rebuild")
    return 0
