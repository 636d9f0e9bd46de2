"""What a server's process takes."""

from __future__ import annotations

import os
from pathlib import Path


def process_of(port: int | None) -> Path:
    """The server itself."""
    found = [path for path in Path("/proc").glob("[0-9]*") if _is_server(path, port)]
    assert len(found) == 1, found
    return found[0]


def _is_server(process: Path, port: int | None) -> bool:
    try:
        arguments, environment = (
            (process / name).read_bytes().split(b"\0") for name in ("cmdline", "environ")
        )
    except OSError:  # it has ended meanwhile
        return False
    return b"pages.web" in arguments and f"PORT={port}".encode() in environment


def resident(process: Path) -> float:
    lines = (process / "status").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(kilobytes) / 1024


def processor_seconds(process: Path) -> float:
    """Processor time since it began, in user mode and in the kernel."""
    behind_name = (process / "stat").read_text().rsplit(")", 1)[1].split()
    user, kernel = behind_name[11:13]
    return (int(user) + int(kernel)) / os.sysconf("SC_CLK_TCK")
