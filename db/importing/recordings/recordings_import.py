"""An import of recordings as a job, told like the other imports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from core.access import Identity
from core.i18n import N_
from core.text.sentence import Sentence
from db.importing import journal
from db.importing.forecast import Forecast
from db.importing.import_run import ImportResult, Progress
from db.importing.journal import Refusals, RowCounts, Translate, refusals
from db.importing.recordings.sound_files import EncounterKey, delivery
from db.importing.recordings.taking_in import TakenIn, TakingOrder, take_in
from db.store.files import Files
from db.tabular.tables import Refusal

RECORDINGS = "recordings"
_NAMED = 5


class RecordingsOrder(NamedTuple):
    """What to take in: an archive or a sound, which a person knows as `file_name`.

    `dry`: only look what it would do. `refused`: where to write the refused files.
    """

    path: Path
    file_name: str
    dry: bool
    refused: Path
    translate: Translate


def import_recordings(
    engine: Engine,
    files: Files,
    order: RecordingsOrder,
    *,
    who: Identity,
    clock: Callable[[], datetime],
    progress: Progress,
) -> ImportResult:
    """Take in what was handed in; files count as rows, one that takes another's place as updated.

    A refusal names the file as its column. What still lacks its recording stands among the notes.

    Raises:
        NotAllowed: `who` may not import.
        InvalidInput: it is neither an archive nor a sound, or cannot be opened; nothing is stored.
    """
    with (
        delivery(order.path, name=order.file_name) as delivered,
        refusals(order.refused, order.translate) as refused,
    ):
        batch, count = 0, len(delivered.files)
        if not order.dry:
            batch = journal.begin(engine, RECORDINGS, order.file_name, who, clock())
        places = {file.name: number for number, file in enumerate(delivered.files, 1)}

        def told(taken: TakenIn) -> None:
            counts = _counts(taken)
            progress(counts.read / count, counts)

        taking = TakingOrder(delivered, dry=order.dry, progress=told)
        taken = take_in(engine, files, taking, who=who, clock=clock)
        for file, reason in taken.refused:
            refused.add(
                Refusal(places[file], column=file, sentence=reason.template, values=reason.values)
            )
    counts = _counts(taken)
    if batch:
        journal.finish(engine, batch, counts, who, clock())
    return _result(batch, counts, refused, taken.lacking)


def _counts(taken: TakenIn) -> RowCounts:
    refused = len(taken.refused)
    return RowCounts(
        read=taken.added + taken.replaced + taken.unchanged + refused,
        added=taken.added,
        updated=taken.replaced,
        unchanged=taken.unchanged,
        refused=refused,
    )


def _result(
    batch: int, counts: RowCounts, refused: Refusals, lacking: list[EncounterKey]
) -> ImportResult:
    forecast = Forecast()
    if lacking:
        forecast.notes.append(_lacking_told(lacking, is_before=not batch))
    return ImportResult(batch, counts, tuple(refused.first), (), forecast)


def _lacking_told(lacking: list[EncounterKey], *, is_before: bool) -> Sentence:
    template = (
        N_("Encounters that lack their recording today: {count}, such as {names}.")
        if is_before
        else N_("Encounters that still lack their recording: {count}, such as {names}.")
    )
    names = ", ".join(f"{key.source} {key.external_id}" for key in lacking[:_NAMED])
    return Sentence(template, {"count": len(lacking), "names": names})
