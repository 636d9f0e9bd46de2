"""Make a new secret and encrypt everything anew with it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.output import ProgressLine, say
from db.safekeeping.database_key import begin_change, end_change, go_on
from db.safekeeping.key_rotation import renew
from db.store import audit
from db.store.config import load_settings
from db.store.session import transaction


def add_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        f"{(__doc__ or '').splitlines()[0]} Stop the portal first, and save VAR_DIR/keys again"
        " afterwards. The older secrets stay in the file: seals are proven with them."
    )
    parser.add_argument(
        "--go-on", action="store_true", help="no new secret: finish a rotation that was cut off"
    )


def run(args: Namespace) -> int:
    var_dir = load_settings().var_dir
    line = ProgressLine()
    with database.migrated() as engine:
        keys = go_on(engine, var_dir) if args.go_on else begin_change(engine, var_dir)
        done = renew(engine, keys, lambda count: line.show(0, count))
        with transaction(engine) as session:
            end_change(session, keys)
            subject = ("key", keys.id)
            audit.record(
                session,
                None,
                "rotate",
                subject,
                now=database.now(),
                spans=done.spans,
                customers=done.customers,
            )
    line.end()
    say(f"{done.spans} clear values encrypted anew, {done.customers} customers renamed.")
    return 0
