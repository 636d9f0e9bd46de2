"""Give out or erase what is stored of a customer or a member of staff."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.access import Identity, Role
from core.errors import InvalidInput
from db.cli import database
from db.cli.output import say
from db.safekeeping import erasure_traces
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.safekeeping.services.erasure import Erased, erase_customer, erase_staff
from db.store.config import load_settings
from db.store.keys import Keys
from db.store.session import Session, transaction

_OPERATOR = Identity(
    user_id=0, username="operator", name="Operator", roles=frozenset({Role.ADMINISTRATOR})
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("deed", choices=["export", "erase", "repeat"])
    parser.add_argument("kind", nargs="?", choices=["customer", "staff"])
    parser.add_argument("reference", nargs="?", help="customer_ref of the imports, or staff number")
    parser.add_argument("--reason", default="", help="who asked, and when; it is kept in the log")
    parser.add_argument("--file", type=Path, help="where an export goes, as JSON")
    parser.epilog = "repeat: erase again, after a restore, what had been erased since the backup"


def run(args: Namespace) -> int:
    if args.deed == "repeat":
        return _repeat()
    if not args.kind or not args.reference:
        raise InvalidInput("Say of whom: customer or staff, and the reference.")
    return _erase(args) if args.deed == "erase" else _export(args)


def _repeat() -> int:
    with database.ready() as engine:
        done = erasure_traces.repeat(engine, load_settings(), now=database.now())
    say(f"{done} persons erased again.")
    return 0


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
