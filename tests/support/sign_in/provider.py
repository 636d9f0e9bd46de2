"""A real identity provider on this machine, whose tokens can be tampered with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2

from tests.support.requirements import ROOT


@dataclass(frozen=True)
class Provider:
    issuer: str

    def tamper(self, **how: object) -> None:
        """What to do to the tokens that follow, see `provider_server`."""
        httpx2.put(f"{self.issuer}/tamper", json=how).raise_for_status()


@contextmanager
def provider() -> Iterator[Provider]:
    command = (sys.executable, "-W", "ignore", "-m", "tests.support.sign_in.provider_server")
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        try:
            yield Provider(f"http://localhost:{int(process.stdout.readline())}")
        finally:
            process.terminate()
