"""Keys, personal data, times of keeping, and the proof of the audit log."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.access import Identity, Role
from core.errors import InvalidInput
from core.results.proof import written_keys
from db.cli import database
from db.cli.command import Command, ProgressLine, complain, say
from db.safekeeping import erasure_traces
from db.safekeeping.database_key import (
    begin_change,
    end_change,
    go_on,
    is_changing,
    take_over,
)
from db.safekeeping.key_rotation import check_all_open, renew
from db.safekeeping.log_sealing import Sealer, checkpoints
from db.safekeeping.log_verification import verify
from db.safekeeping.processing_record import as_json, as_markdown, processing_record
from db.safekeeping.queries.seals import note_verdict
from db.safekeeping.retention import retain
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.safekeeping.services.erasure import Erased, erase_customer, erase_staff
from db.store import audit
from db.store.config import load_settings
from db.store.files import files_of
from db.store.keys import Keys, key_file
from db.store.session import Session, reading, transaction

_OPERATOR = Identity(
    user_id=0, username="operator", name="Operator", roles=frozenset({Role.ADMINISTRATOR})
)


def _rotate_key_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        f"{parser.description} Stop the portal first, and save VAR_DIR/keys again"
        " afterwards. The older secrets stay in the file: seals are proven with them."
    )
    parser.add_argument(
        "--go-on", action="store_true", help="no new secret: finish a rotation that was cut off"
    )


def run_rotate_key(args: Namespace) -> int:
    """Make a new secret and encrypt everything anew with it."""
    settings, line = load_settings(), ProgressLine()
    with database.migrated() as engine:
        database.refuse_while_served(engine)
        take = go_on if args.go_on else take_over
        keys = take(engine, settings.var_dir)
        if args.go_on and not is_changing(engine):
            say("No change of key was cut off: there is nothing to finish, and the secret stays.")
            return 0
        check_all_open(engine, keys, key_file(settings.var_dir))
        keys = keys if args.go_on else begin_change(engine, settings.var_dir)
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


def _person_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("deed", choices=["export", "erase", "repeat"])
    parser.add_argument("kind", nargs="?", choices=["customer", "staff"])
    parser.add_argument("reference", nargs="?", help="customer_ref of the imports, or staff number")
    parser.add_argument("--reason", default="", help="who asked, and when; it is kept in the log")
    parser.add_argument("--file", type=Path, help="where an export goes, as JSON")
    parser.epilog = "repeat: erase again, after a restore, what had been erased since the backup"


def run_person(args: Namespace) -> int:
    """Give out or erase what is stored of a customer or a member of staff."""
    if args.deed == "repeat":
        with database.migrated() as engine:  # first by the pseudonyms that the backup has
            done = erasure_traces.repeat(engine, load_settings(), now=database.now())
        with database.ready() as engine:
            done += erasure_traces.repeat(engine, load_settings(), now=database.now())
        say(f"{done} persons erased again.")
        return 0
    if not args.kind or not args.reference:
        raise InvalidInput("Say of whom: customer or staff, and the reference.")
    return _erase(args) if args.deed == "erase" else _export(args)


def _erase(args: Namespace) -> int:
    with database.ready() as engine:
        with transaction(engine) as session:
            erasure_traces.burn(session)
            erased = _erased(session, database.keys(engine), args)
        erasure_traces.remove(engine, load_settings(), erased, now=database.now())
    say(f"Erased, with {erased.encounters} encounters and {len(erased.files)} files.")
    return 0


def _erased(session: Session, keys: Keys, args: Namespace) -> Erased:
    now = database.now()
    if args.kind == "customer":
        return erase_customer(
            session, keys, who=_OPERATOR, reference=args.reference, reason=args.reason, now=now
        )
    return erase_staff(
        session, keys, who=_OPERATOR, staff_no=args.reference, reason=args.reason, now=now
    )


def _export(args: Namespace) -> int:
    if args.file is None:
        raise InvalidInput("Say with --file where the export goes.")
    now = database.now()
    with database.ready() as engine, transaction(engine) as session:
        if args.kind == "customer":
            disclosure = disclose_customer(
                session,
                database.keys(engine),
                who=_OPERATOR,
                reference=args.reference,
                reason=args.reason,
                now=now,
            )
        else:
            disclosure = disclose_staff(
                session, who=_OPERATOR, staff_no=args.reference, reason=args.reason, now=now
            )
    args.file.write_text(json.dumps(disclosure, ensure_ascii=False, indent=1), encoding="utf-8")
    say(f"Written to {args.file}")
    return 0


def run_retain(_args: Namespace) -> int:
    """Remove what is over its time of keeping; the worker does it every night."""
    with database.ready() as engine:
        removed = retain(engine, load_settings(), now=database.now())
    say(", ".join(f"{kind}: {count}" for kind, count in removed.items()))
    return 0


def _verify_audit_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seal", action="store_true", help="seal what is new first")


def run_verify_audit(args: Namespace) -> int:
    """Check the audit log against its seals and checkpoints."""
    settings = load_settings()
    files = files_of(settings)
    with database.migrated() as engine:
        if args.seal:
            keys = take_over(engine, settings.var_dir)
            Sealer(engine, keys, files).seal(now=database.now())
        else:
            keys = database.keys(engine)
        with reading(engine) as session:
            verdict = verify(session, keys, checkpoints(files))
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


def run_result_keys(_args: Namespace) -> int:
    """Print the public keys that prove downloaded results, today's first, as PEM."""
    with database.migrated() as engine:
        keys = take_over(engine, load_settings().var_dir)
    say(written_keys(keys.signing_keys_ever()).rstrip())
    return 0


def _processing_record_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs, one list of activities")


def run_processing_record(args: Namespace) -> int:
    """Print what the portal processes about people, why, how long, and who reads it."""
    with database.ready() as engine, reading(engine) as session:
        record = processing_record(session)
    if args.json:
        say(json.dumps(as_json(record), ensure_ascii=False, indent=2))
    else:
        say(as_markdown(record))
    return 0


COMMANDS = {
    "processing-record": Command(run_processing_record, _processing_record_arguments),
    "result-keys": Command(run_result_keys),
    "rotate-key": Command(run_rotate_key, _rotate_key_arguments),
    "person": Command(run_person, _person_arguments),
    "retain": Command(run_retain),
    "verify-audit": Command(run_verify_audit, _verify_audit_arguments),
}
