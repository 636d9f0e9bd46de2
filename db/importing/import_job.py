"""A person's import beside the server, in a process of its own, so that pages stay quick.

Everything about it stands in files, so that any tab and any portal process sees how it goes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.errors import InvalidInput, PortalError
from db.importing.journal import RowCounts
from db.importing.uploaded_files import Upload, read_note, write_note
from db.tabular.tables import Refusal, Unreadable

_ROOT = Path(__file__).parents[2]
_SILENT_SECONDS = 60
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class JobTask:
    """What a person asked for; `language` is that of the reasons in the file of refused rows."""

    user_id: int
    kind: str
    file_name: str
    mapping: Mapping[str, str] | None
    strict: bool
    language: str
    has_turns: bool = False


@dataclass(frozen=True)
class JobOutcome:
    """What came of a job; `ignored` are headings that mean no column."""

    batch_id: int
    counts: RowCounts
    refusals: tuple[Refusal, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class JobState:
    """How a job goes: `share` is 0 to 1 while it runs, then there is an outcome or an error.

    `stopped`: its process went away before the end; it can be started again.
    """

    task: JobTask
    share: float
    counts: RowCounts
    stopped: bool = False
    outcome: JobOutcome | None = None
    error: PortalError | None = None

    @property
    def runs(self) -> bool:
        return not (self.stopped or self.outcome or self.error)


@dataclass(frozen=True)
class Job:
    """The one job of a person; a new one takes the place of an ended one."""

    folder: Path

    @classmethod
    def of(cls, var_dir: Path, user_id: int) -> Job:
        return cls(var_dir / "imports" / str(user_id))

    def begin(self, task: JobTask, rows: Upload, turns: Upload | None) -> None:
        """Take over the uploaded files and start working.

        Raises:
            InvalidInput: the person's last import is still running.
        """
        if (state := self.state()) and state.runs:
            raise InvalidInput("Your last import is still running.")
        self.forget()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        rows.path.replace(self.folder / "rows")
        if turns:
            turns.path.replace(self.folder / "turns")
        write_note(self.folder / "task.json", asdict(task))
        self.start()

    def start(self) -> None:
        """Start the process, for the first time or after it went away before the end."""
        write_note(self.folder / "progress.json", {"share": 0.0, "counts": {}})
        _started[:] = [process for process in _started if process.poll() is None]
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-m", "db.upkeep.import_process", str(self.folder)],
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        _started.append(process)

    def state(self) -> JobState | None:
        """How the job goes, None if there is none."""
        task_fields = read_note(self.folder / "task.json")
        progress = read_note(self.folder / "progress.json")
        if task_fields is None or progress is None:
            return None
        task, counts = JobTask(**task_fields), RowCounts(**progress["counts"])
        if result := read_note(self.folder / "result.json"):
            return _ended(task, counts, result)
        silent = time.time() - (self.folder / "progress.json").stat().st_mtime
        return JobState(task, progress["share"], counts, stopped=silent > _SILENT_SECONDS)

    def forget(self) -> None:
        """Put an ended job away."""
        for path in self.folder.glob("*"):
            path.unlink(missing_ok=True)


def refused_file(var_dir: Path, batch_id: int) -> Path:
    """Where the refused rows of an import are kept, if there were any."""
    return var_dir / "imports" / f"refused-{batch_id}.csv"


def _ended(task: JobTask, counts: RowCounts, result: dict[str, Any]) -> JobState:
    if "error" in result:
        return JobState(task, 1.0, counts, error=Unreadable(result["error"], **result["values"]))
    outcome = JobOutcome(
        result["batch_id"],
        RowCounts(**result["counts"]),
        tuple(Refusal(**refusal) for refusal in result["refusals"]),
        tuple(result["ignored"]),
    )
    return JobState(task, 1.0, outcome.counts, outcome=outcome)
