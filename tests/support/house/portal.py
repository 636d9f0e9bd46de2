"""The real portal as a subprocess, for tests that look at it through a browser."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.requirements import ROOT

_spoken_for: list[socket.socket] = []
_left: list[int] = []


@dataclass(frozen=True)
class Portal:
    url: str
    log: Path


@contextmanager
def serving(database_url: str, folder: Path, **settings: str) -> Iterator[Portal]:
    """Serve a prepared database until the block ends.

    Its port is that of the portal before it, so that a browser has the scripts of this address.
    """
    port = _left.pop() if _left else free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "VAR_DIR": str(folder),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": "",  # whatever a developer's .env says
        "STREAMLIT_LOGGER_ENABLE_RICH": "false",
        **settings,
    }
    portal = Portal(f"http://127.0.0.1:{port}", folder / "portal.log")
    with portal.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pages.web"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_until_ready(portal, process)
        yield portal
    finally:
        process.terminate()
        process.wait(timeout=120)
        _left.append(port)


def free_port() -> int:
    """Below what the system hands out to clients, so that it stays free while a portal is down.

    The UDP port of the same number, kept, tells tests in other processes that it is spoken for.
    """
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        sign = socket.socket(type=socket.SOCK_DGRAM)
        with socket.socket() as probe, suppress(OSError):
            sign.bind(("127.0.0.1", port))
            probe.bind(("127.0.0.1", port))
            _spoken_for.append(sign)
            return port
        sign.close()
    raise AssertionError("no free port")


def wait_until_ready(portal: Portal, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        assert process.poll() is None, portal.log.read_text()
        try:
            with urllib.request.urlopen(f"{portal.url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(portal.log.read_text())
