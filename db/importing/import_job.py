"""An import in the background: uploaded files become a job, and a process of its own does it.

Any tab and any portal process sees how it goes. One goes on at a time for each person and for each
other system.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import NotFound, PortalError
from core.jobs.kinds import IMPORT
from core.jobs.states import JobState
from db.importing import uploaded_files
from db.importing.forecast import Forecast
from db.importing.import_run import ImportResult
from db.importing.journal import RowCounts
from db.importing.uploaded_files import Upload
from db.jobs import record
from db.jobs.engine import start_process
from db.jobs.models import Job
from db.jobs.queries import JobView, own_jobs
from db.jobs.record import AskedJob, Order
from db.store.files import FileKey, FileKind, Files
from db.store.session import reading
from db.tabular.tables import Refusal

_PROGRAM = "db.upkeep.import_process"
_REFUSED = re.compile(r"refused-[0-9]+\.csv")
_IN_THE_MAKING = timedelta(days=1)


@dataclass(frozen=True)
class ImportTask:
    """What is to be imported, and how.

    Attributes:
        places: place of a heading in the file -> column; None finds the columns by their headings,
            which are words of the file and stay there.
        strict: as in `import_run.Order`.
        language: that of the reasons in the file of refused rows.
        choices: `FileChoices.written`.
        look: hold the import once it is known what it would do, whatever that is.
        agreed: how much may go of what is stored, as `Forecast.losses`.
    """

    kind: str
    places: Mapping[str, str] | None
    strict: bool
    language: str
    choices: Mapping[str, Any] = field(default_factory=dict)
    look: bool = False
    agreed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportOutcome:
    """What came of an import, or would; `ignored` are headings that mean no column.

    `batch_id` is 0 and nothing is written while the import is held.
    """

    batch_id: int
    counts: RowCounts
    refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...]
    forecast: Forecast


@dataclass(frozen=True)
class ImportState:
    """How an import goes: `share` is 0 to 1 while it runs, then there is an outcome or an error.

    `job_id` says which one is meant where a person answers to what is shown. `stopped`: its
    process went away before the end; it can be started again. `held`: the outcome is what it would
    do, and it goes on once somebody agrees.
    """

    job_id: int
    kind: str
    file_name: str
    strict: bool
    share: float
    counts: RowCounts
    stopped: bool = False
    held: bool = False
    outcome: ImportOutcome | None = None
    error: PortalError | None = None

    @property
    def runs(self) -> bool:
        return not (self.stopped or self.outcome or self.error)


def begin(
    session: Session,
    *,
    who: Identity,
    task: ImportTask,
    uploads: Mapping[str, Upload],
    now: datetime,
) -> AskedJob | None:
    """Make uploaded files, by slot, a job. None while the account's last import runs.

    Once this is committed, `start` has it done.

    Raises:
        InvalidInput: a file is gone or being imported already.
    """
    require(who, Action.IMPORT)
    order = Order(
        IMPORT, f"import {who.user_id}", task=asdict(task), file_name=uploads["rows"].name
    )
    job = record.ask(session, order, asked_by=who.user_id, now=now)
    if job is not None:
        uploaded_files.hand_to_job(session, uploads.values(), job.id)
    return job


def start(job_id: int) -> None:
    """Start the process of a job that waits."""
    start_process(_PROGRAM, job_id)


def own_import(session: Session, who: Identity, *, now: datetime) -> JobView | None:
    """The person's last import, unless it was put away."""
    require(who, Action.IMPORT)
    newest = own_jobs(session, who, IMPORT, now=now, limit=1)
    return newest[0] if newest and not newest[0].put_away else None


def start_again(session: Session, who: Identity, job_id: int, *, now: datetime) -> None:
    """Let the person's last import, which stopped, wait for a new process.

    Raises:
        NotFound: the last one is another by now.
        OutOfTurn: it did not stop, or was started again meanwhile.
    """
    record.restart(session, _own(session, who, job_id, now).id, who=who, now=now)


def put_away(session: Session, who: Identity, job_id: int, *, now: datetime) -> None:
    """Make room for the person's next import; the last one has ended.

    Raises:
        NotFound: the last one is another by now.
    """
    record.put_away(session, _own(session, who, job_id, now).id, now=now)


def agree(session: Session, who: Identity, job: JobView, *, now: datetime) -> None:
    """Let an import that is held go on; more than it said it would take it does not take.

    Once this is committed, `start` has it done.

    Raises:
        OutOfTurn: it is not held, or somebody was faster.
        InvalidInput: the account's next import runs already.
    """
    require(who, Action.IMPORT)
    task = {**job.task, "look": False, "agreed": job.outcome.get("losses", {})}
    record.agree(session, job.id, who=who, task=task, now=now)


def agree_to_own(session: Session, who: Identity, job_id: int, *, now: datetime) -> None:
    """The same for the person's last import. Raises NotFound, too, where it is another by now."""
    agree(session, who, _own(session, who, job_id, now), now=now)


def decline(session: Session, who: Identity, job_id: int, *, now: datetime) -> None:
    """Leave the person's last import, which is held, undone; its files wait as before.

    Raises:
        NotFound: the last one is another by now.
        OutOfTurn: it is not held.
    """
    job = _own(session, who, job_id, now)
    record.decline(session, job.id, who=who, now=now)
    uploaded_files.take_back(session, job.id)


def import_state(job: JobView, files: Files) -> ImportState:
    """How an import goes."""
    is_held = job.state == JobState.HELD
    has_ended = job.state == JobState.DONE or is_held
    return ImportState(
        job_id=job.id,
        kind=job.task["kind"],
        file_name=job.file_name,
        strict=job.task["strict"],
        share=1.0 if has_ended else job.share,
        counts=RowCounts(**(job.outcome["counts"] if has_ended else job.counts)),
        stopped=job.state == JobState.STOPPED,
        held=is_held,
        outcome=_outcome(job, files) if has_ended else None,
        error=record.error_of(job.outcome) if job.state == JobState.FAILED else None,
    )


def places_of(mapping: Mapping[str, str] | None, headings: Sequence[str]) -> dict[str, str] | None:
    """A mapping of headings to columns, with the places of the headings in the file."""
    if mapping is None:
        return None
    placed = {heading: str(place) for place, heading in reversed(list(enumerate(headings)))}
    return {placed[heading]: name for heading, name in mapping.items() if heading in placed}


def mapping_of(places: Mapping[str, str], headings: Sequence[str]) -> dict[str, str]:
    """The same read backwards, as an import wants it."""
    return {headings[int(place)]: name for place, name in places.items()}


def refused_file(batch_id: int) -> FileKey:
    """Where the refused rows of an import are kept, if there were any."""
    return FileKey(FileKind.IMPORTS, f"refused-{batch_id}.csv")


def told_file(token: str) -> FileKey:
    """Where the words of a job's outcome are kept: first refusals, headings that mean nothing."""
    return FileKey(FileKind.IMPORTS, f"{token}.json")


def told_data(result: ImportResult) -> bytes:
    data = {
        "refusals": [asdict(refusal) for refusal in result.first_refusals],
        "ignored": result.ignored,
        "forecast": result.forecast.written(),
    }
    return json.dumps(data).encode()


def drop_strays(engine: Engine, files: Files, *, now: datetime) -> int:
    """Remove what jobs that are forgotten, cut off or of a former version left; how many files.

    Refused rows stay with the list of imports.
    """
    with reading(engine) as session:
        known = {told_file(token) for token in session.scalars(select(Job.token))}
    strays = [
        file.key
        for file in files.list(FileKind.IMPORTS)
        if file.written_at < now - _IN_THE_MAKING
        and file.key not in known
        and not _REFUSED.fullmatch(file.key.name)
    ]
    files.remove(strays)
    return len(strays)


def _own(session: Session, who: Identity, job_id: int, now: datetime) -> JobView:
    """The import that a page shows: another tab may have begun the next one since."""
    job = own_import(session, who, now=now)
    if job is None or job.id != job_id:
        raise NotFound("This is no longer your last import. Look at what is shown now.")
    return job


def _outcome(job: JobView, files: Files) -> ImportOutcome:
    """The words are gone where somebody named in them was erased."""
    told: dict[str, Any] = json.loads(files.read(told_file(job.token)) or "{}")
    forecast = told.get("forecast")
    return ImportOutcome(
        batch_id=job.outcome["batch"],
        counts=RowCounts(**job.outcome["counts"]),
        refusals=tuple(Refusal(**refusal) for refusal in told.get("refusals", ())),
        ignored=tuple(told.get("ignored", ())),
        forecast=Forecast.read(forecast) if forecast else Forecast(),
    )
