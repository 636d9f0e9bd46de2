"""Files in and out: importing rows, exporting inspections."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from dataclasses import asdict
from pathlib import Path

from core.errors import InvalidInput
from core.library import load_library
from core.text.sentence import Sentence
from db.cli import database, recordings
from db.cli.command import Command, ProgressLine, complain, say
from db.importing.checklist_forms import FormFile, begin_draft, look
from db.importing.forecast import AgreementNeeded, Forecast
from db.importing.import_run import ImportResult, Order, run_import
from db.importing.journal import RowCounts
from db.importing.kind_registry import KINDS, columns_of
from db.importing.turns import columns as turn_columns
from db.inspection import inspection_export
from db.store import audit
from db.store.config import load_settings
from db.store.session import reading, transaction
from db.tabular.columns import FileColumn
from db.tabular.file_choices import AS_IT_IS, OPTIONS, FileChoices
from db.tabular.tables import Unreadable

_CHECKLISTS = "checklists"
_WRITERS = {".jsonl": inspection_export.write_jsonl, ".csv": inspection_export.write_csv}


def _import_arguments(parser: ArgumentParser) -> None:
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.description = (
        "Import a CSV, JSONL, JSON, XLSX or ODS file.\n"
        "An import can be repeated: what is stored already is left alone. It changes only the\n"
        "columns it carries: one that the file lacks stays as stored, and so does one whose cell\n"
        "is empty, unless --empty clears.\n"
        "The counts are printed last, as JSON. Exit status: 0 every row went in,\n"
        "1 some rows were refused, 2 nothing went in.\n"
        "A checklist (YAML, JSON, XLSX, ODS, or another system's form) becomes a draft; it knows\n"
        "only the options --dry-run, --yes and --empty.\n"
        "Recordings are a folder or a ZIP archive of wav, mp3, ogg, m4a or webm files, told by\n"
        "their content. A file is named SOURCE/EXTERNAL_ID.wav or EXTERNAL_ID.wav, or stands in\n"
        "manifest.csv with file, source, external_id. Told last: which encounters lack theirs.\n"
        "They know only the options --dry-run and --refused."
    )
    parser.epilog = _columns_text()
    parser.add_argument(
        "kind", choices=[*KINDS, _CHECKLISTS, recordings.KIND], help="what it holds"
    )
    parser.add_argument("file", type=Path, help="the file; of recordings the folder")
    parser.add_argument(
        "--turns", type=Path, metavar="FILE", help="CSV of transcript turns (interactions only)"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="let nothing in if a row is refused; events that nobody knows refuse theirs",
    )
    parser.add_argument(
        "--refused",
        type=Path,
        metavar="FILE",
        help="write refused rows there: line, column, reason",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument(
        "--yes", action="store_true", help="agree that much of what is stored goes or shrinks"
    )
    _choice_arguments(parser)


def _choice_arguments(parser: ArgumentParser) -> None:
    """How the file is to be read where its content leaves a choice."""
    group = parser.add_argument_group("what the file means")
    group.add_argument(
        "--encoding",
        choices=OPTIONS["encoding"],
        metavar="NAME",
        default="",
        help=f"its encoding, where it cannot be told: {', '.join(OPTIONS['encoding'])}",
    )
    group.add_argument("--sheet", metavar="NAME", default="", help="the sheet with the rows")
    group.add_argument(
        "--heading-line", type=int, metavar="LINE", default=0, help="the line with the headings"
    )
    group.add_argument(
        "--zone",
        metavar="ZONE",
        default="",
        help="time zone of times without offset; otherwise that of each station",
    )
    group.add_argument(
        "--dates", choices=OPTIONS["dates"], default="", help="how 08/06/2026 is meant"
    )
    group.add_argument(
        "--decimal", choices=OPTIONS["decimal"], default="", help="how 1.234 and 1,234 are meant"
    )
    group.add_argument(
        "--twice",
        choices=OPTIONS["twice"],
        default="",
        help="which hour is meant where clocks are set back and one comes twice",
    )
    group.add_argument(
        "--literal",
        action="append",
        metavar="COLUMN",
        default=[],
        help="a column in which N/A, NULL, nan or 1E+5 is what a thing is really called",
    )
    group.add_argument(
        "--empty",
        choices=OPTIONS["empty"],
        default="keeps",
        help="whether an empty cell keeps or clears what is stored",
    )


def import_file(args: Namespace) -> int:
    """Import stations, staff, interactions, recordings, inspections or a checklist from a file."""
    if args.kind == recordings.KIND:
        return recordings.import_recordings(args)
    if args.kind == _CHECKLISTS:
        return _import_checklist(args)
    line = ProgressLine()
    try:
        order = _order(args)
        with database.ready() as engine:
            result = run_import(
                engine,
                database.keys(engine),
                order,
                who=None,
                clock=database.now,
                progress=lambda share, counts: line.show(share, counts.read),
            )
    except AgreementNeeded as error:
        complain(f"{error} --dry-run shows it, --yes agrees.")
        say(json.dumps(asdict(RowCounts())))
        return 2
    except Unreadable as error:
        complain(str(error))
        say(json.dumps(asdict(RowCounts())))
        return 2
    line.end()
    _tell_forecast(result.forecast, dry=args.dry_run)
    _tell(result, args)
    say(json.dumps(asdict(result.counts)))
    return _status(result.counts, strict=args.strict)


def _import_checklist(args: Namespace) -> int:
    file = FormFile(args.file.name, args.file.read_bytes(), clears=args.empty == "clears")
    library = load_library()
    try:
        with database.ready() as engine, transaction(engine) as session:
            outlook = look(session, who=None, file=file, library=library)
            if not args.dry_run:
                begin_draft(
                    session,
                    who=None,
                    file=file,
                    library=library,
                    agreed=args.yes,
                    now=database.now(),
                )
    except AgreementNeeded as error:
        complain(f"{error} --dry-run shows it, --yes agrees.")
        say(json.dumps(asdict(RowCounts())))
        return 2
    for repair in outlook.imported.repairs:
        complain(f"{repair.path}: {Sentence(repair.sentence, repair.values)}")
    _tell_forecast(outlook.forecast, dry=args.dry_run, place="item")
    say(json.dumps(asdict(outlook.counts())))
    return 0


def _order(args: Namespace) -> Order:
    return Order(
        args.kind,
        args.file,
        turns=args.turns,
        strict=args.strict,
        refused=args.refused,
        choices=FileChoices.of(vars(args)),
        dry=args.dry_run,
        agreed=args.yes,
        sound_hosts=load_settings().sound_hosts,
    )


def _tell_forecast(forecast: Forecast, *, dry: bool, place: str = "line") -> None:
    for note in forecast.notes:
        complain(str(note))
    for name, column in forecast.columns.items() if dry else ():
        complain(
            f"{name}: {column.added} added, {column.changed} changed ({column.shrunk} of them"
            f" shortened), {column.emptied} emptied"
        )
        for example in column.examples:
            complain(
                f"    {place} {example.line}: {example.before or '-'} -> {example.after or '-'}"
            )


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
    turns = _of("turns (second sheet of a workbook, or --turns)", turn_columns(AS_IT_IS))
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
