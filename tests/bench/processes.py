"""What a server's process takes."""

from __future__ import annotations

import os
from pathlib import Path


def process_of(port: int | None) -> Path:
    """The server we began, not one it has just begun, which looks the same until it is another."""
    found = [path for path in Path("/proc").glob("[0-9]*") if _is_server(path, port)]
    assert len(found) == 1, found
    return found[0]


def _is_server(process: Path, port: int | None) -> bool:
    try:
        arguments, environment = (
            (process / name).read_bytes().split(b"\0") for name in ("cmdline", "environ")
        )
        parent = int(_behind_name(process)[1])
    except OSError:  # it has ended meanwhile
        return False
    is_portal = b"pages.web" in arguments and f"PORT={port}".encode() in environment
    return is_portal and parent == os.getpid()


def resident(process: Path) -> float:
    lines = (process / "status").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(kilobytes) / 1024


def processor_seconds(process: Path) -> float:
    """Processor time since it began, in user mode and in the kernel."""
    user, kernel = _behind_name(process)[11:13]
    return (int(user) + int(kernel)) / os.sysconf("SC_CLK_TCK")


def _behind_name(process: Path) -> list[str]:
    """The fields of its state that stand behind its name, the state's letter first."""
    return (process / "stat").read_text().rsplit(")", 1)[1].split()
