"""Small JSON files that one process writes and others read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_note(path: Path, content: dict[str, Any]) -> None:
    """Readers see the old content or the new one, never half of it."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(path)


def read_note(path: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return content
