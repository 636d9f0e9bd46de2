"""Recordings in: `python -m db import recordings FOLDER|ZIP`."""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from pathlib import Path

from db.cli import database
from db.cli.command import complain, say
from db.importing.recordings.sound_files import delivery
from db.importing.recordings.taking_in import TakenIn, TakingOrder, take_in
from db.store.config import load_settings
from db.store.files import files_of

KIND = "recordings"
_SHOWN = 20


def import_recordings(args: Namespace) -> int:
    """Take in recordings, say which files are refused and which encounters still lack theirs."""
    with database.ready() as engine, delivery(args.file) as delivered:
        taken = take_in(
            engine,
            files_of(load_settings()),
            TakingOrder(delivered, dry=args.dry_run),
            who=None,
            clock=database.now,
        )
    for refused in taken.refused[:_SHOWN]:
        complain(f"{refused.name}: {refused.reason}")
    if (more := len(taken.refused) - _SHOWN) > 0:
        complain(f"... and {more} more refused files" + ("" if args.refused else "; see --refused"))
    if args.refused:
        _write_refused(taken, args.refused)
    for lacking in taken.lacking[:_SHOWN]:
        complain(f"still lacks its recording: {lacking.source} {lacking.external_id}")
    if (more := len(taken.lacking) - _SHOWN) > 0:
        complain(f"... and {more} more encounters")
    counts = {name: getattr(taken, name) for name in ("added", "replaced", "unchanged")}
    lists = {"refused": len(taken.refused), "lacking": len(taken.lacking)}
    say(json.dumps(counts | lists))
    if not taken.refused:
        return 0
    return 1 if any(counts.values()) else 2


def _write_refused(taken: TakenIn, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "reason"))
        writer.writerows((refused.name, str(refused.reason)) for refused in taken.refused)
    complain(f"Refused files with reasons: {path}")
