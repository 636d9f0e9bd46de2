"""Write inspections to a file that can be imported again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.errors import InvalidInput
from db.cli import database
from db.cli.output import say
from db.inspection import exporting
from db.store import audit
from db.store.session import reading, transaction

_WRITERS = {".jsonl": exporting.write_jsonl, ".csv": exporting.write_csv}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("kind", choices=["inspections"], help="what to export")
    parser.add_argument("file", type=Path, help="the new file, ending in .jsonl or .csv")


def run(args: Namespace) -> int:
    write = _WRITERS.get(args.file.suffix.lower())
    if write is None:
        raise InvalidInput("The file name must end in .jsonl or .csv.")
    with database.ready() as engine:
        with args.file.open("w", encoding="utf-8", newline="") as file, reading(engine) as session:
            count = write(file, exporting.inspections(session))
        with transaction(engine) as session:
            subject = ("inspection", "")
            audit.record(session, None, "export", subject, now=database.now(), written=count)
    say(f"{count} inspections written to {args.file}")
    return 0
