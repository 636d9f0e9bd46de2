"""Files in and out: importing rows, exporting inspections."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from dataclasses import asdict
from pathlib import Path

from core.errors import InvalidInput
from db.cli import database
from db.cli.command import Command, ProgressLine, complain, say
from db.importing.import_run import ImportResult, Order, run_import
from db.importing.journal import RowCounts
from db.importing.kind_registry import KINDS, columns_of
from db.importing.turns import columns as turn_columns
from db.inspection import inspection_export
from db.store import audit
from db.store.session import reading, transaction
from db.tabular.columns import FileColumn
from db.tabular.tables import Unreadable

_WRITERS = {".jsonl": inspection_export.write_jsonl, ".csv": inspection_export.write_csv}


def _import_arguments(parser: ArgumentParser) -> None:
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.description = (
        "Import a CSV, JSONL, JSON or XLSX file; UTF-8, GB18030 or Big5.\n"
        "An import can be repeated: what is stored already is left alone. It changes only the\n"
        "columns it carries: one that the file lacks stays as stored, an empty cell empties it.\n"
        "The counts are printed last, as JSON. Exit status: 0 every row went in,\n"
        "1 some rows were refused, 2 nothing went in."
    )
    parser.epilog = _columns_text()
    parser.add_argument("kind", choices=KINDS, help="what the file holds")
    parser.add_argument("file", type=Path, help="the file")
    parser.add_argument(
        "--turns", type=Path, metavar="FILE", help="CSV of transcript turns (interactions only)"
    )
    parser.add_argument(
        "--strict", action="store_true", help="let nothing in if a single row is refused"
    )
    parser.add_argument(
        "--refused",
        type=Path,
        metavar="FILE",
        help="write refused rows there: line, column, reason",
    )


def import_file(args: Namespace) -> int:
    """Import stations, staff, interactions or inspections from a file."""
    line = ProgressLine()
    order = Order(args.kind, args.file, turns=args.turns, strict=args.strict, refused=args.refused)
    try:
        with database.ready() as engine:
            result = run_import(
                engine,
                database.keys(engine),
                order,
                who=None,
                clock=database.now,
                progress=lambda share, counts: line.show(share, counts.read),
            )
    except Unreadable as error:
        complain(str(error))
        say(json.dumps(asdict(RowCounts())))
        return 2
    line.end()
    _tell(result, args)
    say(json.dumps(asdict(result.counts)))
    return _status(result.counts, strict=args.strict)


def _status(counts: RowCounts, *, strict: bool) -> int:
    if not counts.refused:
        return 0
    went_in = counts.added + counts.updated + counts.unchanged
    return 2 if strict or not went_in else 1


def _tell(result: ImportResult, args: Namespace) -> None:
    if result.ignored:
        complain(f"Columns not known and left out: {', '.join(result.ignored)}")
    for refusal in result.first_refusals:
        complain(f"line {refusal.line}, {refusal.column or 'whole row'}: {refusal}")
    if (more := result.counts.refused - len(result.first_refusals)) > 0:
        complain(f"... and {more} more refused rows" + ("" if args.refused else "; see --refused"))
    if args.refused:
        complain(f"Refused rows with reasons: {args.refused}")


def _columns_text() -> str:
    parts = [_of(kind, columns_of(kind, database.now())) for kind in KINDS]
    turns = _of("turns (second sheet of a workbook, or --turns)", turn_columns())
    return "\n".join(
        [
            "columns, * required (what is stored already needs only those that say which it is):",
            *parts,
            turns,
        ]
    )


def _of(title: str, columns: tuple[FileColumn, ...]) -> str:
    lines = [f"    {column.name + '*' * column.marked:<18} {column.hint}" for column in columns]
    return "\n".join([f"\n  {title}", *lines]).replace("%", "%%")


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("kind", choices=["inspections"], help="what to export")
    parser.add_argument("file", type=Path, help="the new file, ending in .jsonl or .csv")


def export_file(args: Namespace) -> int:
    """Write inspections to a file that can be imported again."""
    write = _WRITERS.get(args.file.suffix.lower())
    if write is None:
        raise InvalidInput("The file name must end in .jsonl or .csv.")
    with database.ready() as engine:
        with args.file.open("w", encoding="utf-8", newline="") as file, reading(engine) as session:
            count = write(file, inspection_export.inspections(session))
        with transaction(engine) as session:
            subject = ("inspection", "")
            audit.record(session, None, "export", subject, now=database.now(), written=count)
    say(f"{count} inspections written to {args.file}")
    return 0


COMMANDS = {
    "import": Command(import_file, _import_arguments),
    "export": Command(export_file, _export_arguments),
}
