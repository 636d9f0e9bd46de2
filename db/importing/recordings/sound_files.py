"""The files of a folder or a ZIP archive, and which encounter its manifest says each belongs to."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile

from core.errors import InvalidInput

MANIFEST = "manifest.csv"
_COLUMNS = ("file", "source", "external_id")
_LARGEST_MANIFEST = 50_000_000


class EncounterKey(NamedTuple):
    """How another system names an encounter."""

    source: str
    external_id: str


@dataclass(frozen=True)
class SoundFile:
    """One file: its path within the folder or archive, with "/", and its size in bytes."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True)
class Delivery:
    """What somebody hands over: files in the order of their names, and the manifest by name."""

    files: list[SoundFile]
    manifest: dict[str, EncounterKey] = field(default_factory=dict)


@contextmanager
def delivery(path: Path) -> Iterator[Delivery]:
    """A folder with all that is below it, or a ZIP archive.

    Raises:
        InvalidInput: it is neither, is protected by a password, or the manifest cannot be read.
    """
    if path.is_dir():
        paths = sorted(file for file in path.rglob("*") if file.is_file())
        yield _delivery(
            [
                SoundFile(
                    file.relative_to(path).as_posix(),
                    file.stat().st_size,
                    partial(_opened, file),
                )
                for file in paths
            ]
        )
        return
    try:
        archive = ZipFile(path)
    except (BadZipFile, OSError) as error:
        raise InvalidInput(
            "This is neither a folder nor a ZIP archive: {name}.", name=path.name
        ) from error
    with archive:
        infos = sorted(archive.infolist(), key=lambda info: info.filename)
        if any(info.flag_bits & 1 for info in infos):
            raise InvalidInput("The archive is protected by a password.")
        yield _delivery(
            [
                SoundFile(info.filename, info.file_size, partial(archive.open, info))
                for info in infos
                if not info.is_dir()
            ]
        )


def _delivery(files: list[SoundFile]) -> Delivery:
    """Hidden files are left out, as those that a system lays beside the others."""
    seen = [file for file in files if not _is_hidden(file.name)]
    manifests = [file for file in seen if file.name.lower() == MANIFEST]
    sounds = [file for file in seen if file not in manifests]
    return Delivery(sounds, _manifest(manifests[0]) if manifests else {})


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _is_hidden(name: str) -> bool:
    return any(folder.startswith((".", "__MACOSX")) for folder in name.split("/"))


def _manifest(file: SoundFile) -> dict[str, EncounterKey]:
    if file.size > _LARGEST_MANIFEST:
        raise InvalidInput("The manifest is too large.")
    with file.open() as content:
        data = content.read(_LARGEST_MANIFEST + 1)
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
        names = rows.fieldnames or ()
        if not set(_COLUMNS) <= set(names):
            raise InvalidInput("The manifest needs the columns file, source, external_id.")
        return {
            row["file"].strip().replace("\\", "/"): EncounterKey(
                source=row["source"].strip(), external_id=row["external_id"].strip()
            )
            for row in rows
            if all(row[name] for name in _COLUMNS)
        }
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput("The manifest is no CSV file in UTF-8.") from error
