"""The worker that computes in the background."""

from __future__ import annotations

import os
import signal
import sys
import threading
from argparse import ArgumentParser, Namespace

from db.cli import database
from db.cli.command import Command
from db.store.config import load_settings

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

    with database.ready() as engine:
        if args.while_open:
            threading.Thread(target=_stop_at_the_end_of_input, daemon=True).start()
        Jobs(load_settings(), engine).work()
    sys.stderr.flush()
    os._exit(0)  # a job cut off in C++ code would abort the process while the interpreter ends


def _pin_threads() -> None:
    """Start over with one thread for linear algebra: several that compete are far slower."""
    if any(os.environ.get(name) != value for name, value in _ONE_THREAD.items()):
        os.environ.update(_ONE_THREAD)
        os.execv(sys.executable, [sys.executable, "-m", "db", *sys.argv[1:]])  # noqa: S606


def _stop_at_the_end_of_input() -> None:
    while sys.stdin.buffer.read(1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


COMMANDS = {"worker": Command(run_worker, _arguments)}
