"""A backup on disk: a folder with the database, the files and a manifest of digests."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.errors import InvalidInput
from core.safekeeping.retention import backups_to_keep

MANIFEST = "manifest.json"
FILES = "files"
_NAME = "%Y%m%dT%H%M%S%fZ"
_PART = ".part"
_PIECE = 1 << 20
_AT_MOST = timedelta(days=1)


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    Attributes:
        database: sqlite or postgresql.
        revision: of the migrations.
        key_id: tells whether a key file is the right one, and nothing about it.
        rows: of each table, counted in the state that was saved.
        digests: SHA-256 of each file by its path below the backup.
    """

    made_at: str
    database: str
    revision: str
    key_id: str
    rows: Mapping[str, int]
    digests: Mapping[str, str]


@dataclass(frozen=True)
class Archive:
    """A finished backup."""

    folder: Path
    manifest: Manifest

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest.made_at)

    @property
    def size(self) -> int:
        return sum((self.folder / name).stat().st_size for name in self.manifest.digests)


def begin(backups: Path, now: datetime) -> Path:
    """The folder to fill; it has its own name only once it is finished."""
    backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = backups / (now.astimezone(UTC).strftime(_NAME) + _PART)
    folder.mkdir(mode=0o700)
    return folder


def finish(folder: Path, manifest: Manifest) -> Archive:
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    final = folder.with_name(folder.name.removesuffix(_PART))
    folder.replace(final)
    return Archive(final, manifest)


def read(folder: Path) -> Archive:
    """The backup in a folder.

    Raises:
        InvalidInput: there is none, or it was never finished.
    """
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidInput("{folder} is not a finished backup.", folder=folder) from None
    return Archive(folder, Manifest(**json.loads(text)))


def archives(backups: Path) -> list[Archive]:
    """Every finished backup, newest first."""
    finished = [read(path.parent) for path in backups.glob(f"*Z/{MANIFEST}")]
    return sorted(finished, key=lambda archive: archive.made_at, reverse=True)


def check(archive: Archive) -> None:
    """Compare every file with its digest.

    Raises:
        InvalidInput: a file is missing or was changed.
    """
    for name, expected in archive.manifest.digests.items():
        path = archive.folder / name
        if not path.is_file() or digest(path) != expected:
            raise InvalidInput("{name} in the backup is missing or was changed.", name=name)


def rotate(backups: Path) -> list[str]:
    """Remove what need not be kept, and what was begun and never finished; their names.

    What was begun within a day of the newest may be another backup that still goes on.
    """
    finished = archives(backups)
    times = backups_to_keep(archive.made_at for archive in finished)
    old = [archive.folder for archive in finished if archive.made_at not in times]
    stale = (finished[0].made_at - _AT_MOST).astimezone(UTC).strftime(_NAME) if finished else ""
    broken = [path for path in backups.glob(f"*{_PART}") if path.is_dir() and path.name < stale]
    for folder in (*old, *broken):
        shutil.rmtree(folder)
    return [folder.name for folder in (*old, *broken)]


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def digest(path: Path) -> str:
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            hasher.update(piece)
    return hasher.hexdigest()
