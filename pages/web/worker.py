"""Keeping one worker going beside the portal, however many portal processes there are."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import uuid4

from anyio import to_thread

from core.errors import Unavailable
from db.store import claims
from pages.ui.kit import wiring

_LASTING = timedelta(seconds=30)
_PAUSE = 10
_log = logging.getLogger(__name__)


@asynccontextmanager
async def worker_beside() -> AsyncIterator[None]:
    """A worker process as long as this process lives and holds the lease."""
    keeper = asyncio.create_task(_Keeper().keep())
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper


class _Keeper:
    def __init__(self) -> None:
        self._holder = str(uuid4())
        self._complained = ""
        self._worker: subprocess.Popen[bytes] | None = None

    async def keep(self) -> None:
        try:
            while True:
                await self._look()
                await asyncio.sleep(_PAUSE)
        finally:
            self._stop()
            self._return()

    async def _look(self) -> None:
        if not await to_thread.run_sync(self._holds_lease):
            self._stop()
        elif self._worker is None or self._worker.poll() is not None:
            self._worker = await to_thread.run_sync(_begin)

    def _holds_lease(self) -> bool:
        try:
            with wiring.transaction() as session:
                is_held = claims.take_lease(
                    session, claims.WORKER, holder=self._holder, now=wiring.now(), lasting=_LASTING
                )
        except Unavailable as error:
            self._complain(str(error))
            return False
        except Exception:  # noqa: BLE001  logged; the next look may succeed
            _log.exception("The lease of the worker cannot be read.")
            return False
        self._complained = ""
        return is_held

    def _complain(self, sentence: str) -> None:
        """Once for as long as it lasts: it goes into a log that may stand on the same disk."""
        if sentence != self._complained:
            _log.warning("The worker waits: %s", sentence)
        self._complained = sentence

    def _stop(self) -> None:
        """Close the worker's input, at which it ends."""
        if self._worker is not None and self._worker.stdin is not None:
            self._worker.stdin.close()
        self._worker = None

    def _return(self) -> None:
        with wiring.transaction() as session:
            claims.return_lease(session, claims.WORKER, holder=self._holder)


def _begin() -> subprocess.Popen[bytes]:
    """Not by the loop: what uvloop starts holds the portal's port even after the portal died."""
    command = (sys.executable, "-m", "db", "worker", "--while-open")
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603  no input of anybody
