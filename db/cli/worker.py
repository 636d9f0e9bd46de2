"""The worker that computes in the background."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from db.cli import database
from db.cli.command import Command, complain
from db.store.config import load_settings
from db.store.files import files_of
from db.store.outage import writing_problem

_PAUSE = 10
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--while-open",
        action="store_true",
        help="stop when standard input closes, as it does when the portal ends",
    )


def run_worker(args: Namespace) -> int:
    """Compute rankings in the background until stopped; the portal starts one by itself."""
    _pin_threads()
    from db.upkeep.jobs import Jobs  # noqa: PLC0415  numpy must see the pinned environment

    settings = load_settings()
    with database.ready() as engine:  # a wrong key and damage are told: no waiting mends them
        if args.while_open:
            threading.Thread(target=_stop_at_the_end_of_input, daemon=True).start()
        _wait_for(lambda: files_of(settings).problem() or writing_problem(engine))
        Jobs(settings, engine).work()
    sys.stderr.flush()
    os._exit(0)  # a job cut off in C++ code would abort the process while the interpreter ends


def _wait_for(problem: Callable[[], str | None]) -> None:
    """Wait until nothing is in the way; what is, is said once."""
    complained = ""
    while sentence := problem():
        if sentence != complained:
            complain(f"The worker waits: {sentence}.")
            complained = sentence
        time.sleep(_PAUSE)


def _pin_threads() -> None:
    """Start over with one thread for linear algebra: several that compete are far slower."""
    if any(os.environ.get(name) != value for name, value in _ONE_THREAD.items()):
        os.environ.update(_ONE_THREAD)
        os.execv(sys.executable, [sys.executable, "-m", "db", *sys.argv[1:]])  # noqa: S606


def _stop_at_the_end_of_input() -> None:
    while os.read(0, 1024):  # sys.stdin would be locked by this thread as the process ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)


COMMANDS = {"worker": Command(run_worker, _arguments)}
