"""The process of an import: `python -m db.upkeep.import_process JOB`, which a job starts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from core.access import Identity
from core.encounters.sound_addresses import SoundHosts
from core.errors import NotFound
from core.i18n import translations
from core.jobs.states import JobState
from core.settings import Settings
from db.importing.import_job import mapping_of, refused_file, told_data, told_file
from db.importing.import_run import ImportHeld, ImportResult, Order, run_import
from db.importing.journal import RowCounts
from db.importing.preview import preview
from db.importing.recordings.recordings_import import (
    RECORDINGS,
    RecordingsOrder,
    import_recordings,
)
from db.importing.uploaded_files import drop_files_of_job, files_of_job, upload_gone
from db.jobs.models import Job
from db.jobs.record import BegunJob
from db.jobs.working import HoldJob, Outcome, Working, carry_out
from db.machines.services import may_lose
from db.people.models import User
from db.people.services.identities import identity_of
from db.safekeeping.database_key import keys_for
from db.store.config import load_settings
from db.store.files import FileKey, FileKind, Files, files_of
from db.store.session import make_engine, reading, transaction
from db.tabular.file_choices import FileChoices


def work(job_id: int, settings: Settings, on_loss: Callable[[], None] = lambda: None) -> None:
    """Import the files of a job that waits; once it has ended, they go."""
    engine, files = make_engine(settings.database_url, pool_size=2), files_of(settings)
    try:
        carry_out(
            engine,
            job_id,
            lambda working: _import(engine, files, settings, working),
            clock=_now,
            on_loss=on_loss,
        )
        _drop_files(engine, files, job_id)
    finally:
        engine.dispose()


def _import(engine: Engine, files: Files, settings: Settings, working: Working) -> Outcome:
    job, refused = working.job, FileKey(FileKind.IMPORTS, f"refused-{working.job.token}.csv")
    who = _identity(engine, job.asked_by)
    progress = partial(_report, working)
    with ExitStack() as stack:
        paths = _paths(stack, engine, files, job.id)
        refused_path = stack.enter_context(files.making(refused))
        try:
            if job.task["kind"] == RECORDINGS:
                sounds = _sounds(job, paths["rows"], refused_path)
                result = import_recordings(
                    engine, files, sounds, who=who, clock=_now, progress=progress
                )
            else:
                order = _order(
                    job, paths, agreed=_is_allowed(engine, who), sound_hosts=settings.sound_hosts
                )
                order = replace(order, refused=refused_path)
                keys = keys_for(engine, settings.var_dir)
                result = run_import(engine, keys, order, who=who, clock=_now, progress=progress)
            is_held = job.task.get("look", False)
        except ImportHeld as question:
            result, is_held = question.result, True
    _keep_words(files, refused, result, job.token)
    counts: Outcome = {"batch": result.batch_id, "counts": asdict(result.counts)}
    if is_held:
        raise HoldJob({**counts, "losses": result.forecast.losses()})
    return counts


def _order(
    job: BegunJob, paths: Mapping[str, Path], *, agreed: bool, sound_hosts: SoundHosts
) -> Order:
    choices = FileChoices.of(job.task.get("choices", {}))
    return Order(
        job.task["kind"],
        paths["rows"],
        turns=paths.get("turns"),
        mapping=_mapping(paths["rows"], job.task, choices),
        strict=job.task["strict"],
        file_name=job.file_name,
        translate=translations(job.task["language"]).gettext,
        choices=choices,
        dry=job.task.get("look", False),
        agreed=agreed,
        agreed_losses=job.task.get("agreed", {}),
        sound_hosts=sound_hosts,
    )


def _sounds(job: BegunJob, path: Path, refused: Path) -> RecordingsOrder:
    return RecordingsOrder(
        path,
        file_name=job.file_name,
        dry=job.task.get("look", False),
        refused=refused,
        translate=translations(job.task["language"]).gettext,
    )


def _report(working: Working, share: float, counts: RowCounts) -> None:
    working.report(share, asdict(counts))


def _is_allowed(engine: Engine, who: Identity) -> bool:
    """Whether an administrator has agreed to losses for this account beforehand."""
    with reading(engine) as session:
        return may_lose(session, who)


def _paths(stack: ExitStack, engine: Engine, files: Files, job_id: int) -> dict[str, Path]:
    """The files of a job by slot; those of one that stopped are kept for a day."""
    with reading(engine) as session:
        keys = files_of_job(session, job_id)
    try:
        paths = {slot: stack.enter_context(files.local(key)) for slot, key in keys.items()}
    except FileNotFoundError:
        paths = {}
    if "rows" not in paths:
        raise upload_gone()
    return paths


def _mapping(rows: Path, task: Mapping[str, Any], choices: FileChoices) -> dict[str, str] | None:
    """The columns that somebody chose, by the headings that they were shown."""
    if task["places"] is None:
        return None
    return mapping_of(task["places"], preview(rows, task["kind"], _now(), choices).headings)


def _keep_words(files: Files, refused: FileKey, result: ImportResult, token: str) -> None:
    """What the file said stays in files: an erasure looks through them."""
    if result.counts.refused and result.batch_id:
        files.move(refused, refused_file(result.batch_id))
    files.remove([refused])
    files.write(told_file(token), told_data(result))


def _identity(engine: Engine, user_id: int | None) -> Identity:
    with reading(engine) as session:
        user = session.get(User, user_id)
        if user is None or not user.active:
            raise NotFound("This entry does not exist any more.")
        return identity_of(session, user)


def _drop_files(engine: Engine, files: Files, job_id: int) -> None:
    with transaction(engine) as session:
        job = session.get_one(Job, job_id)
        has_ended = job.state in (JobState.DONE, JobState.FAILED)
        dropped = drop_files_of_job(session, job_id) if has_ended else []
    files.remove(dropped)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    work(int(sys.argv[1]), load_settings(), on_loss=lambda: os._exit(1))
