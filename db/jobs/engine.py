"""Who does the jobs: the engine behind which today's embedded queue stands.

The table of jobs says what waits; an engine only has it done, by the worker or a process of its
own. What an engine of several machines would be handed is the same: the number of a job that waits.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from core.settings import Settings

_ROOT = Path(__file__).parents[2]
_started: list[subprocess.Popen[bytes]] = []


class Times(NamedTuple):
    """When something is due, by the clock of the server, as in a crontab."""

    minute: str = "*"
    hour: str = "*"
    day_of_week: str = "*"


class Engine(Protocol):
    """Has jobs done. Whatever is put twice, or done at two places, is taken once."""

    def put(self, job_id: int, *, delay: int = 0) -> None:
        """Have the worker do a job that waits, after so many seconds."""

    def every(self, name: str, times: Times, do: Callable[[], None]) -> None:
        """Have the worker call a function whenever it is due."""

    def work(self) -> None:
        """Be the worker, until told to stop by a signal."""


class EmbeddedQueue:
    """A queue in a file beside the portal, worked off by one process of one machine."""

    def __init__(self, settings: Settings, do: Callable[[int], None]) -> None:
        settings.var_dir.mkdir(parents=True, exist_ok=True)
        path = settings.var_dir / "jobs.db"
        self._huey = SqliteHuey("portal", filename=str(path), results=False)
        self._do = self._huey.task(name="do_job")(do)

    def put(self, job_id: int, *, delay: int = 0) -> None:
        self._do.schedule(args=(job_id,), delay=delay)

    def every(self, name: str, times: Times, do: Callable[[], None]) -> None:
        self._huey.periodic_task(crontab(**times._asdict()), name=name)(do)

    def work(self) -> None:
        Consumer(self._huey, workers=1, max_delay=1.0).run()


def engine_of(settings: Settings, do: Callable[[int], None]) -> Engine:
    """The engine of this portal; the worker does a job by calling `do` with its number."""
    return EmbeddedQueue(settings, do)


def start_process(program: str, job_id: int) -> None:
    """Start a module of ours on a job that waits, which is committed by now.

    It lives on when this process ends. Started twice, the second meets a job that is taken.
    """
    _started[:] = [process for process in _started if process.poll() is None]
    process = subprocess.Popen(  # noqa: S603  our own interpreter and module
        [sys.executable, "-m", program, str(job_id)],
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    _started.append(process)
