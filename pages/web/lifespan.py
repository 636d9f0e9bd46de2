"""What happens once when the server starts."""

from __future__ import annotations

import gc
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pages.web.worker import worker_beside

_HEAVY = (
    "altair",
    "pandas",
    "pyarrow",
    "sqlalchemy.orm",
    "core.scoring",
    "db.models",
    "babel.dates",
)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Import what is heavy, then take it out of garbage collection.

    Streamlit collects garbage after every script run; frozen objects are skipped, which more than
    halves the time of a rerun.
    """
    for module in _HEAVY:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    async with worker_beside():
        yield
