"""Check the audit log against its seals and checkpoints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import complain, say
from db.safekeeping.database_key import take_over
from db.safekeeping.queries.seals import note_verdict
from db.safekeeping.sealing import Sealer, checkpoints
from db.safekeeping.verifying import verify
from db.store.config import load_settings
from db.store.session import reading, transaction


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seal", action="store_true", help="seal what is new first")


def run(args: Namespace) -> int:
    var_dir = load_settings().var_dir
    with database.migrated() as engine:
        if args.seal:
            keys = take_over(engine, var_dir)
            Sealer(engine, keys, var_dir).seal(now=database.now())
        else:
            keys = database.keys(engine)
        with reading(engine) as session:
            verdict = verify(session, keys, checkpoints(var_dir))
        with transaction(engine) as session:
            note_verdict(session, verdict, now=database.now())
    for finding in verdict.findings:
        complain(f"entries {finding.first} to {finding.last}: {finding.sentence}")
    say(
        f"{verdict.entries} sealed entries in {verdict.seals} batches read, "
        f"{verdict.unsealed} not yet sealed, {verdict.pruned} removed after their time: "
        + ("all as sealed." if verdict.is_whole else f"{len(verdict.findings)} findings.")
    )
    return 0 if verdict.is_whole else 1
