"""One import from file to database: read, check, write in batches, count, tell what is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError

from core.access import Action, Identity, require
from db.importing import journal
from db.importing.journal import RowCounts
from db.importing.kind_registry import columns_of, make_kind
from db.importing.kinds import ImportKind, ImportPlan, ReadableRow
from db.importing.scratch_table import Scratch, scratch
from db.importing.turns import TurnFile, keep_turns
from db.store.keys import Keys
from db.store.session import reading, transaction
from db.tabular.columns import Mapped, check_mapping, map_headings, renamed
from db.tabular.files import is_workbook, open_table
from db.tabular.tables import Record, Refusal, Table, Unfit, Unreadable

_AT_ONCE = 8_000_000  # characters in one batch, so that memory stays bounded
_NAMED = 20
Progress = Callable[[float, RowCounts], None]
_SHOWN = 20
Translate = Callable[[str], str]
Write = Callable[[list[str | int]], object]


@dataclass(frozen=True)
class Order:
    """What to import and how.

    Attributes:
        turns: a second file with the turns of interactions.
        mapping: heading -> column; None finds the columns by their headings.
        strict: a single refused row keeps the whole file out.
        refused: where to write the refused rows, with reasons through `translate`.
        file_name: the name a person knows the file by.
    """

    kind: str
    path: Path
    turns: Path | None = None
    mapping: Mapped | None = None
    strict: bool = False
    refused: Path | None = None
    file_name: str = ""
    translate: Translate = str


@dataclass(frozen=True)
class ImportResult:
    """What came of an import; `ignored` are headings that mean no column."""

    batch_id: int
    counts: RowCounts
    first_refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...]


def run_import(
    engine: Engine,
    keys: Keys,
    order: Order,
    *,
    who: Identity | None,
    clock: Callable[[], datetime],
    progress: Progress = lambda _share, _counts: None,
) -> ImportResult:
    """Import a file. It can be repeated at any time: what is stored already is left alone.

    Rows are written in batches, each in its own transaction, so that others can work meanwhile.
    With `strict` the whole file is checked before anything is written.

    Raises:
        Unreadable: the file as a whole cannot be used; nothing was written.
        NotAllowed: `who` may not import; None is the operator at the command line.
    """
    if who is not None:
        require(who, Action.IMPORT)
    now = clock()
    mapping, ignored = _mapping(order, now)
    with ExitStack() as stack:
        scratchpad = stack.enter_context(scratch())
        refused = stack.enter_context(refusals(order.refused, order.translate))
        turn_file = _turn_file(order, scratchpad, refused)
        kind = make_kind(order.kind, keys, now, turn_file)
        batch_id = journal.begin(engine, order.kind, order.file_name or order.path.name, who, now)
        run = _Run(
            engine=engine,
            kind=kind,
            path=order.path,
            mapping=mapping,
            scratch=scratchpad,
            turn_file=turn_file,
            refused=refused,
            progress=progress,
            batch_id=batch_id,
        )
        run.ignored += ignored
        if order.strict:
            run.go(write=False)
        if not (order.strict and refused.count):
            run.go(write=True)
        journal.finish(engine, batch_id, run.counts, who, clock())
        return ImportResult(batch_id, run.counts, tuple(refused.first), tuple(run.ignored))


def _mapping(order: Order, now: datetime) -> tuple[Mapped | None, list[str]]:
    """Which heading means which column, and the headings that mean none; None for JSON."""
    columns = columns_of(order.kind, now)
    with open_table(order.path) as table:
        headings = table.columns
    if headings is None:
        return None, []
    mapping = map_headings(headings, columns) if order.mapping is None else order.mapping
    mapping = {heading: name for heading, name in mapping.items() if heading in headings}
    check_mapping(headings, mapping, columns)
    return mapping, [heading for heading in headings if heading and heading not in mapping]


@dataclass
class _Run:
    """A pass over the file, for checking only or for writing."""

    engine: Engine
    kind: ImportKind
    path: Path
    mapping: Mapped | None
    scratch: Scratch
    turn_file: TurnFile | None
    refused: Refusals
    progress: Progress
    batch_id: int
    counts: RowCounts = field(default_factory=RowCounts)
    ignored: list[str] = field(default_factory=list)

    def go(self, *, write: bool) -> None:
        self.counts = RowCounts()
        self.scratch.forget_lines()
        with open_table(self.path) as table:
            for items in self._batches(table):
                if write:
                    self._write(items, table.done())
                else:
                    self._check(items)
                self.progress(table.done(), self.counts)
        if self.turn_file:
            for orphan in self.turn_file.orphans():
                self.refused.add(orphan)
        self.counts.refused = self.refused.count

    def _batches(self, table: Table) -> Iterator[list[ReadableRow]]:
        items: list[ReadableRow] = []
        size = 0
        for record in table.records:
            self.counts.read += 1
            if (item := self._item(record)) is None:
                continue
            items.append(item)
            size += item.size
            if len(items) >= self.kind.at_once or size >= _AT_ONCE:
                yield items
                items, size = [], 0
        if items:
            yield items

    def _item(self, record: Record) -> ReadableRow | None:
        if isinstance(record, Refusal):
            self.refused.add(record)
            return None
        row = renamed(record, self.mapping)
        if self.mapping is None:
            self._note_unknown(row.cells)
        try:
            item = self.kind.parse(row)
            first = self.scratch.first_line(item.key, item.line)
            if first != item.line:
                raise _repeated(first)
        except Unfit as error:
            self.refused.add(Refusal.of(row.line, error))
        except RecursionError:
            self.refused.add(Refusal.of(row.line, Unfit("The JSON is nested too deeply.")))
        else:
            return item
        return None

    def _note_unknown(self, cells: dict[str, object]) -> None:
        column_names = {column.name for column in self.kind.columns}
        for name in cells:
            if name not in column_names and name not in self.ignored and len(self.ignored) < _NAMED:
                self.ignored.append(name)

    def _check(self, items: list[ReadableRow]) -> None:
        with reading(self.engine) as session:
            self._refuse(self.kind.plan(session, items))

    def _write(self, items: list[ReadableRow], share: float) -> None:
        """Store a batch; a row the database itself refuses is found and left out alone."""
        try:
            plan = self._store(items, share)
        except (DataError, IntegrityError):
            if len(items) > 1:
                for item in items:
                    self._write([item], share)
                return
            plan = ImportPlan()
            plan.refuse(items[0], Unfit("The database refused the row."))
        self._refuse(plan)
        self._count(plan)

    def _store(self, items: list[ReadableRow], share: float) -> ImportPlan:
        with transaction(self.engine) as session:
            plan = self.kind.plan(session, items)
            self.kind.apply(session, plan)
            journal.advance(session, self.batch_id, self.counts, share)
        return plan

    def _count(self, plan: ImportPlan) -> None:
        self.counts.added += len(plan.added)
        self.counts.updated += len(plan.updated)
        self.counts.unchanged += plan.unchanged

    def _refuse(self, plan: ImportPlan) -> None:
        for refusal in plan.refused:
            self.refused.add(refusal)
        self.counts.refused = self.refused.count


def _repeated(line: int) -> Unfit:
    return Unfit("Line {line} of the file is about the same already.", line=line)


def _turn_file(order: Order, scratchpad: Scratch, refused: Refusals) -> TurnFile | None:
    """Read the turns of a second file, or of the second sheet of a workbook."""
    if order.turns is None and (order.kind != "interactions" or not is_workbook(order.path)):
        return None
    if order.kind != "interactions":
        raise Unreadable("Only interactions have turns.")
    source = open_table(order.turns) if order.turns else open_table(order.path, sheet=1)
    with source as table:
        if table.columns == () and order.turns is None:
            return None  # an empty second sheet
        for refusal in keep_turns(scratchpad, table):
            refused.add(refusal)
    return TurnFile(scratchpad)


class Refusals:
    """Counts refused rows, keeps the first ones to show and writes all of them to a file."""

    def __init__(self, write: Write | None, translate: Translate) -> None:
        self._write, self._translate = write, translate
        self.count = 0
        self.first: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(refusal)
        if self._write:
            reason = replace(refusal, sentence=self._translate(refusal.sentence))
            self._write([refusal.line, refusal.column, str(reason)])


@contextmanager
def refusals(path: Path | None, translate: Translate = str) -> Iterator[Refusals]:
    """Refusals that also go into a CSV file with line, column and reason, if a path is given."""
    with ExitStack() as stack:
        write = None
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            write = csv.writer(file).writerow
            write(["line", "column", "reason"])
        yield Refusals(write, translate)
