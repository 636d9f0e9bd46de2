"""The process of an import: `python -m db.upkeep.import_process FOLDER`, which a job starts."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from core.access import Identity
from core.errors import NotFound, PortalError
from core.i18n import translations
from core.settings import Settings
from db.importing.import_job import JobTask, refused_file
from db.importing.import_run import ImportResult, Order, run_import
from db.importing.journal import RowCounts
from db.importing.uploaded_files import read_note, write_note
from db.people.models import User
from db.people.services.identities import identity_of
from db.safekeeping.database_key import keys_for
from db.store.config import load_settings
from db.store.session import make_engine, reading

_BEAT_SECONDS = 2


def work(folder: Path, settings: Settings) -> None:
    """Import what stands in a job's folder and leave the outcome there; the data files go."""
    fields = read_note(folder / "task.json")
    assert fields is not None
    threading.Thread(target=_beat, args=(folder,), daemon=True).start()
    try:
        write_note(folder / "result.json", _result(_import(folder, JobTask(**fields), settings)))
    except PortalError as error:
        write_note(folder / "result.json", {"error": error.sentence, "values": error.values})
    for name in ("rows", "turns"):
        (folder / name).unlink(missing_ok=True)


def _import(folder: Path, task: JobTask, settings: Settings) -> ImportResult:
    refused = folder / "refused.csv"
    order = Order(
        task.kind,
        folder / "rows",
        turns=folder / "turns" if task.has_turns else None,
        mapping=task.mapping,
        strict=task.strict,
        agreed=True,  # neither page nor address asks yet
        refused=refused,
        file_name=task.file_name,
        translate=translations(task.language).gettext,
    )
    engine = make_engine(settings.database_url, pool_size=2)
    try:
        result = run_import(
            engine,
            keys_for(engine, settings.var_dir),
            order,
            who=_identity(engine, task.user_id),
            clock=lambda: datetime.now(UTC),
            progress=lambda share, counts: _note(folder, share, counts),
        )
    finally:
        engine.dispose()
    if result.counts.refused:
        refused.replace(refused_file(settings.var_dir, result.batch_id))
    return result


def _identity(engine: Engine, user_id: int) -> Identity:
    with reading(engine) as session:
        user = session.get(User, user_id)
        if user is None or not user.active:
            raise NotFound("This entry does not exist any more.")
        return identity_of(session, user)


def _note(folder: Path, share: float, counts: RowCounts) -> None:
    write_note(folder / "progress.json", {"share": share, "counts": asdict(counts)})


def _result(result: ImportResult) -> dict[str, Any]:
    return {
        "batch_id": result.batch_id,
        "counts": asdict(result.counts),
        "refusals": [asdict(refusal) for refusal in result.first_refusals],
        "ignored": result.ignored,
    }


def _beat(folder: Path) -> None:
    """Show that the process is there, also while it says nothing of progress."""
    while True:
        os.utime(folder / "progress.json")
        time.sleep(_BEAT_SECONDS)


if __name__ == "__main__":
    work(Path(sys.argv[1]), load_settings())
