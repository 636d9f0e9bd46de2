"""Compute findings and rollups anew from the inspections, and index every transcript anew."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import ProgressLine, say
from db.encounters.search_index import reindex
from db.store import audit
from db.store.session import transaction
from db.upkeep.rebuild import rebuild


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes none."""


def run(_args: Namespace) -> int:
    line = ProgressLine()
    with database.ready() as engine, transaction(engine) as session:
        count = rebuild(session, lambda done, total: line.show(done / max(1, total), done))
        reindex(session, lambda done, total: line.show(done / max(1, total), done))
        audit.record(session, None, "rebuild", ("rollups", ""), now=database.now(), read=count)
    line.end()
    say(f"{count} inspections read, every derived figure computed anew.")
    return 0
