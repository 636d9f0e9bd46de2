"""What the tests need of the machine: found, or skipped with one loud line, or failed in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = ROOT.parent / "shared" / "data"  # the only place that names the real data sets


def need(found: object, what: str) -> None:
    """Skip the test when something of the machine is missing; with CI=true fail it."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing on this machine: {what}", pytrace=False)
    pytest.skip(f"MISSING: {what}")


def real_data(name: str) -> Path:
    """A folder of the real data sets; they do not ship, so that even CI may skip their tests."""
    folder = REAL_DATA / name
    if not folder.exists():
        pytest.skip(f"MISSING: the real data set {name!r}, expected at {folder}")
    return folder


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres: the newest of Debian's, else what PATH has."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debian, key=lambda path: float(path.parts[-3]), default=None)
    found = newest or shutil.which("initdb", path=f"{os.environ['PATH']}:/usr/local/bin")
    return Path(found).resolve().parent if found else None


def has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-tw", "family"], capture_output=True, check=True)
    return bool(listed.stdout.strip())
