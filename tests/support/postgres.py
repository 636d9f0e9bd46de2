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
    folder = quick_folder("portal-postgres-")
    runs_as = _without_root(folder)
    try:
        _make_cluster(programs, folder, runs_as)
        with _running(programs, folder, runs_as, (_ZONE, *settings)) as process:
            _wait_until_ready(folder, process)
            yield f"postgresql+psycopg://portal@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder)


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


@contextmanager
def _running(
    programs: Path, folder: Path, runs_as: dict[str, Any], settings: Sequence[str]
) -> Iterator[subprocess.Popen[bytes]]:
    command: list[str | Path] = [
        programs / "postgres",
        "-D",
        folder / "data",
        "-k",
        folder,
        "-h",
        "",
    ]
    command += [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **runs_as)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
        process.wait()


def _wait_until_ready(folder: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            psycopg.connect(host=str(folder), user="portal", dbname="postgres").close()
        except psycopg.OperationalError:
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        else:
            return
    raise AssertionError((folder / "log").read_text())
