"""Files a person has uploaded, until they are imported, replaced or a day old.

They hold clear personal data: only the portal's own account may read the folder.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SLOTS = ("rows", "turns")
_KEPT_SECONDS = 86_400
_SILENT_SECONDS = 60


@dataclass(frozen=True)
class Upload:
    """A complete upload; `token` is another one each time."""

    token: str
    name: str
    size: int
    path: Path


@dataclass(frozen=True)
class Spool:
    """One person's uploads, at most one in each slot."""

    folder: Path

    @classmethod
    def of(cls, var_dir: Path, user_id: int) -> Spool:
        folder = var_dir / "uploads" / str(user_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(folder)

    def new_part(self) -> Path:
        """Where the bytes of an upload go while they come in."""
        return self.folder / f"{secrets.token_hex(8)}.incoming"

    def is_receiving(self, now: float) -> bool:
        """Whether bytes of an upload came in within the last minute."""
        for path in self.folder.glob("*.incoming"):
            with suppress(FileNotFoundError):  # complete meanwhile
                if now - path.stat().st_mtime < _SILENT_SECONDS:
                    return True
        return False

    def keep(self, slot: str, incoming: Path, name: str) -> Upload:
        """A complete upload takes the place of the one before it."""
        upload = Upload(
            token=incoming.stem,
            name=name,
            size=incoming.stat().st_size,
            path=self._path(slot, incoming.stem),
        )
        incoming.replace(upload.path)
        write_note(self._note(slot), {"token": upload.token, "name": name, "size": upload.size})
        for path in self.folder.glob(f"{slot}-*"):
            if path != upload.path:
                path.unlink(missing_ok=True)
        return upload

    def waiting(self, slot: str) -> Upload | None:
        """What was uploaded and not yet imported."""
        note = read_note(self._note(slot))
        path = self._path(slot, note["token"]) if note else None
        return Upload(**note, path=path) if note and path and path.exists() else None

    def discard(self, slot: str) -> None:
        for path in (self._note(slot), *self.folder.glob(f"{slot}-*")):
            path.unlink(missing_ok=True)

    def _note(self, slot: str) -> Path:
        return self.folder / f"{slot}.json"

    def _path(self, slot: str, token: str) -> Path:
        return self.folder / f"{slot}-{token}"


def drop_old(var_dir: Path, now: float) -> None:
    """Remove files that have lain about for a day, those of stopped imports too.

    `now` counts seconds as file times do.
    """
    for pattern in ("uploads/*/*", "imports/*/rows", "imports/*/turns"):
        for path in var_dir.glob(pattern):
            if now - path.stat().st_mtime > _KEPT_SECONDS:
                path.unlink(missing_ok=True)


def write_note(path: Path, content: dict[str, Any]) -> None:
    """Readers see the old content or the new one, never half of it."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(content), encoding="utf-8")
    unfinished.replace(path)


def read_note(path: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return content
