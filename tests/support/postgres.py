"""A PostgreSQL server of the tests' own: a temporary folder, a socket, no port."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.support.databases import quick_folder

# Another zone than UTC, so that a test sees a time that was not stored with its zone.
_ZONE = "timezone=Asia/Taipei"
_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def server(programs: Path, settings: Sequence[str] = _FORGETFUL) -> Iterator[str]:
    """Run a server until the block ends; the value is the URL of its first database.

    Its own settings would not survive a power failure, which makes it fast.
    """
    with cluster(programs, settings) as made:
        yield made.url


@contextmanager
def cluster(programs: Path, settings: Sequence[str] = _FORGETFUL) -> Iterator[Cluster]:
    """A running server that may be killed and started again."""
    folder = quick_folder("portal-postgres-")
    runs_as = _without_root(folder)
    made = Cluster(programs, folder, runs_as, (_ZONE, *settings))
    try:
        _make_cluster(programs, folder, runs_as)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


class Cluster:
    def __init__(
        self, programs: Path, folder: Path, runs_as: dict[str, Any], settings: Sequence[str]
    ) -> None:
        self._programs, self._folder = programs, folder
        self._runs_as, self._settings = runs_as, settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://portal@/postgres?host={self._folder}"

    def start(self) -> None:
        """Start, again and again while the shared memory of a killed server is not free yet."""
        command: list[str | Path] = [self._programs / "postgres", "-D", self._folder / "data"]
        command += ["-k", self._folder, "-h", ""]
        command += [part for setting in self._settings for part in ("-c", setting)]
        for _ in range(50):
            with (self._folder / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    command, stdout=log, stderr=log, cwd=self._folder, **self._runs_as
                )
            if _is_ready(self._folder, self._process):
                return
            time.sleep(0.2)
        raise AssertionError((self._folder / "log").read_text())

    def kill(self) -> None:
        """As when the power fails: SIGKILL for the server; its helpers end by themselves."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """At once: nothing in it is kept."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()


def _without_root(folder: Path) -> dict[str, Any]:
    """How to start programs: PostgreSQL refuses to run as root, so root hands over to another."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _make_cluster(programs: Path, folder: Path, runs_as: dict[str, Any]) -> None:
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "portal",
        "--auth=trust",
    ]
    command += ["--encoding=UTF8", "--no-locale", "--no-sync"]
    if _major(programs) >= 15:  # sorts as people do, unlike SQLite: a test sees what relies on it
        command += ["--locale-provider=icu", "--icu-locale=en-US"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, **runs_as
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _major(programs: Path) -> int:
    shown = subprocess.run([programs / "postgres", "--version"], capture_output=True, check=True)
    found = re.search(rb"(\d+)", shown.stdout)
    assert found, shown.stdout
    return int(found[1])


def _is_ready(folder: Path, process: subprocess.Popen[bytes]) -> bool:
    """Wait until it answers; False when it ends instead."""
    for _ in range(6000):
        try:
            psycopg.connect(host=str(folder), user="portal", dbname="postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None:
                return False
            time.sleep(0.05)
        else:
            return True
    return False
