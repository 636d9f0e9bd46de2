"""Doing anew, after an update, what is derived from what is stored."""

from __future__ import annotations

from argparse import Namespace

from db.cli import database
from db.cli.command import Command, ProgressLine, say
from db.encounters.search_index import reindex
from db.safekeeping.remasking import remask
from db.store import audit
from db.store.session import transaction
from db.upkeep.rebuild import rebuild
from db.upkeep.rescore import rescore


def run_rebuild(_args: Namespace) -> int:
    """Compute findings and rollups anew from the inspections, and index every transcript anew."""
    line = ProgressLine()
    with database.ready() as engine, transaction(engine) as session:
        count = rebuild(session, lambda done, total: line.show(done / max(1, total), done))
        reindex(session, lambda done, total: line.show(done / max(1, total), done))
        audit.record(session, None, "rebuild", ("rollups", ""), now=database.now(), read=count)
    line.end()
    say(f"{count} inspections read, every derived figure computed anew.")
    return 0


def run_rescore(_args: Namespace) -> int:
    """Score every inspection again and store what comes out differently; can be interrupted."""
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


def run_remask(_args: Namespace) -> int:
    """Mask stored texts again, after an update brought new rules."""
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


COMMANDS = {
    "rebuild": Command(run_rebuild),
    "rescore": Command(run_rescore),
    "remask": Command(run_remask),
}
