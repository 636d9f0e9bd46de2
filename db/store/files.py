"""The portal's files beside the database, by kind and name: nothing else opens them.

Photos, pictures of exams, recordings, uploads, what imports leave, checkpoints of the log. Every
process of a portal sees the same ones, wherever they lie.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple, Protocol
from uuid import uuid4

from core.settings import Settings

_UNFINISHED = ".part"
_PROBE = 4096  # bytes: less could find room on a disk that is full


class FileKind(StrEnum):
    """What a file is for. Only backups name the last one: `db.store.keys` reads and makes it."""

    UPLOADS = "uploads"
    IMPORTS = "imports"
    PHOTOS = "photos"
    EXAM_PICTURES = "exam_pictures"
    RECORDINGS = "recordings"
    CHECKPOINTS = "audit"
    KEYS = "keys"


@dataclass(frozen=True)
class FileKey:
    """Names one file. `name` may have parts, as in `ab/ab12.jpg`, and leads nowhere else."""

    kind: FileKind
    name: str

    def __post_init__(self) -> None:
        if not _is_inside(self.name):
            raise ValueError(f"{self.name!r} names no file of the portal")

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @classmethod
    def of(cls, kind: FileKind, name: str) -> FileKey | None:
        """The key for a name that others chose; None where it leads elsewhere."""
        return cls(kind, name) if _is_inside(name) else None


class StoredFile(NamedTuple):
    """A file that is there; `size` in bytes."""

    key: FileKey
    size: int
    written_at: datetime


class Files(Protocol):
    """Where files are kept; a second implementation serves portals on several machines."""

    def write(self, key: FileKey, data: bytes) -> None:
        """Readers see the former content or this one, never half of it."""

    def writing(self, key: FileKey) -> AbstractContextManager[BinaryIO]:
        """A file that grows while others may look at it already, such as an upload."""

    def making(self, key: FileKey) -> AbstractContextManager[Path]:
        """A path to write to, whose content becomes the file once the block ends well."""

    def append(self, key: FileKey, data: bytes) -> None:
        """Add to the end; on disk before this returns."""

    def read(self, key: FileKey) -> bytes | None:
        """All of a file; None where there is none."""

    def open(self, key: FileKey) -> AbstractContextManager[BinaryIO]:
        """A file to be read, from any byte on.

        Raises:
            FileNotFoundError: there is none.
        """

    def local(self, key: FileKey) -> AbstractContextManager[Path]:
        """A path on this machine, for what reads by path; nothing is written there.

        Raises:
            FileNotFoundError: there is none.
        """

    def about(self, key: FileKey) -> StoredFile | None:
        """Size and time of a file; None where there is none."""

    def list(self, kind: FileKind) -> Iterator[StoredFile]:
        """Every file of a kind, in the order of names, unfinished ones too."""

    def move(self, key: FileKey, target: FileKey) -> None:
        """Rename a file in one step, over whatever was there.

        Raises:
            FileNotFoundError: there is none.
        """

    def remove(self, keys: Iterable[FileKey]) -> None:
        """Remove files; those that are gone already are passed over."""

    def problem(self) -> str | None:
        """Why nothing can be stored now, in a few words; None where something can."""


def files_of(settings: Settings) -> Files:
    """Where this portal keeps its files."""
    return FolderFiles(settings.var_dir)


class FolderFiles:
    """Files in a folder that every process of the portal shares; readable by its account alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, key: FileKey, data: bytes) -> None:
        with self.making(key) as path:
            path.write_bytes(data)

    @contextmanager
    def writing(self, key: FileKey) -> Iterator[BinaryIO]:
        with self._made(key).open("wb") as file:
            yield file

    @contextmanager
    def making(self, key: FileKey) -> Iterator[Path]:
        path = self._made(key)
        unfinished = path.with_name(path.name + _UNFINISHED)
        try:
            yield unfinished
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def append(self, key: FileKey, data: bytes) -> None:
        with self._made(key).open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def read(self, key: FileKey) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    @contextmanager
    def open(self, key: FileKey) -> Iterator[BinaryIO]:
        with self._path(key).open("rb") as file:
            yield file

    @contextmanager
    def local(self, key: FileKey) -> Iterator[Path]:
        if self.about(key) is None:
            raise FileNotFoundError(str(key))
        yield self._path(key)

    def about(self, key: FileKey) -> StoredFile | None:
        path = self._path(key)
        try:
            about = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not path.is_file():
            return None
        return StoredFile(key, about.st_size, datetime.fromtimestamp(about.st_mtime, UTC))

    def list(self, kind: FileKind) -> Iterator[StoredFile]:
        folder = self._folder / kind
        for path in sorted(folder.rglob("*")):
            stored = self.about(FileKey(kind, path.relative_to(folder).as_posix()))
            if stored is not None:  # no folder, and not removed meanwhile
                yield stored

    def move(self, key: FileKey, target: FileKey) -> None:
        self._path(key).replace(self._made(target))

    def remove(self, keys: Iterable[FileKey]) -> None:
        for key in keys:
            self._path(key).unlink(missing_ok=True)

    def problem(self) -> str | None:
        problem = why_closed(self._folder)
        return f"files cannot be stored: {problem}" if problem else None

    def _path(self, key: FileKey) -> Path:
        return self._folder / key.kind / key.name

    def _made(self, key: FileKey) -> Path:
        """The path of a file whose folder is there."""
        path = self._path(key)
        for folder in (self._folder / key.kind, path.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path


def why_closed(folder: Path) -> str | None:
    """Why a folder takes no file now, in the system's words; None where it takes one."""
    probe = folder / f"probe-{uuid4().hex}"
    try:
        with probe.open("wb") as file:
            file.write(bytes(_PROBE))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return (error.strerror or str(error)).lower()
    finally:
        with suppress(OSError):
            probe.unlink()
    return None


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not (
        "://" in name or "\0" in name or path.is_absolute() or ".." in path.parts
    )
