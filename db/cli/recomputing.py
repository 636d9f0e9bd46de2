"""Doing anew, after an update, what is derived from what is stored."""

from __future__ import annotations

from argparse import Namespace

from core.jobs import kinds
from core.jobs.kinds import JobKind
from db.cli import database
from db.cli.command import Command, ProgressLine, say
from db.safekeeping.nightly_duties import Counts
from db.store.config import load_settings
from db.upkeep.recomputing import recompute_here


def run_rebuild(_args: Namespace) -> int:
    """Compute findings and rollups anew from the inspections, and index every transcript anew."""
    counts = _recomputed(kinds.REBUILD)
    say(f"{counts['read']} inspections read, every derived figure computed anew.")
    return 0


def run_rescore(_args: Namespace) -> int:
    """Score every inspection again and store what comes out differently; can be interrupted."""
    counts = _recomputed(kinds.RESCORE)
    if counts["after"]:
        say(f"It went on after inspection {counts['after']}, where a run had been interrupted.")
    say(f"{counts['read']} inspections scored again, {counts['changed']} scores changed.")
    if counts["changed"]:
        say("Findings and rollups follow with: python -m db rebuild")
    return 0


def run_remask(_args: Namespace) -> int:
    """Mask stored texts again, after an update brought new rules."""
    counts = _recomputed(kinds.REMASK)
    say(
        f"{counts['read']} encounters and {counts['texts']} other texts read, "
        f"{counts['hidden']} stretches hidden besides."
    )
    return 0


def _recomputed(kind: JobKind) -> Counts:
    """Do it here, as a job that the portal lists; what came of it."""
    line = ProgressLine()
    with database.ready() as engine:
        counts = recompute_here(
            kind,
            engine,
            load_settings(),
            clock=database.now,
            show=lambda done, total: line.show(done / max(1, total), done),
        )
    line.end()
    return counts


COMMANDS = {
    "rebuild": Command(run_rebuild),
    "rescore": Command(run_rescore),
    "remask": Command(run_remask),
}
