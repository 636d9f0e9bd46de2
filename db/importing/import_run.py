"""One import from file to database: read, check, write in batches, count, tell what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError

from core.access import Action, Identity, require
from core.encounters.sound_addresses import NO_HOSTS, SoundHosts
from core.errors import OutOfTurn
from core.text.sentence import Sentence
from db.importing import journal
from db.importing.batches.pace import Pace
from db.importing.batches.preparing import Preparing, made_ready
from db.importing.batches.read_batch import Batch, kept_batches, written
from db.importing.batches.scratch_table import Scratch, scratch
from db.importing.forecast import AgreementNeeded, Forecast
from db.importing.journal import Refusals, RowCounts, Translate, refusals
from db.importing.kind_registry import columns_of, make_kind
from db.importing.kinds import ImportKind, ImportPlan, ReadableRow, RowRules, TextKind
from db.importing.lookups import Twins, really_called
from db.importing.turns import TurnFile, TurnSource, found_turns
from db.store.keys import Keys
from db.store.session import nothing_collected, reading, transaction
from db.tabular.columns import (
    Mapped,
    ReallyCalled,
    check_mapping,
    emptied_by,
    known_headings,
    map_headings,
    renamed,
    second_headings,
    settled,
)
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.files import open_table
from db.tabular.tables import Record, Refusal, Table, TableFacts, Unfit, repeated

_AT_ONCE = 100_000
"""Characters in a batch, so that memory stays bounded."""
_TOGETHER = 8_000_000
"""The same where the rows of a file must be seen together."""
_UNREAD = 1000
"""Rows that cannot be read, after which a batch ends, for the same."""
_NAMED = 20
Progress = Callable[[float, RowCounts], None]


@dataclass(frozen=True)
class Order:
    """What to import and how.

    Attributes:
        turns: a second file with the turns of interactions.
        mapping: heading -> column; None finds the columns by their headings.
        strict: a single refused row keeps the whole file out, and an event that nobody knows
            refuses its row.
        refused: where to write the refused rows, with reasons through `translate`.
        file_name: the name a person knows the file by.
        choices: how the file is to be read where its content leaves a choice.
        dry: only look what it would do.
        agreed: it may empty and shorten what is stored.
        agreed_losses: how much of it somebody has agreed to, as `Forecast.losses`.
        sound_hosts: from where recordings may come that a row names by an address.
    """

    kind: str
    path: Path
    turns: Path | None = None
    mapping: Mapped | None = None
    strict: bool = False
    refused: Path | None = None
    file_name: str = ""
    translate: Translate = str
    choices: FileChoices = AS_IT_IS
    dry: bool = False
    agreed: bool = False
    agreed_losses: Mapping[str, int] = field(default_factory=dict)
    sound_hosts: SoundHosts = NO_HOSTS


@dataclass(frozen=True)
class ImportResult:
    """What came of an import; `ignored` are headings that mean no column.

    `batch_id` is 0 and nothing was written where an order only looks.
    """

    batch_id: int
    counts: RowCounts
    first_refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    forecast: Forecast = field(default_factory=Forecast)


class ImportHeld(AgreementNeeded):
    """The import was held; `result` says what it would do."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__(result.forecast)
        self.result = result


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

    The whole file is looked through first, and kept as it was read. Then rows are written in
    batches, each in its own transaction, so that others can work meanwhile.

    Raises:
        Unreadable: the file as a whole cannot be used; nothing was written.
        ImportHeld: it would empty or shorten much of what is stored; nothing was written.
        NotAllowed: `who` may not import; None is the operator at the command line.
    """
    if who is not None:
        require(who, Action.IMPORT)
    now = clock()
    file_mapping = _mapping(order, now)
    with ExitStack() as stack:
        scratchpad = stack.enter_context(scratch())
        refused = stack.enter_context(refusals(order.refused, order.translate))
        turns = found_turns(
            TurnSource(
                order.kind, order.path, order.turns, order.choices, file_mapping.facts.sheet
            ),
            scratchpad,
            refused,
        )
        refused.mark()
        rules = RowRules(order.choices, strict=order.strict, sound_hosts=order.sound_hosts)
        kind = make_kind(order.kind, keys, now, turns.file, rules)
        run = _Run(
            engine=engine,
            kind=kind,
            order=order,
            mapping=file_mapping.mapping,
            scratch=scratchpad,
            turn_file=turns.file,
            refused=refused,
            progress=progress,
            ignored=list(file_mapping.ignored),
        )
        run.forecast.notes += [*file_mapping.notes_beside(turns.sheet), *turns.notes]
        run.look()
        if order.dry:
            return run.result()
        if order.strict and refused.count:
            run.journal(who, now)
        elif run.needs_agreement():
            raise ImportHeld(run.result())
        else:
            run.journal(who, now)
            run.write()
        journal.finish(engine, run.batch_id, run.counts, who, clock())
        return run.result()


@dataclass(frozen=True)
class _FileMapping:
    """Which heading means which column, None for JSON; headings that mean none; what to say."""

    mapping: Mapped | None
    ignored: tuple[str, ...]
    notes: tuple[Sentence, ...]
    facts: TableFacts

    def notes_beside(self, turns: str) -> tuple[Sentence, ...]:
        """What to say of the file where `turns` is the sheet with its turns."""
        return (*self.facts.notes, *self.facts.unread(turns), *self.notes)


def _mapping(order: Order, now: datetime) -> _FileMapping:
    columns = columns_of(order.kind, now, order.choices)
    with open_table(order.path, order.choices, known_headings(columns)) as table:
        headings, facts = table.columns, table.facts
    if headings is None:
        return _FileMapping(None, (), (), facts)
    mapping = map_headings(headings, columns) if order.mapping is None else order.mapping
    mapping = {heading: name for heading, name in mapping.items() if heading in headings}
    check_mapping(headings, mapping, columns)
    notes = tuple(second_headings(headings, mapping, columns))
    ignored = [heading for heading in headings if heading and heading not in mapping]
    if more := ignored[_NAMED:]:
        ignored = [*ignored[:_NAMED], f"… (+{len(more)})"]
    return _FileMapping(mapping, tuple(ignored), notes, facts)


@dataclass
class _Run:
    """A pass over the file, which looks, and one over what was read, which writes."""

    engine: Engine
    kind: ImportKind
    order: Order
    mapping: Mapped | None
    scratch: Scratch
    turn_file: TurnFile | None
    refused: Refusals
    progress: Progress
    ignored: list[str]
    batch_id: int = 0
    counts: RowCounts = field(default_factory=RowCounts)
    planned: RowCounts = field(default_factory=RowCounts)
    forecast: Forecast = field(default_factory=Forecast)
    really_called: ReallyCalled = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    unread: list[Refusal] = field(default_factory=list)

    def look(self) -> None:
        """Plan every row and write none, to know what the import would do."""
        twins = Twins(self.order.kind)
        with reading(self.engine) as session:
            self.really_called = really_called(session)
        for batch in self._pass():
            kept = None if self.order.dry else written(batch)  # planning writes into its rows
            with reading(self.engine) as session:
                plan = self.kind.plan(session, batch.items) if batch.items else ImportPlan()
            if kept is not None:
                texts = self.kind.texts if isinstance(self.kind, TextKind) else _no_texts
                self.scratch.keep_batch(kept, texts(batch.items, plan))
            self._refuse(plan.refused)
            _count(plan, self.planned)
            self.forecast.take(plan, batch.items)
            twins.take(plan)
        self.planned.read, self.planned.refused = self.counts.read, self.counts.refused
        with reading(self.engine) as session:
            self.forecast.notes += twins.notes(session)
            self.forecast.note_unknown_events()
            self.forecast.weigh(self.kind.filled(session, self.forecast.suspects()))

    def needs_agreement(self) -> bool:
        """Whether more would go than may without a question, or than somebody agreed to."""
        losses, agreed = self.forecast.losses(), self.order.agreed_losses
        more = any(count > agreed.get(name, 0) for name, count in losses.items())
        return more and not self.order.agreed

    def result(self) -> ImportResult:
        """What came of it; what would, where nothing was written."""
        counts = self.counts if self.batch_id else self.planned
        refused, ignored = tuple(self.refused.first), tuple(self.ignored)
        return ImportResult(self.batch_id, counts, refused, ignored, self.forecast)

    def journal(self, who: Identity | None, now: datetime) -> None:
        name = self.order.file_name or self.order.path.name
        self.batch_id = journal.begin(self.engine, self.order.kind, name, who, now)

    def write(self) -> None:
        self.refused.rewind()
        self.counts = RowCounts()
        for batch in self._ready():
            self.counts.read = batch.read
            self._refuse(batch.refused)
            portions = [batch.items] if self.kind.together else self.pace.portions(batch.items)
            for portion in filter(None, portions):
                self._write(portion, batch.share)
            self.progress(batch.share, self.counts)

    def _ready(self) -> Iterator[Batch]:
        """The batches as they were read, with their texts ready to be stored."""
        batches = kept_batches(self.scratch)
        if not isinstance(self.kind, TextKind):
            yield from (batch for batch, _ in batches)
            return
        with Preparing() as preparing:
            yield from made_ready(preparing, self.kind, batches)

    def _pass(self) -> Iterator[Batch]:
        """What is read of the file, in batches."""
        headings = known_headings(self.kind.columns)
        with open_table(self.order.path, self.order.choices, headings) as table:
            for batch in self._batches(table):
                yield batch
                self.progress(batch.share, self.counts)

    def _batches(self, table: Table) -> Iterator[Batch]:
        items: list[ReadableRow] = []
        size, most = 0, _TOGETHER if self.kind.together else _AT_ONCE
        for record in self._records(table):
            if (item := self._item(record)) is not None:
                items.append(item)
                size += item.size
            if len(items) >= self.kind.at_once or size >= most:
                yield self._batch(items, table)
                items, size = [], 0
            elif len(self.unread) >= _UNREAD:
                yield self._batch([], table)
        yield self._batch(items, table)

    def _batch(self, items: list[ReadableRow], table: Table) -> Batch:
        refused, self.unread = self.unread, []
        return Batch(items, refused, self.counts.read, table.done())

    def _records(self, table: Table) -> Iterator[Record]:
        """The rows of the file, then the turns that belong to none of them."""
        for record in table.records:
            self.counts.read += 1
            yield record
        if self.turn_file:
            yield from self.turn_file.orphans()

    def _item(self, record: Record) -> ReadableRow | None:
        if isinstance(record, Refusal):
            self._leave_out(record)
            return None
        row = renamed(record, self.mapping)
        if self.mapping is None:
            self._note_unknown(row.cells)
        try:
            row = settled(self.kind.columns, row, self.order.choices, self.really_called)
            item = self.kind.parse(row)
            if cleared := emptied_by(row):
                item = replace(item, cleared=cleared)
            first = self.scratch.first_line(item.key, item.line)
            if first != item.line:
                raise repeated(first)
        except Unfit as error:
            self._leave_out(Refusal.of(row.line, error))
        except RecursionError:
            self._leave_out(Refusal.of(row.line, Unfit("The JSON is nested too deeply.")))
        else:
            return item
        return None

    def _leave_out(self, refusal: Refusal) -> None:
        self.unread.append(refusal)
        self._refuse([refusal])

    def _note_unknown(self, cells: dict[str, object]) -> None:
        column_names = {column.name for column in self.kind.columns}
        for name in cells:
            if name not in column_names and name not in self.ignored and len(self.ignored) < _NAMED:
                self.ignored.append(name)

    def _write(self, items: Sequence[ReadableRow], share: float) -> None:
        """Store a batch; a row that the database refuses, or somebody moved, is left out alone."""
        try:
            plan = self._store(items, share)
        except (DataError, IntegrityError, OutOfTurn) as error:
            if len(items) > 1:
                for item in items:
                    self._write([item], share)
                return
            plan = ImportPlan()
            late = error if isinstance(error, OutOfTurn) else None
            plan.refuse(items[0], late or Unfit("The database refused the row."))
        self._refuse(plan.refused)
        _count(plan, self.counts)

    def _store(self, items: Sequence[ReadableRow], share: float) -> ImportPlan:
        with nothing_collected(), transaction(self.engine) as session:
            session.connection()  # from here on others wait
            began = perf_counter()
            plan = self.kind.plan(session, items)
            self.kind.apply(session, plan)
            journal.advance(session, self.batch_id, self.counts, share)
        self.pace.took(items, perf_counter() - began)
        return plan

    def _refuse(self, refusals: Iterable[Refusal]) -> None:
        for refusal in refusals:
            self.refused.add(refusal)
        self.counts.refused = self.refused.count


def _no_texts(_items: Sequence[ReadableRow], _plan: ImportPlan) -> list[int]:
    """The lines whose texts are made ready, of a kind that has none."""
    return []


def _count(plan: ImportPlan, counts: RowCounts) -> None:
    counts.added += len(plan.added)
    counts.updated += len(plan.updated)
    counts.unchanged += plan.unchanged
