"""The files of a folder or a ZIP archive, and which encounter its manifest says each belongs to."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from lzma import LZMAError
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from core.encounters.sound import HEAD, sound_kind
from core.errors import InvalidInput
from core.i18n import N_
from core.text.sentence import Sentence

MANIFEST = "manifest.csv"
_COLUMNS = ("file", "source", "external_id")
_LARGEST_MANIFEST = 50_000_000
_MOST_FILES = 100_000
_DENSEST = 50
"""Times its own size an archive may unpack to: speech shrinks to a tenth at most, silence more."""
_HARMLESS = 100_000_000
"""Bytes that any archive may unpack to."""
DAMAGE = (BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError)
"""What reading a file of an archive raises that is damaged or packed in an unknown way."""


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
def delivery(path: Path, *, name: str = "") -> Iterator[Delivery]:
    """A folder with all that is below it, a ZIP archive, or one sound.

    Args:
        name: what the file is called where its path does not say it.

    Raises:
        InvalidInput: it is none of these, is protected by a password, unpacks to far more than
            its size, or the manifest cannot be read.
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
    name = name or path.name
    if _is_sound(path):
        yield _delivery([SoundFile(name, path.stat().st_size, partial(_opened, path))])
        return
    try:
        archive = ZipFile(path)
    except (*DAMAGE, OSError, ValueError) as error:
        raise InvalidInput(
            "This is neither a folder, nor a ZIP archive, nor a sound: {name}.", name=name
        ) from error
    with archive:
        infos = sorted(archive.infolist(), key=lambda info: info.filename)
        _refuse_bomb(infos, path.stat().st_size)
        yield _delivery(
            [
                SoundFile(info.filename, info.file_size, partial(archive.open, info))
                for info in infos
                if not info.is_dir()
            ]
        )


def outside(name: str) -> Sentence | None:
    """Why a file of this name is not taken; None where its path stays in folder or archive."""
    parts = _parts(name)
    if ".." in parts or not parts[0] or parts[0].endswith(":") or "\0" in name:
        return Sentence(N_("Its path leads out of the archive."), {})
    return None


def _parts(name: str) -> list[str]:
    return name.replace("\\", "/").split("/")


def _is_sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return sound_kind(file.read(HEAD)) is not None and not is_zipfile(path)
    except OSError:
        return False


def _refuse_bomb(infos: list[ZipInfo], size: int) -> None:
    """By what the parts are said to be: no more than that of each is ever unpacked."""
    if any(info.flag_bits & 1 for info in infos):
        raise InvalidInput("The archive is protected by a password.")
    most = max(_DENSEST * size, _HARMLESS)
    if len(infos) > _MOST_FILES or sum(info.file_size for info in infos) > most:
        raise InvalidInput("The archive unpacks to far more than its size; it is not opened.")


def _delivery(files: list[SoundFile]) -> Delivery:
    """Hidden files are left out, as those that a system lays beside the others."""
    seen = [file for file in files if not _is_hidden(file.name)]
    manifests = [file for file in seen if file.name.lower() == MANIFEST]
    sounds = [file for file in seen if file not in manifests]
    return Delivery(sounds, _manifest(manifests[0]) if manifests else {})


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


def _is_hidden(name: str) -> bool:
    folders = (folder for folder in _parts(name) if folder != "..")
    return any(folder.startswith((".", "__MACOSX")) for folder in folders)


def _manifest(file: SoundFile) -> dict[str, EncounterKey]:
    if file.size > _LARGEST_MANIFEST:
        raise InvalidInput("The manifest is too large.")
    try:
        with file.open() as content:
            data = content.read(_LARGEST_MANIFEST + 1)
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
    except (*DAMAGE, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput("The manifest is no CSV file in UTF-8.") from error
