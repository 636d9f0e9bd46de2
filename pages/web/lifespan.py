"""What happens once when the server starts."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread

from core.errors import PortalError
from db.migrations import migrate
from db.safekeeping.database_key import take_over
from pages.ui.kit import wiring
from pages.web.worker import worker_beside

_HEAVY = (
    "altair",
    "pandas",
    "pyarrow",
    "sqlalchemy.orm",
    "core.scoring",
    "db",
    "babel.dates",
)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Import what is heavy, then take it out of garbage collection.

    Streamlit collects garbage after every script run; frozen objects are skipped, which more than
    halves the time of a rerun.
    """
    await to_thread.run_sync(_check_key)
    for module in _HEAVY:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    async with worker_beside():
        yield


def _check_key() -> None:
    """End the process where its key is not the database's; one sentence says so.

    A database that is away or not migrated is looked at with the first use of the key.
    """
    try:
        if migrate.problem(wiring.engine()) is None:
            take_over(wiring.engine(), wiring.settings().var_dir)
            wiring.keys()
    except PortalError as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(2)  # raised here, it would become a traceback of the server
